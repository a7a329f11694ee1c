import os
import shutil

import pytest
from click.testing import CliRunner
from golden import CELLS
from stock import COURSES, behaviours, read_submissions
from tiny import ASSIGNMENT, NOTEBOOK, write_course

from nbjudge.cli import main
from nbjudge.errors import CourseError
from nbjudge.master.course import Course
from nbjudge.otter import parity
from nbjudge.otter.parity import Row, choose, compare, honest
from nbjudge.otter.together import alone

MISTAKES = {"double": 'def adds(x):\n    """You add two."""\n    return x + 2\n'}
VARIANTS = {"double": 'def added(x):\n    """A sum."""\n    return x + x\n'}
# Courses with the habits that are hardest to carry over: state from test to test, parts of the points, files.
SAMPLE = ["partial_credit", "state_between_tests", "two_notebooks"]


@pytest.fixture
def course(tmp_path):
    return Course.find(write_course(tmp_path / "course", CELLS, mistakes=MISTAKES, variants=VARIANTS))


def submissions(course):
    master = course.master(ASSIGNMENT)
    return honest(master, alone(course, master))


def test_the_honest_submissions_are_solution_blank_mistakes_and_variants(course):
    found = submissions(course)
    assert list(found) == ["solution", "blank", "mistake-double-adds", "variant-double-added"]
    assert found["solution"][NOTEBOOK]["settings"] == "rate = 0.5\nsteps = 3"
    assert found["blank"] == {}
    assert found["mistake-double-adds"][NOTEBOOK]["double"].strip().endswith("return x + 2")
    assert found["mistake-double-adds"][NOTEBOOK]["settings"] == "rate = 0.5\nsteps = 3"


def test_a_sample_keeps_solution_and_blank_and_is_spread_over_the_rest():
    names = ["solution", "blank", *(f"mistake-{number}" for number in range(10))]
    assert choose(names, sample=2) == ["solution", "blank", "mistake-2", "mistake-7"]
    assert choose(names, sample=0) == ["solution", "blank"]
    assert choose(names, sample=50) == names
    assert choose(names, only="-3") == ["mistake-3"]
    assert choose(names, only="none") == []


@pytest.mark.parametrize("other", [(2, 2, 1), (2, 1, 2), (1, 2, 2)])
def test_a_row_is_the_same_only_if_all_three_agree(other):
    assert Row("s", "t", 0.1 + 0.2, 0.3, 0.3).same
    assert not Row("s", "t", *other).same


@pytest.mark.slow
def test_all_three_graders_agree_on_honest_work_of_the_golden_course(course):
    rows = compare(course, ASSIGNMENT, submissions(course))
    assert [row for row in rows if not row.same] == []
    by = {(row.submission, row.test): row.otter for row in rows}
    tests = [
        f"{NOTEBOOK}/{name}" for name in ("test_double", "test_double_text", "test-double-unseen", "test_settings")
    ]
    assert [by["solution", test] for test in tests] == [2, 0, 1.5, 1.5]
    assert [by["blank", test] for test in tests] == [0, 0, 0, 0]
    assert [by["mistake-double-adds", test] for test in tests] == [0, 0, 0, 1.5]
    assert [by["variant-double-added", test] for test in tests] == [2, 0, 1.5, 1.5]


@pytest.mark.slow
@pytest.mark.parametrize("name", behaviours() if os.environ.get("NBJUDGE_PARITY") == "all" else SAMPLE)
def test_all_three_graders_agree_on_foreign_courses(name, tmp_path):
    root = tmp_path / "course"
    root.mkdir()
    shutil.copytree(COURSES / name / "source", root / "source")
    if (COURSES / name / "nbgrader_config.py").is_file():
        shutil.copy(COURSES / name / "nbgrader_config.py", root)
    rows = compare(Course.find(root), ASSIGNMENT, read_submissions(COURSES / name))
    assert rows
    assert [row for row in rows if not row.same] == []


def test_a_difference_is_shown_and_ends_with_status_1(course, monkeypatch):
    rows = [Row("blank", "n/test_a", 0, 2, 0), Row("blank", "n/test_b", 0, 0, 0)]
    monkeypatch.setattr(parity, "compare", lambda *_: rows)
    done = CliRunner().invoke(main, ["parity", ASSIGNMENT, "--course", str(course.root)])
    assert done.exit_code == 1
    assert "blank, test_a: nbgrader gives 0, Otter 2, nbjudge 0." in done.output
    monkeypatch.setattr(parity, "compare", lambda *_: rows[1:])
    assert CliRunner().invoke(main, ["parity", ASSIGNMENT, "--course", str(course.root)]).exit_code == 0


def test_work_that_is_tried_together_is_listed(course, monkeypatch):
    monkeypatch.setattr(parity, "compare", lambda *_: [Row("together-01", "n/test_a", 2, 2, 2)])
    done = CliRunner().invoke(main, ["parity", ASSIGNMENT, "--together", "--course", str(course.root)])
    assert done.exit_code == 0, done.output
    assert "together-01: double-adds\n" in done.output
    assert "together-02: double-added\n" in done.output


def test_no_submission_of_that_name_is_one_sentence(course):
    done = CliRunner().invoke(main, ["parity", ASSIGNMENT, "--only", "tripple", "--course", str(course.root)])
    assert done.exit_code == 2
    assert "no submission has 'tripple' in its name" in done.output
    assert "mistake-double-adds" in done.output


def test_without_otter_there_is_nothing_to_compare_with(course, monkeypatch):
    monkeypatch.setattr(parity, "installed_version", lambda: None)
    with pytest.raises(CourseError, match="otter-grader is not installed"):
        compare(course, ASSIGNMENT, {"blank": {}})
