"""Telling which cell is which, and not guessing where signs are ambiguous."""

import pytest

from nbjudge.master.notebook import Cell, Role
from nbjudge.submission.matching import bound_names, likeness, match_cells, settled


def code(source: str, role: Role = Role.PLAIN, grade_id: str | None = None, kind: str = "code") -> Cell:
    return Cell(0, kind, role, source, "", grade_id)


def answer(source: str, grade_id: str) -> Cell:
    return code(source, Role.ANSWER, grade_id)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x):\n    y = 1", {"f"}),
        ("async def f(): pass\nclass C(B): pass", {"f", "C"}),
        ("a = 1\nb: int = 2\nc, d = 3, 4", {"a", "b", "c", "d"}),
        ("a == 1\nf(x=2)\na[0] = 1\na.b = 2\na += 1", set()),
        ("def broken(:\n  ???\nx = (", {"broken", "x"}),
        ("else: x = 1", set()),
        ("%matplotlib inline\nw = 1", {"w"}),
    ],
)
def test_bound_names_are_those_at_the_start_of_a_line(source, names):
    assert bound_names(code(source)) == names


def test_text_cells_and_huge_cells_bind_nothing():
    assert bound_names(code("x = 1", kind="markdown")) == set()
    assert bound_names(code("x = 1\n" * 100_000)) == set()


def test_settled_sources_differ_only_in_what_was_typed():
    assert settled("\n a  \r\nb\n\n") == " a\nb"
    assert settled("a") != settled(" a")


def test_what_a_student_adds_to_a_stub_makes_it_no_less_alike():
    stub = answer("# the long explanation of a task\n# YOUR CODE HERE\nraise NotImplementedError()", "f")
    written = code("# the long explanation of a task\n" + "x = 1\n" * 50)
    assert likeness(stub, written) == 1.0
    assert likeness(stub, code("x = 1")) == 0.0
    assert likeness(code(stub.source, Role.TEST, "t"), written) < 0.5


def test_two_blank_answers_of_the_same_text_are_told_apart_only_together():
    stub = "# YOUR CODE HERE\nraise NotImplementedError()"
    released = [answer(stub, "a"), answer(stub, "b")]
    assert match_cells(released, [code(stub), code(stub)]).found == {0: 0, 1: 1}
    assert match_cells(released, [code(stub)]).found == {}


def test_a_nameless_answer_is_found_by_its_place_only_if_it_is_the_only_stranger():
    stub = answer("# YOUR CODE HERE\nraise NotImplementedError()", "a")
    released = [code("import math"), stub, code("assert a", Role.TEST, "t")]
    around = [code("import math"), code("assert a", Role.TEST, "t")]
    assert match_cells(released, [around[0], code("a = 1"), around[1]]).found == {0: 0, 1: 1, 2: 2}
    assert 1 not in match_cells(released, [around[0], code("a = 1"), code("b = 1"), around[1]]).found.values()


def test_neighbouring_nameless_answers_are_told_apart_by_their_kind():
    released = [
        code("YOUR ANSWER HERE", Role.MANUAL, "why", "markdown"),
        code("raise NotImplementedError()", Role.MANUAL, "how"),
    ]
    assert match_cells(released, [code("Because.", kind="markdown"), code("1 + 1")]).found == {0: 0, 1: 1}


def test_a_name_that_two_released_cells_bind_is_no_sign():
    released = [answer("x = None", "a"), answer("x = None  # again", "b")]
    assert match_cells(released, [code("x = 3"), code("y = 1"), code("z = 1")]).found == {}


def test_any_number_of_cells_is_matched_in_linear_time_and_space():
    released = [answer("def f(): raise NotImplementedError", "f")]
    matching = match_cells(released, [answer(f"def f(): return {number}", "f") for number in range(5000)])
    assert len(matching.claims(0)) == 5000
