"""The bench: conditions, and tasks that carry what judging needs."""

import os
from contextlib import contextmanager

import pytest

from nbjudge.errors import SandboxError
from nbjudge.judge.task import Limits
from nbjudge.master.course import Course
from nbjudge.pool import bench as module
from nbjudge.pool.bench import Bench, Conditions, open_bench, task_maker
from nbjudge.publish.candidate import candidate


def test_by_default_every_core_works_inside_the_sandbox():
    conditions = Conditions()
    assert conditions.workers == os.cpu_count()
    assert (conditions.device, conditions.isolation, conditions.seed) == ("cpu", "bwrap", None)


class Box:
    """In the sandbox's place: has an address and nothing else."""

    address = "somewhere"


def test_a_task_has_the_courses_root_the_files_and_the_conditions(tiny):
    (tiny / "source" / "ps1" / "data.csv").write_bytes(b"1,2")
    course = Course.find(tiny)
    master = course.master("ps1")
    conditions = Conditions(limits=Limits(cell=7.0))
    make = task_maker(course, master, Bench(Box(), None), 99, conditions)
    steps = candidate(master.notebooks[0])
    task = make("ada", master.notebooks[0], steps, files={"data.csv": b"mine", "own.txt": b"x"})
    assert (task.address, task.seed, task.root) == ("somewhere", 99, str(tiny))
    assert task.limits.cell == 7.0
    # The student's side gets the student's version, the judge's side the staff's.
    assert task.files == {"data.csv": b"mine", "own.txt": b"x"}
    assert task.staff_files == {"data.csv": b"1,2"}
    assert make("bob", master.notebooks[0], steps).files == {"data.csv": b"1,2"}


def test_the_courses_secrets_may_not_be_readable_inside(tiny, monkeypatch):
    asked = {}

    @contextmanager
    def sandbox(preload, isolation, device, limits, forbid):
        asked.update(isolation=isolation, device=device, forbid=forbid)
        yield Box()

    @contextmanager
    def pool(workers, preload, known, device):
        asked.update(workers=workers)
        yield None

    monkeypatch.setattr(module, "Sandbox", sandbox)
    monkeypatch.setattr(module, "Pool", pool)
    with open_bench(Course.find(tiny), Conditions(workers=3)) as bench:
        assert bench.sandbox.address == "somewhere"
    assert (asked["workers"], asked["isolation"], asked["device"]) == (3, "bwrap", "cpu")
    assert {path.name for path in asked["forbid"]} == {"source", "autograder", "solutions", "gradebook.db"}
    assert {path.parent for path in asked["forbid"]} == {tiny}


def test_a_sandbox_that_cannot_be_had_takes_the_pool_along(tiny, monkeypatch):
    closed = []

    def refuse(*arguments, **options):
        raise SandboxError("no namespaces here", fix="Allow them.")

    @contextmanager
    def closing_pool(workers, preload, known, device):
        try:
            yield None
        finally:
            closed.append("pool")

    monkeypatch.setattr(module, "Sandbox", refuse)
    monkeypatch.setattr(module, "Pool", closing_pool)
    with pytest.raises(SandboxError, match="no namespaces here"), open_bench(Course.find(tiny), Conditions()):
        pass
    assert closed == ["pool"]
