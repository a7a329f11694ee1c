"""One master, three graders, the same points: stock nbgrader, stock Otter and nbjudge on honest work."""

import os
from pathlib import Path

import pytest

from nbjudge.master.course import Course
from nbjudge.otter.parity import choose, compare, honest

COURSE = Course.at(Path(__file__).parent.parent.parent)
# All mistakes and variants take far longer than a test suite may.
SAMPLE = None if os.environ.get("NBJUDGE_PARITY") == "all" else 1


@pytest.mark.slow
@pytest.mark.parametrize("assignment", COURSE.assignments())
def test_all_three_graders_give_the_same_points(assignment):
    submissions = honest(COURSE, COURSE.master(assignment))
    rows = compare(COURSE, assignment, {name: submissions[name] for name in choose(list(submissions), sample=SAMPLE)})
    assert [row for row in rows if not row.same] == []
    assert all(row.otter == 0 for row in rows if row.submission == "blank")
    assert sum(row.otter for row in rows if row.submission == "solution") > 0
