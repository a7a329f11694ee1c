"""What Gradescope is told: points, visibility, Markdown that says no more than it should."""

import json

import pytest
from masters import course

from nbjudge.gradescope.results import BROKEN, NOT_JUDGED, NOT_READ, broken, quoted, results
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.master.course import Course
from nbjudge.record.receipt import Receipt

FENCE = "```"


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    return Course.find(course(tmp_path_factory.mktemp("course"))).master("ps1")


def verdict(points=2.0, outcome=Outcome.PASSED, message="", detail=""):
    return Verdict("doubling", "double", "test_double", points, 2.0, outcome, message, detail)


def receipt(*verdicts, status="graded", **more):
    return Receipt("ada", "ps1", status, 0.0, 2.0, verdicts, **more)


def told(master, one, hidden="after_published"):
    found = results(master, one, hidden, 12.34)
    json.dumps(found, allow_nan=False)
    return found


def test_each_test_has_its_points_and_there_is_no_total(master):
    found = told(master, receipt(verdict()))
    assert found["tests"] == [
        {"name": "test_double", "visibility": "after_published", "max_score": 2.0, "score": 2.0, "status": "passed"}
    ]
    assert "score" not in found
    assert (found["execution_time"], found["stdout_visibility"]) == (12.3, "hidden")


@pytest.mark.parametrize("hidden", ["visible", "after_due_date", "after_published"])
def test_a_hidden_test_and_the_diagnosis_from_it_are_shown_together(master, hidden):
    one = receipt(verdict(0.0, Outcome.FAILED, "No."), diagnosis={"double": "You add two."})
    test, diagnosis = told(master, one, hidden)["tests"]
    assert test["visibility"] == diagnosis["visibility"] == hidden
    assert diagnosis["output"] == f"{FENCE}\nYou add two.\n{FENCE}"
    assert "score" not in diagnosis


def test_partial_credit_is_a_failure_with_points(master):
    (test,) = told(master, receipt(verdict(1 / 3, Outcome.FAILED, "A part.")))["tests"]
    assert (test["score"], test["status"]) == (0.333333, "failed")


def test_what_the_grader_could_not_judge_is_no_silent_zero(master):
    found = told(master, receipt(verdict(0.0, Outcome.NOT_JUDGED, "ValueError in the reference")))
    assert found["tests"][0]["output"] == NOT_JUDGED
    assert "could not judge some tests" in found["output"]
    assert "Every test was judged" not in found["output"]


def test_a_notebook_that_cannot_be_read_earns_nothing_and_says_so(master):
    found = told(master, receipt(status="damaged: doubling: the notebook is not valid JSON."))
    assert found["tests"][0]["score"] == 0.0
    assert found["tests"][0]["output"] == NOT_READ
    assert "not valid JSON" in found["output"]


def test_staffs_words_are_not_told(master):
    one = receipt(verdict(0.0, Outcome.FAILED, "No.", detail="expected 31337"))
    assert "31337" not in json.dumps(told(master, one))


@pytest.mark.parametrize(
    "text",
    ["# big\n<img src=x onerror=alert(1)>", "```\n# out of the block", "````", "[x](javascript:alert(1))", "\x00"],
)
def test_a_students_words_have_no_meaning_in_markdown(text):
    lines = quoted(text).split("\n")
    assert lines[0] == lines[-1]
    assert set(lines[0]) == {"`"}
    assert not [line for line in lines[1:-1] if line.strip().startswith(lines[0])]


def test_a_failure_of_ours_has_no_points_and_says_whose_it_is():
    assert broken()["score"] == 0
    assert "not about your work" in broken()["output"] == BROKEN


def test_questions_for_people_are_announced(master):
    assert "People will grade 2 more answers." in told(master, receipt(verdict(), questions=("why", "draw")))["output"]
