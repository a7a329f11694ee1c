"""Masters that cannot be judged fairly are refused by name, and nothing of them is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from stock import ASSIGNMENT, COURSES, behaviours, copy_course

from nbjudge.errors import CourseError
from nbjudge.master.course import Course
from nbjudge.master.refusals import find_refusals
from nbjudge.pool.bench import Bench, Conditions
from nbjudge.publish.build import Build, build_assignment

REFUSED = sorted(path.name for path in (COURSES / "refused").iterdir())
VACUOUS = sorted(path.name for path in (COURSES / "vacuous").iterdir())


def build(course: Path, root: Path, bench: Bench, allowed: dict[str, str] | None = None) -> Build:
    made = Course.at(copy_course(course, root) if not root.exists() else root)
    return build_assignment(made, ASSIGNMENT, Conditions(seed=5), allowed, bench)


def expected_words(course: Path) -> list[str]:
    return (course / "expected.txt").read_text().splitlines()


def refusals(root: Path) -> list[str]:
    notebooks = Course.at(root).master(ASSIGNMENT).notebooks
    return [str(problem) for notebook in notebooks for problem in find_refusals(notebook)]


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_judged_from_outside_is_named(what: str) -> None:
    found = refusals(COURSES / "refused" / what)
    assert len(found) == 1
    for word in expected_words(COURSES / "refused" / what):
        assert word in found[0]


@pytest.mark.parametrize("behaviour", [name for name in behaviours() if name != "documentation"])
def test_what_can_be_judged_is_not_refused(behaviour: str) -> None:
    assert refusals(COURSES / behaviour) == []


def test_a_build_with_a_refusal_publishes_nothing(tmp_path: Path, bench: Bench) -> None:
    course = COURSES / "refused" / "mocked_name"
    done = build(course, tmp_path / "course", bench)
    assert not done.published
    told = "\n".join(str(one) for one in done.report.failing)
    assert all(word in told for word in expected_words(course))
    assert not (tmp_path / "course" / "release").exists()
    assert not (tmp_path / "course" / "gradebook.db").exists()
    assert not (tmp_path / "course" / "build").exists()


@pytest.mark.parametrize("what", VACUOUS)
def test_a_test_that_gives_its_points_away_is_named(what: str, tmp_path: Path, bench: Bench) -> None:
    course = COURSES / "vacuous" / what
    done = build(course, tmp_path / "course", bench)
    (culprit,) = expected_words(course)
    assert not done.published
    assert {one.test for one in done.report.failing} == {culprit}
    assert not (tmp_path / "course" / "release").exists()


def test_an_exception_that_is_named_lets_a_build_pass_and_is_kept(tmp_path: Path, bench: Bench) -> None:
    root, reason = tmp_path / "course", "it only shows how the function is called"
    (culprit,) = expected_words(COURSES / "vacuous" / "test_never_called")
    done = build(COURSES / "vacuous" / "test_never_called", root, bench, {culprit: reason})
    assert done.published
    assert done.report.allowed == {culprit: reason}
    assert (root / "release" / ASSIGNMENT).is_dir()
    assert json.loads((root / "build" / "nbjudge" / f"{ASSIGNMENT}.json").read_text())["allowed"] == {culprit: reason}
    again = build(COURSES / "vacuous" / "test_never_called", root, bench, {culprit: reason})
    assert again.unchanged
    assert again.report.allowed == {culprit: reason}
    assert not build(COURSES / "vacuous" / "test_never_called", root, bench).published


def test_an_exception_for_a_test_that_is_not_there_is_an_error(tmp_path: Path, bench: Bench) -> None:
    with pytest.raises(CourseError, match="there is no test 'square_of_nagatives' to allow"):
        build(COURSES / "vacuous" / "test_never_called", tmp_path / "course", bench, {"square_of_nagatives": "typo"})


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", behaviours())
def test_the_gate_lets_honest_foreign_courses_pass(behaviour: str, tmp_path: Path, bench: Bench) -> None:
    done = build(COURSES / behaviour, tmp_path / "course", bench)
    assert [str(one) for one in done.report.failing] == []
    assert done.published
