"""The judge: walks one notebook, runs the student's cells over there and the test cells here.

Test cells run at their place, between the student's cells, in one trusted namespace. A kernel that dies or
hangs is replaced and the cells before the culprit are run again, so that it costs its own exercise only.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nbjudge.bindings import bound_only_in, parse, read_names
from nbjudge.definitions import take_definitions
from nbjudge.namespace import Namespace
from nbjudge.notebook import Notebook, Role
from nbjudge.protocols import CellRun, Kernel
from nbjudge.repair import Step
from nbjudge.seeds import derive, seed_everything, shared_seeds
from nbjudge.student import Student, Unreachable
from nbjudge.testcell import TestResult, run_test

MAX_RESTARTS = 3
PATIENCE = 0.3  # each time-out leaves this share of the time for what comes after it, down to LEAST
LEAST = 0.2


@dataclass(frozen=True)
class Limits:
    """Time in seconds: for one cell, for one call into the student's code, for a whole notebook."""

    cell: float = 30.0
    call: float = 15.0
    notebook: float = 900.0


@dataclass
class Judged:
    """A judged notebook: a result per test cell, a run per student's cell, and what went wrong around them.

    ``runs`` maps a step's position to its run; ``lost`` a step's position to why it could not be run.
    ``missing`` maps a file to why the cells could not have it. ``fetched`` are names computed in released cells
    that a test read from the student's side.
    """

    results: dict[str, TestResult] = field(default_factory=dict)
    runs: dict[int, CellRun] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    fetched: set[str] = field(default_factory=set)


def judge_notebook(
    master: Notebook,
    steps: Sequence[Step],
    launch: Callable[[], Kernel],
    seed: int,
    files: dict[str, bytes] | None = None,
    limits: Limits | None = None,
    hidden: bool = True,
) -> Judged:
    """Judge one notebook of a submission.

    ``launch`` gives a fresh kernel each time. ``seed`` is the run's: test cells draw their random inputs from
    it. With ``hidden`` false only the visible parts of the tests are run.
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
        hidden: bool,
    ) -> None:
        self.master, self.steps, self.launch, self.seed = master, steps, launch, seed
        self.files, self.limits, self.hidden = dict(files), limits, hidden
        self.judged = Judged()
        self.started = time.monotonic()
        self.restarts, self.patience = 0, 1.0
        self.defined = 0  # how many of the master's cells have had their definitions taken
        self.kernel: Kernel | None = None
        self.student: Student
        self.namespace: Namespace
        students = [parse(step.source) for step in steps if step.kind == "student"]
        self.reads = set().union(*(read_names(tree.body) for tree in students if tree))

    def run(self) -> None:
        self.start()
        for position, step in enumerate(self.steps):
            if step.kind == "student":
                self.run_student(position, step)
            else:
                self.run_test(step)

    def start(self) -> None:
        """Launch a kernel and connect to it; the trusted namespace survives an earlier one."""
        self.stop()
        kernel = self.kernel = self.launch()
        if self.restarts:
            self.student.reconnect(kernel.agent, kernel.interrupt)
        else:
            self.student = Student(kernel.agent, kernel.interrupt, self.limits.call)
            self.namespace = Namespace(self.student)
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
        self.restarts += 1
        if self.restarts > MAX_RESTARTS:
            self.stop()
            return
        self.start()
        assert self.kernel is not None
        for position, step in enumerate(self.steps[:upto]):
            if step.kind == "student" and position not in self.judged.lost:
                self.kernel.execute({"source": step.source}, self.time_left())
            elif step.kind == "test":
                # What cannot be sent again, an object of the ended process, isn't there.
                with contextlib.suppress(Exception, Unreachable):
                    self.student.bind(dict(self.judged.results[str(step.grade_id)].handed))

    def time_left(self) -> float:
        left = self.started + self.limits.notebook - time.monotonic()
        return max(0.1, min(self.limits.cell * self.patience, left))

    def lose_patience(self) -> None:
        """After a time-out: an endless loop that is called again and again must not cost its time each time."""
        self.patience = max(LEAST, self.patience * PATIENCE)
        self.student.call_seconds = self.limits.call * self.patience

    def run_student(self, position: int, step: Step) -> None:
        if self.kernel is None:
            self.judged.lost[position] = "was not run: the notebook's process had ended too often"
            return
        run = self.kernel.execute({"source": step.source}, self.time_left())
        self.judged.runs[position] = run
        if run.status in ("timeout", "died"):
            why = "did not finish in time" if run.status == "timeout" else "ended the notebook's process"
            self.judged.lost[position] = why
            if run.status == "timeout":
                self.lose_patience()
            if not self.kernel.alive:
                self.restart(position)
        if (index := self.place(step)) is not None:
            self.define(index + 1)

    def place(self, step: Step) -> int | None:
        """Where the step's cell stands in the master; None for a cell of the student's own."""
        for cell in self.master.cells:
            if (step.grade_id and cell.grade_id == step.grade_id) or (not step.grade_id and cell.id == step.cell.id):
                return cell.index
        return None

    def define(self, upto: int) -> None:
        """Take the definitions of the master's cells before position ``upto``, whatever became of their copies.

        Only the master's own text is ever run here: a submission's copy of a released cell is the student's.
        """
        for cell in self.master.cells[self.defined : upto]:
            if cell.role is not Role.TEST:
                take_definitions(cell, self.namespace)
        self.defined = max(self.defined, upto)

    def run_test(self, step: Step) -> None:
        cell, name = step.cell, str(step.cell.grade_id)
        if self.kernel is None:
            problem = "the notebook's process had ended too often"
            self.judged.results[name] = TestResult(0.0, problem)
            return
        self.define(cell.index)
        seed_everything(derive(self.seed, "test", self.master.name, name))
        with shared_seeds(self.student):
            result = run_test(cell, self.namespace, self.student, self.reads, self.time_left(), hidden=self.hidden)
        self.judged.results[name] = result
        if self.student.late:
            self.student.late = False
            self.lose_patience()
        if self.student.fault:
            self.restart(self.steps.index(step) + 1)
