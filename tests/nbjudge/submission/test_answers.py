"""Choosing what counts as the answer among copies and pieces."""

import pytest

from nbjudge.master.notebook import Cell, Role
from nbjudge.submission.answers import choose_answers
from nbjudge.submission.matching import match_cells

STUB = "def f(x):\n    raise NotImplementedError()"


def answer(source: str, kind: str = "code") -> Cell:
    return Cell(0, kind, Role.ANSWER, source, "", "f")


def chosen(*sources: str) -> tuple[str, set[int]]:
    answers = choose_answers(match_cells([answer(STUB)], [answer(source) for source in sources]))
    return answers.sources[0], answers.dropped


@pytest.mark.parametrize(
    ("sources", "source", "dropped"),
    [
        (["def f(x): return 1"], "def f(x): return 1", set()),
        (["def f(x): return 1", "def f(x): return 2"], "def f(x): return 2", set()),
        (["def f(x): return 1", STUB], "def f(x): return 1", {1}),
        (["def f(x): return 1", ""], "def f(x): return 1", {1}),
        ([STUB, STUB], STUB, {0}),
        (["def f(x): return 1", "f(3)"], "def f(x): return 1", set()),
        (["def f(x):\n    y = x", "    return y"], "def f(x):\n    y = x\n    return y", {1}),
        (["def f(x:", "def f(x): return 2"], "def f(x): return 2", set()),
    ],
)
def test_the_last_real_answer_is_taken_and_blank_copies_never_override_it(sources, source, dropped):
    assert chosen(*sources) == (source, dropped)


def test_an_answer_nowhere_to_be_found_has_no_source():
    assert choose_answers(match_cells([answer(STUB)], [])).sources == {}


def test_absurd_numbers_of_pieces_are_not_joined():
    source, dropped = chosen(*["("] * 50, *[")"] * 50)
    assert source == ")"
    assert dropped == set()
