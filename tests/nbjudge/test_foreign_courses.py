"""Courses that know nothing of nbjudge get the scores that stock nbgrader gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from stock import (
    ASSIGNMENT,
    COURSES,
    Answers,
    Scores,
    behaviours,
    clear_release,
    copy_course,
    generate_release,
    hand_in,
    read_gradebook,
    read_stock,
    read_submissions,
    stock_scores,
)

from nbjudge.grade.grade import grade_course
from nbjudge.master.course import Course
from nbjudge.pool.bench import Bench
from nbjudge.publish.release import build_release, publish

# `solution` is bound by a hidden part; without it the second function raises a NameError.
PEEKING = {
    "hiding": {
        "scaled": "def scaled(x, factor):\n    return x * factor",
        "shifted": "def shifted(x):\n    return x + (scale if solution[1] == 5 else 0)",
    }
}


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


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", behaviours())
def test_the_kept_scores_are_what_stock_nbgrader_gives(behaviour: str, tmp_path: Path) -> None:
    course = COURSES / behaviour
    scores = stock_scores(course, read_submissions(course), tmp_path / "course")
    if not (course / "stock.json").exists():
        (course / "stock.json").write_text(json.dumps(scores, indent=1) + "\n")
        pytest.fail(f"{course / 'stock.json'} was missing and is now written: read it, then run this again")
    assert scores == read_stock(course)


@pytest.mark.slow
def test_the_quick_release_is_nbgraders_release(tmp_path: Path) -> None:
    for behaviour in ("rebound_in_hiding", "manual_answers", "documentation"):
        quick = clear_release(copy_course(COURSES / behaviour, tmp_path / behaviour / "quick"))
        stock = generate_release(copy_course(COURSES / behaviour, tmp_path / behaviour / "stock"))
        assert [_cells(path) for path in sorted(quick.glob("*.ipynb"))] == [
            _cells(path) for path in sorted(stock.glob("*.ipynb"))
        ]


def test_a_name_bound_in_hiding_never_reaches_the_students_side(tmp_path: Path, bench: Bench) -> None:
    scores = nbjudge_scores(COURSES / "rebound_in_hiding", {"peeking": PEEKING}, tmp_path / "course", bench)
    assert scores["peeking"] == {"hiding/scaled_is_right": 2, "hiding/shifted_is_right": 0}


@pytest.mark.slow
def test_stock_nbgrader_shows_such_a_name_to_the_student(tmp_path: Path) -> None:
    scores = stock_scores(COURSES / "rebound_in_hiding", {"peeking": PEEKING}, tmp_path / "course")
    assert scores["peeking"] == scores["max"]


def test_the_documentation_course_comes_from_the_installed_package(tmp_path: Path) -> None:
    masters = copy_course(COURSES / "documentation", tmp_path / "course") / "source" / ASSIGNMENT
    assert {path.name for path in masters.iterdir()} >= {"problem1.ipynb", "problem2.ipynb", "jupyter.png"}


def _cells(path: Path) -> list[tuple[str, str, object]]:
    cells = json.loads(path.read_text())["cells"]
    return [(cell["cell_type"], "".join(cell["source"]), cell["metadata"]) for cell in cells]
