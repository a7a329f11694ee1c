"""The notebook for graders: nbgrader reads our points from it, and nothing hidden stands in it."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from masters import answer, check, course, notebook, plain
from nbgrader.utils import determine_grade
from stock import ASSIGNMENT

from nbjudge.judge.task import Judgement
from nbjudge.judge.verdict import Outcome
from nbjudge.master.course import Course
from nbjudge.master.markers import visible
from nbjudge.pool.bench import Bench, Conditions, task_maker
from nbjudge.pool.prepare import prepare
from nbjudge.submission.submission import Submission

SECRET = "31337"
CELLS = (
    plain("print('given')"),
    answer("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    check(f"### BEGIN HIDDEN TESTS\nfor x in [{SECRET}]:\n    assert double(x) == 2 * x\n### END HIDDEN TESTS"),
    check("assert double(2) == 4, f'double(2) is {double(2)}'", "test_double_seen", 1),
    check("0.5 * (double(1) == 2) + 0.5 * (double('a') == 'aa')", "test_double_parts", 1),
)
REMEMBERS = """
seen = []
class Asked(Exception):
    pass
def double(x):
    seen.append(x)
    raise Asked(f"so far I was asked {seen}")
"""


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("marked")
    course(root, doubling=notebook(*CELLS))
    return Course.at(root)


def judged(course: Course, bench: Bench, source: str, extra: str = "") -> Judgement:
    assignment = course.master(ASSIGNMENT)
    document = nbformat.from_dict(assignment.documents["doubling"])
    for cell in document.cells:
        cell.source = visible(cell.source)
    handed_in = nbformat.from_dict(document)
    handed_in.cells[1].source = source
    if extra:
        handed_in.cells.append(nbformat.v4.new_code_cell(extra))
    submission = Submission("ada", {"doubling": nbformat.writes(handed_in).encode()})
    make = task_maker(course, assignment, bench, 3, Conditions())
    (task,) = prepare(submission, assignment, {"doubling": document}, make).tasks
    (judgement,) = bench.pool.judge([task])
    return judgement


def cells(judgement: Judgement) -> dict[str, Any]:
    return {cell.metadata.nbgrader.grade_id: cell for cell in judgement.document.cells if "nbgrader" in cell.metadata}


@pytest.mark.parametrize(
    ("source", "points"),
    [
        ("def double(x):\n    return 2 * x", [2, 1, 1]),
        ("def double(x):\n    return x + x if x == 2 else x", [0, 1, 0]),
        ("def double(x):\n    return 2 * x if isinstance(x, int) else x", [2, 1, 0.5]),
        ("pass", [0, 0, 0]),
        ("import os\nos._exit(1)", [0, 0, 0]),
    ],
)
def test_nbgrader_reads_the_same_points_from_it(source: str, points: list[float], master: Course, bench: Bench) -> None:
    judgement = judged(master, bench, source)
    assert [verdict.points for verdict in judgement.verdicts] == points
    for verdict in judgement.verdicts:
        assert determine_grade(cells(judgement)[verdict.test]) == (verdict.points, verdict.max_points)
    nbformat.validate(judgement.document)


def test_it_holds_the_students_answer_and_no_hidden_line(master: Course, bench: Bench) -> None:
    judgement = judged(master, bench, "def double(x):\n    return x  # mine", "print('my own cell')")
    text = nbformat.writes(judgement.document)
    assert "# mine" in text
    assert "print('my own cell')" in text
    assert "given" in text
    for word in (SECRET, "HIDDEN", "for x in"):
        assert word not in text


def test_hidden_inputs_that_a_submission_remembers_do_not_come_back_in_a_message(master: Course, bench: Bench) -> None:
    judgement = judged(master, bench, REMEMBERS)
    seen = next(verdict for verdict in judgement.verdicts if verdict.test == "test_double_seen")
    assert seen.outcome is Outcome.FAILED
    assert "so far I was asked [2]" in seen.message
    assert SECRET not in " ".join(verdict.message for verdict in judgement.verdicts)
    assert SECRET not in nbformat.writes(judgement.document)


def test_a_failure_that_only_hidden_checks_bring_about_says_no_more_than_that(master: Course, bench: Bench) -> None:
    late = "asked = []\ndef double(x):\n    asked.append(x)\n    return 2 * x if asked == [2] else asked"
    judgement = judged(master, bench, late)
    seen = next(verdict for verdict in judgement.verdicts if verdict.test == "test_double_seen")
    assert seen.message == "A check with other inputs failed: test double seen"


def test_hidden_inputs_that_a_submission_remembers_do_not_come_back_in_an_output(master: Course, bench: Bench) -> None:
    keeps = "seen = []\ndef double(x):\n    seen.append(x)\n    return 2 * x"
    judgement = judged(master, bench, keeps, "print('so far', seen)")
    assert [verdict.outcome for verdict in judgement.verdicts] == [Outcome.PASSED] * 3
    text = nbformat.writes(judgement.document)
    assert "so far [" in text
    assert SECRET not in text
