"""What judging needs: conditions, an open sandbox, a pool of workers, and tasks for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from nbjudge.errors import SandboxError
from nbjudge.judge.task import Limits, Task
from nbjudge.master.assignment import Assignment
from nbjudge.master.course import Course
from nbjudge.master.notebook import Notebook, Role
from nbjudge.pool.pool import Pool
from nbjudge.pool.prepare import references, staff_files
from nbjudge.pool.usual import USUAL, used
from nbjudge.sandbox import cuda
from nbjudge.sandbox.confinement import Isolation
from nbjudge.sandbox.limits import Limits as SandboxLimits
from nbjudge.sandbox.sandbox import Sandbox
from nbjudge.sandbox.visible import gpu_devices
from nbjudge.submission.repair import Step

NO_CUDA = "Leave out --device cuda, or see nbjudge doctor."


@dataclass(frozen=True)
class Conditions:
    """How to grade: how many notebooks at once, from which seed, on which device, isolated how, how long."""

    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    seed: int | None = None
    device: cuda.Device = "cpu"
    isolation: Isolation = "bwrap"
    limits: Limits = field(default_factory=Limits)
    sandbox: SandboxLimits = field(default_factory=SandboxLimits)


@dataclass(frozen=True)
class Bench:
    """What judging needs and what takes seconds to start: an open sandbox and a pool of workers."""

    sandbox: Sandbox
    pool: Pool


def check_device(device: str) -> None:
    """Raise SandboxError for a device that this machine does not have: a receipt must not claim it."""
    if device == "cuda" and not gpu_devices():
        raise SandboxError("this machine shows no NVIDIA GPU", fix=NO_CUDA)


def require_cuda(bench: Bench) -> None:
    """Raise SandboxError unless CUDA starts on both sides: else honest work would fail, or go untested."""
    inside = cuda.trial_inside(bench.sandbox.address, bench.sandbox.limits)
    outside = bench.pool.ask("nbjudge.sandbox.cuda", "trial", seconds=cuda.TRIAL_SECONDS)
    for where, problem in (("in the sandbox", inside), ("on the judge's side", outside)):
        if problem:
            raise SandboxError(f"CUDA does not start {where} ({problem})", fix=NO_CUDA)


@contextmanager
def open_bench(course: Course, conditions: Conditions, *masters: Assignment) -> Iterator[Bench]:
    """Start a sandbox from which the course's secrets cannot be read, and a pool of workers.

    What there is to know of the ``masters`` without running them is found out once, not by every worker. Of the
    usual modules each side imports those that its code uses, tests being the judge's; or all if no master is named.
    """
    cells = [cell for master in masters for book in master.notebooks for cell in book.cells]
    known = [cell.source for cell in cells]
    judges = used([*known, *_staff_code(course, masters)]) if masters else USUAL
    students = used(cell.source for cell in cells if cell.role is not Role.TEST) if masters else USUAL
    secret = [course.root / name for name in ("source", "autograder", "solutions", "gradebook.db")]
    with ExitStack() as stack:
        pool = stack.enter_context(Pool(conditions.workers, judges, known, conditions.device))
        sandbox = stack.enter_context(
            Sandbox(students, conditions.isolation, conditions.device, conditions.sandbox, forbid=secret)
        )
        bench = Bench(sandbox, pool)
        if conditions.device == "cuda":
            require_cuda(bench)
        yield bench


def _staff_code(course: Course, masters: Sequence[Assignment]) -> list[str]:
    files = [file for master in masters for file in references(course, master.name).items()]
    return [content.decode(errors="replace") for name, content in files if name.endswith(".py")]


def task_maker(
    course: Course, master: Assignment, bench: Bench, seed: int, conditions: Conditions
) -> Callable[..., Task]:
    """A function that makes the task of judging some steps of one of the assignment's notebooks."""
    given = staff_files(course, master)

    def make(
        student: str,
        notebook: Notebook,
        steps: tuple[Step, ...],
        released: Any = None,
        answers: Mapping[str, str] | None = None,
        unanswered: tuple[str, ...] = (),
        files: Mapping[str, bytes] | None = None,
    ) -> Task:
        return Task(
            student=student,
            master=notebook,
            steps=steps,
            address=bench.sandbox.address,
            seed=seed,
            root=str(course.root),
            released=released,
            answers=answers or {},
            unanswered=unanswered,
            files=given | dict(files or {}),
            staff_files=given,
            limits=conditions.limits,
            sandbox=conditions.sandbox,
        )

    return make
