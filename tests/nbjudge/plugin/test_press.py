"""One submission judged and recorded, from a bench that stays open for the next one."""

import shutil
from contextlib import contextmanager

import pytest
from tiny import DOUBLE, SQUARE, hand_in

from nbjudge.errors import NbjudgeError, SubmissionError
from nbjudge.grade.ledger import ledger_folder, open_ledger
from nbjudge.master.course import Course
from nbjudge.plugin import press
from nbjudge.plugin.press import grade_submission
from nbjudge.pool.bench import Conditions
from nbjudge.record import environment

RIGHT = {"double": DOUBLE, "square": SQUARE, "why": "Its sign is lost."}
LONG = 3600.0


@pytest.fixture
def benches(bench, monkeypatch):
    """How many benches were opened and closed, each of them the session's."""
    counts = {"opened": 0, "closed": 0}

    @contextmanager
    def opening(*_):
        counts["opened"] += 1
        yield bench
        counts["closed"] += 1

    monkeypatch.setattr(press, "open_bench", opening)
    monkeypatch.setattr(press, "_desks", {})
    yield counts
    for _, kept in press._desks.values():
        kept.close()


@pytest.fixture
def course(tiny):
    hand_in(tiny, tiny / "submitted", {"ada": RIGHT, "bob": {}})
    return Course.find(tiny)


def press_for(course, student, conditions=None, idle=LONG):
    return grade_submission(course, "ps1", student, conditions or Conditions(), idle)


def test_one_bench_serves_many_submissions(course, benches):
    assert [press_for(course, student).score for student in ("ada", "bob", "ada")] == [7, 0, 7]
    assert benches == {"opened": 1, "closed": 0}


def test_other_conditions_and_other_packages_want_another_bench(course, benches, monkeypatch):
    press_for(course, "bob")
    press_for(course, "bob", Conditions(workers=1))
    assert benches == {"opened": 2, "closed": 1}
    monkeypatch.setattr(environment, "_PACKAGES", ("pip",))
    monkeypatch.setattr(environment.environment, "__defaults__", (("pip",),))
    press_for(course, "bob", Conditions(workers=1))
    assert benches == {"opened": 3, "closed": 2}
    environment.forget()


def test_a_bench_that_is_not_to_wait_is_closed_at_once(course, benches):
    press_for(course, "bob", idle=0.0)
    _, kept = press._desks[course.root]
    kept.close()
    assert benches == {"opened": 1, "closed": 1}
    press_for(course, "bob", idle=0.0)
    assert benches["opened"] == 2


def test_results_lie_where_nbjudge_grade_puts_them(course, benches):
    receipt = press_for(course, "ada")
    folder = ledger_folder(course.root, "ps1")
    assert folder == course.root / "grades" / "ps1"
    with open_ledger(folder) as kept:
        assert kept.receipt("ada") == receipt
        assert kept.seed(None) == receipt.seed
    assert press_for(course, "ada").seed == receipt.seed


@pytest.mark.parametrize("name", ["nobody", "../ada", ""])
def test_a_student_who_handed_nothing_in_is_refused(course, benches, name):
    with pytest.raises(SubmissionError):
        press_for(course, name)
    assert benches["opened"] == 0


def test_an_assignment_that_does_not_exist_is_refused(course, benches):
    with pytest.raises(NbjudgeError, match="ps9"):
        grade_submission(course, "ps9", "ada", Conditions(), LONG)


def test_while_a_class_is_graded_it_waits_and_then_says_so(course, benches, monkeypatch):
    monkeypatch.setattr(press, "PATIENCE", 0.2)
    folder = ledger_folder(course.root, "ps1")
    with open_ledger(folder), pytest.raises(NbjudgeError, match="another `nbjudge grade` is writing here"):
        press_for(course, "ada")
    assert press_for(course, "ada").score == 7


def test_a_submission_elsewhere_is_found_by_nbgraders_own_setting(course, benches, tmp_path):
    shutil.move(course.root / "submitted", tmp_path / "work")
    config = course.config
    config.CourseDirectory.submitted_directory = str(tmp_path / "work")
    assert press_for(Course(course.root, config), "ada").score == 7
