"""Points by test out of Gradescope's exports, or a sentence."""

import pytest
from masters import course

from nbjudge.errors import SubmissionError
from nbjudge.gradescope.results import NOT_JUDGED, quoted
from nbjudge.gradescope.scores import from_metadata, from_table
from nbjudge.judge.verdict import Outcome
from nbjudge.master.course import Course
from nbjudge.submission.metadata import Handed, Person

HEAD = "First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status,Submission ID,Submission Time,Lateness"


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    return Course.find(course(tmp_path_factory.mktemp("course"))).master("ps1")


def metadata(master, **test):
    test = {"name": "test_double", "score": 2.0, "max_score": 2.0} | test
    handed = Handed("submission_1", (Person("Ada", "17", "ada@x.edu"),), None, {"tests": [test]})
    (one,) = from_metadata([handed], master)
    return one


def table(master, *rows, head=HEAD):
    return list(from_table("\n".join([head, *rows]) + "\n", master, "scores.csv"))


def row(total="2.0", most="2.0", status="Graded", more=""):
    return f"Ada,Lovelace,17,ada@x.edu,,{total},{most},{status},1,2026-02-14 10:30:00 +0100,00:00:00{more}"


def test_a_tests_points_are_its_verdict(master):
    one = metadata(master)
    assert (one.names, one.problem) == (("17", "ada@x.edu", "ada"), "")
    assert [(v.test, v.points, v.outcome) for v in one.verdicts] == [("test_double", 2.0, Outcome.PASSED)]


def test_words_come_back_as_they_went(master):
    one = metadata(master, score=0.5, output=quoted("a ``` b\nc"))
    assert [(v.points, v.outcome, v.message) for v in one.verdicts] == [(0.5, Outcome.FAILED, "a ``` b\nc")]


def test_what_could_not_be_judged_there_is_not_judged_here(master):
    assert metadata(master, score=0.0, output=NOT_JUDGED).verdicts[0].outcome is Outcome.NOT_JUDGED


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ({"name": "other"}, "no test 'test_double'"),
        ({"score": None}, "has no points"),
        ({"score": "lots"}, "has no points"),
        ({"score": float("nan")}, "has no points"),
        ({"score": True}, "has no points"),
        ({"score": 3}, "has 3 of 2 points"),
        ({"score": -1}, "has -1 of 2 points"),
        ({"max_score": 5}, "5 points on Gradescope and 2 here"),
    ],
)
def test_impossible_points_are_a_problem_of_one_student(master, test, says):
    one = metadata(master, **test)
    assert one.verdicts == ()
    assert says in one.problem


@pytest.mark.parametrize("results", [{}, {"tests": "none"}, {"tests": []}, {"tests": [1]}])
def test_no_results_is_a_problem_of_one_student(master, results):
    (one,) = from_metadata([Handed("s", (Person("", "17", ""),), None, results)], master)
    assert one.problem
    assert one.names == ("17",)


def test_a_table_with_a_question_for_each_test_has_their_points(master):
    head = f"{HEAD},1: test_double (2.0 pts),2: Style (3.0 pts)"
    (one,) = table(master, row("4.5", "5.0", more=",1.5,3.0"), head=head)
    assert [v.points for v in one.verdicts] == [1.5]
    assert one.when.isoformat() == "2026-02-14T10:30:00+01:00"


@pytest.mark.parametrize(("total", "points"), [("2.0", 2.0), ("0.0", 0.0)])
def test_of_a_total_alone_all_and_nothing_can_be_told(master, total, points):
    assert [v.points for v in table(master, row(total))[0].verdicts] == [points]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (row("1.5"), "only the total, 1.5 of 2 points"),
        (row("2.0", "9.0"), "only the total"),
        (row("", "2.0"), "there is no score"),
        (row("", "", "Missing"), "nothing was handed in"),
        (row("inf"), "there is no score"),
    ],
)
def test_what_cannot_be_told_is_said(master, cells, says):
    (one,) = table(master, cells)
    assert one.verdicts == ()
    assert says in one.problem


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\0", "SID,Email\n1,2\n", '"', HEAD.replace("Status", "State")])
def test_another_table_gets_one_sentence(master, text):
    with pytest.raises(SubmissionError, match="not Gradescope's table of scores"):
        list(from_table(text, master, "scores.csv"))
