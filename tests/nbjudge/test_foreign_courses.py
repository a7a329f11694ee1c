"""Courses that know nothing of nbjudge get the scores that stock nbgrader gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from stock import (
    ASSIGNMENT,
    COURSES,
    PEEKING,
    Answers,
    Scores,
    behaviours,
    copy_course,
    hand_in,
    read_gradebook,
    read_stock,
    read_submissions,
)

from nbjudge.grade.grade import grade_course
from nbjudge.master.course import Course
from nbjudge.pool.bench import Bench
from nbjudge.publish.release import build_release, publish


def nbjudge_scores(course: Path, submissions: dict[str, Answers], root: Path, bench: Bench) -> dict[str, Scores]:
    """Build the release and grade the submissions with nbjudge, in a copy of the course at ``root``."""
    made = Course.at(copy_course(course, root))
    publish(made, build_release(made, ASSIGNMENT, root.parent / "staging"))
    submitted = hand_in(made.release(ASSIGNMENT), submissions, root / "submitted")
    grade_course(root, ASSIGNMENT, submitted, root / "grades", bench=bench)
    scores = read_gradebook(root, list(submissions))
    del scores["max"]
    return scores


@pytest.mark.parametrize("behaviour", behaviours())
def test_nbjudge_gives_the_scores_of_stock_nbgrader(behaviour: str, tmp_path: Path, bench: Bench) -> None:
    expected = read_stock(COURSES / behaviour)
    del expected["max"]
    scores = nbjudge_scores(COURSES / behaviour, read_submissions(COURSES / behaviour), tmp_path / "course", bench)
    assert scores == expected


@pytest.mark.parametrize("behaviour", behaviours())
def test_a_right_submission_has_full_points_and_the_others_lose_some(behaviour: str) -> None:
    scores = read_stock(COURSES / behaviour)
    assert scores.keys() == {"max", *read_submissions(COURSES / behaviour)}
    full = scores.pop("max")
    for student, given in scores.items():
        lost = {test for test, score in given.items() if score is not None and score != full[test]}
        assert bool(lost) == (student != "right"), f"{student} loses points on {lost}"


def test_a_name_bound_in_hiding_never_reaches_the_students_side(tmp_path: Path, bench: Bench) -> None:
    scores = nbjudge_scores(COURSES / "rebound_in_hiding", {"peeking": PEEKING}, tmp_path / "course", bench)
    assert scores["peeking"] == {"hiding/scaled_is_right": 2, "hiding/shifted_is_right": 0}


def test_the_documentation_course_comes_from_the_installed_package(tmp_path: Path) -> None:
    masters = copy_course(COURSES / "documentation", tmp_path / "course") / "source" / ASSIGNMENT
    assert {path.name for path in masters.iterdir()} >= {"problem1.ipynb", "problem2.ipynb", "jupyter.png"}
