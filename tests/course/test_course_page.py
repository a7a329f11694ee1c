"""The page for instructors names the assignments and exercises that there are, with their points."""

import re

import pytest
from cells import ROOT, grade_id, is_test, master, role

PAGE = (ROOT / "docs" / "course.md").read_text()
ASSIGNMENTS = sorted(path.name for path in (ROOT / "source").iterdir() if path.is_dir())


def points(assignment):
    """Points by exercise, and those that a person gives."""
    exercises, by_hand, current = {}, 0, ""
    for cell in master(assignment).cells:
        graded, answer = role(cell)
        if is_test(cell):
            exercises[current] = exercises.get(current, 0) + cell.metadata.nbgrader.points
        elif graded:
            by_hand += cell.metadata.nbgrader.points
        elif answer:
            current = grade_id(cell)
    return exercises, by_hand


def test_the_page_lists_every_assignment_once():
    listed = re.findall(r"^\| \d \| \[`([a-z-]+)`\]", PAGE, re.MULTILINE)
    assert sorted(listed) == ASSIGNMENTS
    assert re.findall(r"^## \d\. ([a-z-]+)$", PAGE, re.MULTILINE) == listed


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_an_assignment_s_points_are_those_of_its_master(assignment):
    exercises, by_hand = points(assignment)
    row = re.search(rf"\[`{assignment}`\]\([^)]*\) \| (\d+) \| (\d+|–) \|", PAGE)
    assert row is not None
    assert row.groups() == (str(sum(exercises.values())), str(by_hand or "–"))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_an_assignment_s_exercises_are_those_of_its_master_and_have_mistakes(assignment):
    exercises, _ = points(assignment)
    section = re.search(rf"^## \d\. {assignment}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", section[1], re.MULTILINE))
    assert rows == {name: str(worth) for name, worth in exercises.items()}
    folder = ROOT / "autograder" / assignment.replace("-", "_") / "mistakes"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(exercises)
