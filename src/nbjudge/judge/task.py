"""What a worker is asked to judge, and what it answers: plain data, without the libraries that judging needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbjudge.judge.diagnosis import Trace
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.master.notebook import Exercise, Notebook
from nbjudge.sandbox.limits import Limits as SandboxLimits
from nbjudge.submission.repair import Step


@dataclass(frozen=True)
class Limits:
    """Time in seconds: for one cell, for one call into the student's code, for a whole notebook."""

    cell: float = 30.0
    call: float = 15.0
    notebook: float = 900.0


@dataclass(frozen=True)
class Task:
    """All that a worker needs to judge one notebook of one submission.

    ``steps`` are the cells to run; ``released`` is the student's version as an nbformat document, ``answers``
    what goes into its answer cells, of which ``unanswered`` stand as they were handed out; ``files`` are
    written into the student's working folder, ``staff_files``
    into the judge's. ``root`` is the course's folder, from which tests import their references.
    """

    student: str
    master: Notebook
    steps: tuple[Step, ...]
    address: str
    seed: int
    root: str
    released: Mapping[str, Any] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    staff_files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    sandbox: SandboxLimits = field(default_factory=SandboxLimits)


@dataclass(frozen=True)
class Judgement:
    """A judged notebook as plain data: verdicts, traces for the diagnosis, and the notebook for graders.

    ``events`` say what happened around the tests: a cell that hung, a process that ended.
    """

    student: str
    notebook: str
    verdicts: tuple[Verdict, ...]
    traces: Mapping[str, Trace] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    fetched: tuple[str, ...] = ()
    document: Any = None
    seconds: float = 0.0


def not_judged(task: Task, why: str, detail: str = "") -> Judgement:
    """The judgement of a notebook that the grader could not judge, which is never a zero."""
    exercises = exercise_names(task.master)
    verdicts = tuple(
        Verdict(task.master.name, exercises[name], name, 0.0, cell.points, Outcome.NOT_JUDGED, why, detail[-4000:])
        for cell in task.master.tests
        for name in [str(cell.grade_id)]
    )
    return Judgement(task.student, task.master.name, verdicts, events=(why,))


def exercise_names(master: Notebook) -> dict[str, str]:
    """Which exercise each test belongs to; "" for a test before the first answer."""
    names = {str(cell.grade_id): "" for cell in master.tests}
    exercise: Exercise
    for exercise in master.exercises:
        names |= {str(cell.grade_id): exercise.name for cell in exercise.tests}
    return names
