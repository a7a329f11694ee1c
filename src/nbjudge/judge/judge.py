"""The judge: walks one notebook, runs the student's cells over there and the test cells here.

Test cells run at their place, between the student's cells, in one trusted namespace; where the outcome is the
same, their hidden checks wait until the last cell has run. A kernel that dies or hangs is replaced and the cells
before the culprit are run again, so that it costs its own exercise only.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Literal

from nbjudge.border.student import Student, Unreachable
from nbjudge.judge.definitions import Definitions
from nbjudge.judge.judged import Clock, Judged
from nbjudge.judge.namespace import Namespace
from nbjudge.judge.protocols import Kernel
from nbjudge.judge.seeds import derive, keep_generators, shared_seeds
from nbjudge.judge.task import Limits
from nbjudge.judge.testcell import Part, TestResult, run_test
from nbjudge.master.bindings import bound_only_in, parse, read_names
from nbjudge.master.flow import needed_names
from nbjudge.master.notebook import Notebook, Role
from nbjudge.master.parts import split
from nbjudge.sandbox.seeding import seed_generators
from nbjudge.submission.repair import Step

Hidden = Literal["at once", "waiting", "never"]
MAX_RESTARTS = 3


class Disturbed(Exception):
    """A process ended or hung while hidden checks were waiting: they have to be judged at their place."""


def judge_notebook(
    master: Notebook,
    steps: Sequence[Step],
    launch: Callable[[], Kernel],
    seed: int,
    files: dict[str, bytes] | None = None,
    limits: Limits | None = None,
    hidden: Hidden = "at once",
) -> Judged:
    """Judge one notebook of a submission.

    ``launch`` gives a fresh kernel each time. ``seed`` is the run's: test cells draw their random inputs from
    it. Hidden checks take place at once, or *waiting*, after the last cell, or *never*. Raises Disturbed when they
    wait and something else than a plain run comes about.
    """
    walk = _Walk(master, steps, launch, seed, files or {}, limits or Limits(), hidden)
    try:
        walk.run()
    finally:
        walk.stop()
    walk.judged.fetched = walk.namespace.fetched
    return walk.judged


class _Walk:
    """The state of one judgement: a kernel, its connection, the trusted namespace, and how far it has come."""

    def __init__(
        self,
        master: Notebook,
        steps: Sequence[Step],
        launch: Callable[[], Kernel],
        seed: int,
        files: dict[str, bytes],
        limits: Limits,
        hidden: Hidden,
    ) -> None:
        self.master, self.steps, self.launch, self.seed = master, steps, launch, seed
        self.files, self.limits, self.hidden = dict(files), limits, hidden
        self.judged = Judged()
        self.clock = Clock(limits)
        self.restarts = 0
        self.waiting: list[Callable[[], None]] = []
        self.kernel: Kernel | None = None
        self.student: Student
        self.namespace: Namespace
        self.definitions: Definitions
        students = [parse(step.source) for step in steps if step.kind == "student"]
        self.reads = set().union(*(read_names(tree.body) for tree in students if tree))

    def run(self) -> None:
        self.start()
        for position, step in enumerate(self.steps):
            if step.kind == "student":
                self.run_student(position, step)
            else:
                self.run_test(step)
        for check in self.waiting:
            check()

    def start(self) -> None:
        """Launch a kernel and connect to it; the trusted namespace survives an earlier one."""
        self.stop()
        kernel = self.kernel = self.launch()
        if self.restarts:
            self.student.reconnect(kernel.agent, kernel.interrupt)
        else:
            self.student = Student(kernel.agent, kernel.interrupt, self.limits.call)
            self.namespace = Namespace(self.student)
            self.definitions = Definitions(self.master, self.namespace)
            # A submission that makes one test stop early must not answer for what the next one expects of it.
            tests = [cell.source for cell in self.master.tests]
            others = [cell.source for cell in self.master.cells if cell.kind == "code" and cell.role is not Role.TEST]
            self.namespace.reserved = bound_only_in(tests, others)
        self.put_files()

    def put_files(self) -> None:
        """Write the files beside the notebook; one that the kernel cannot take costs itself only."""
        for name, content in list(self.files.items()):
            try:
                self.student.put_file(name, content)
            except (OSError, MemoryError) as error:
                self.judged.missing[name] = f"could not be written: {getattr(error, 'strerror', None) or 'no memory'}"
            except Unreachable:
                if self.restarts >= MAX_RESTARTS:
                    raise  # nothing of the student's has run yet, so the fault is the grader's
                del self.files[name]
                self.judged.missing[name] = "could not be written in time"
                self.student.late = False
                if self.student.fault:
                    self.restart(0)
                    return

    def stop(self) -> None:
        if self.kernel is not None:
            self.kernel.close()
            self.kernel = None

    def restart(self, upto: int) -> None:
        """Replace a dead kernel and bring the new one to where the old one was before step ``upto``."""
        if self.hidden == "waiting":
            raise Disturbed
        self.restarts += 1
        if self.restarts > MAX_RESTARTS:
            self.stop()
            return
        self.start()
        assert self.kernel is not None
        for position, step in enumerate(self.steps[:upto]):
            if step.kind == "student" and position not in self.judged.lost:
                self.kernel.execute({"source": step.source}, self.clock.left())
            elif step.kind == "test":
                # What cannot be sent again, an object of the ended process, isn't there.
                with contextlib.suppress(Exception, Unreachable):
                    self.student.bind(dict(self.judged.results[str(step.grade_id)].handed))

    def lose_patience(self) -> None:
        """After a time-out: an endless loop that is called again and again must not cost its time each time."""
        if self.hidden == "waiting":
            raise Disturbed
        self.clock.lose_patience()
        self.student.call_seconds = self.clock.call_seconds

    def run_student(self, position: int, step: Step) -> None:
        if self.kernel is None or self.clock.spent:
            self.judged.lost[position] = f"was not run: {self.end()}"
            return
        run = self.kernel.execute({"source": step.source}, self.clock.left())
        self.judged.runs[position] = run
        if run.status in ("timeout", "died"):
            why = "did not finish in time" if run.status == "timeout" else "ended the notebook's process"
            self.judged.lost[position] = why
            if run.status == "timeout":
                self.lose_patience()
            if not self.kernel.alive:
                self.restart(position)
        self.definitions.take_with(step)

    def end(self) -> str:
        return f"the notebook's {'time was used up' if self.kernel else 'process had ended too often'}"

    def run_test(self, step: Step) -> None:
        cell, name = step.cell, str(step.cell.grade_id)
        if self.kernel is None or self.clock.spent:
            self.judged.results[name] = TestResult(0.0, self.end())
            return
        self.definitions.take_before(cell)
        seed_generators(derive(self.seed, "test", self.master.name, name))
        parts: dict[Hidden, Part] = {"at once": "all", "waiting": "before", "never": "visible"}
        result = self.run_part(step, parts[self.hidden])
        if self.hidden == "waiting" and result.error is None:
            self.put_off(step, result)

    def run_part(self, step: Step, part: Part) -> TestResult:
        with shared_seeds(self.student):
            result = run_test(step.cell, self.namespace, self.student, self.reads, self.clock.left(), part)
        self.judged.results[str(step.cell.grade_id)] = result
        if self.student.late:
            self.student.late = False
            self.lose_patience()
        if self.student.fault:
            self.restart(self.steps.index(step) + 1)
        return result

    def put_off(self, step: Step, before: TestResult) -> None:
        """Let the rest of a test, from its first hidden statement on, wait for the last cell."""
        _, rest = split(step.cell)
        if not rest:
            return
        names = self.namespace.keep(needed_names(rest))
        generators = keep_generators()
        received = list(self.student.received)

        def check() -> None:
            names()
            generators()
            self.student.received[:] = received
            whole = before.followed_by(self.run_part(step, "rest"))
            self.judged.results[str(step.cell.grade_id)] = whole

        self.waiting.append(check)
