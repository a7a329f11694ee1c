"""One master, three graders, the same points: stock nbgrader, stock Otter and nbjudge on honest work."""

import os
from pathlib import Path

import pytest

from nbjudge.master.course import Course
from nbjudge.otter.parity import choose, compare, honest
from nbjudge.otter.together import alone, together

COURSE = Course.at(Path(__file__).parent.parent.parent)
# All mistakes and variants take far longer than a test suite may.
SAMPLE = None if os.environ.get("NBJUDGE_PARITY") == "all" else 1


def test_together_every_sample_is_in_one_submission_and_they_are_fewer():
    for assignment in COURSE.assignments():
        master = COURSE.master(assignment)
        groups = together(COURSE, master)
        one_by_one = alone(COURSE, master)
        samples = [sample for group in groups.values() for sample in group]
        assert sorted(map(repr, samples)) == sorted(repr(sample) for (sample,) in one_by_one.values())
        assert len(groups) <= len(one_by_one)
        assert all(len({one.exercise for one in group}) == len(group) for group in groups.values())


@pytest.mark.slow
@pytest.mark.parametrize("assignment", COURSE.assignments())
def test_all_three_graders_give_the_same_points(assignment):
    master = COURSE.master(assignment)
    submissions = honest(master, together(COURSE, master))
    rows = compare(COURSE, assignment, {name: submissions[name] for name in choose(list(submissions), sample=SAMPLE)})
    assert [row for row in rows if not row.same] == []
    assert all(row.otter == 0 for row in rows if row.submission == "blank")
    assert sum(row.otter for row in rows if row.submission == "solution") > 0
