"""One submission, judged in a process of its own on the trusted side."""

from __future__ import annotations

import builtins
import contextlib
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from nbjudge.border.student import Unreachable
from nbjudge.errors import NbjudgeError
from nbjudge.judge.explain import message, needs_clean_run, speaks_late, told_from
from nbjudge.judge.judge import Disturbed, Hidden, judge_notebook
from nbjudge.judge.judged import Judged
from nbjudge.judge.marked import marked_notebook
from nbjudge.judge.seeds import derive
from nbjudge.judge.task import Judgement, Task, exercise_names, not_judged
from nbjudge.judge.trace import trace
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.judge.waiting import obstacle
from nbjudge.sandbox.kernel import Kernel
from nbjudge.submission.repair import Step


def judge_in(task: Task, folder: str) -> Judgement:
    """Judge a task with a temporary folder of its own."""
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    return judge_task(task)


def judge_task(task: Task) -> Judgement:
    """Judge one notebook; whatever goes wrong on the judge's own side makes its tests *not judged*."""
    started = time.monotonic()
    try:
        with _workplace(task):
            judged, told = _judged_and_told(task)
    except (Exception, Unreachable) as error:
        spoken = isinstance(error, (NbjudgeError, Unreachable))
        why = str(error) if spoken else f"the grader failed: {type(error).__name__}"
        return not_judged(task, why, traceback.format_exc(limit=-8))
    verdicts = tuple(_verdicts(task, judged, told))
    return Judgement(
        student=task.student,
        notebook=task.master.name,
        verdicts=verdicts,
        traces={name: trace(result) for name, result in judged.results.items()},
        events=tuple(_events(task.steps, judged, told)),
        fetched=tuple(sorted(judged.fetched)),
        document=marked_notebook(task.released, task.answers, task.steps, told, verdicts) if task.released else None,
        seconds=time.monotonic() - started,
    )


def _judged_and_told(task: Task) -> tuple[Judged, Judged]:
    """What the points come from, and what words and outputs come from: mostly one and the same run."""
    told = None
    if task.released is not None and not obstacle(task.steps, task.master.given):
        with contextlib.suppress(Disturbed):
            waited = _judge(task, "waiting")
            tests = {str(cell.grade_id): cell for cell in task.master.tests}
            if all(result.is_plain(tests[name]) for name, result in waited.results.items()):
                return waited, waited
            # A check may have failed only because it waited: its place decides, words and outputs are clean.
            told = None if speaks_late(waited.results) else waited
    judged = _judge(task, "at once")
    showing = [*judged.lost, *(position for position, run in judged.runs.items() if run.outputs)]
    if task.released is None or not needs_clean_run(task.steps, judged.results, showing):
        return judged, judged
    return judged, told or _judge(task, "never")


def _judge(task: Task, hidden: Hidden) -> Judged:
    kernel_seed = derive(task.seed, "student", task.master.name)

    def launch() -> Kernel:
        return Kernel.start(task.address, kernel_seed, task.sandbox)

    return judge_notebook(task.master, task.steps, launch, task.seed, dict(task.files), task.limits, hidden=hidden)


def _verdicts(task: Task, judged: Judged, told: Judged) -> Iterator[Verdict]:
    master, unanswered = task.master, task.unanswered
    exercises = exercise_names(master)
    stopped = _stopped_answers(task.steps, told)
    for cell in master.tests:
        name = str(cell.grade_id)
        exercise = exercises[name]
        result = judged.results.get(name)
        if result is None:
            continue
        answered = exercise not in unanswered
        text = message(told_from(result, told.results.get(name)), cell, stopped.get(exercise, ""), answered)
        outcome = Outcome.PASSED if result.points == cell.points and result.error is None else Outcome.FAILED
        if result.broken:
            outcome, text = Outcome.NOT_JUDGED, "The test itself could not be run."
        yield Verdict(
            master.name,
            exercise,
            name,
            result.points,
            cell.points,
            outcome,
            text,
            result.detail,
            result.seconds,
        )


def _stopped_answers(steps: tuple[Step, ...], judged: Judged) -> dict[str, str]:
    """Answers whose own cell stopped with an error, and that error's builtin name."""
    stopped = {}
    for position, run in judged.runs.items():
        name = steps[position].grade_id
        if run.status == "error" and name is not None:
            errors = [output.get("ename", "") for output in run.outputs if output.get("output_type") == "error"]
            stopped[name] = _builtin(errors[-1]) if errors else "an error"
    for position, why in judged.lost.items():
        if (name := steps[position].grade_id) is not None:
            stopped[name] = f"no result: it {why}"
    return stopped


def _builtin(name: object) -> str:
    kind = getattr(builtins, name, None) if isinstance(name, str) else None
    return kind.__name__ if isinstance(kind, type) and issubclass(kind, BaseException) else "an error"


def _events(steps: tuple[Step, ...], judged: Judged, told: Judged) -> Iterator[str]:
    for position, why in sorted(told.lost.items()):
        name = steps[position].grade_id
        yield f"the cell {name or steps[position].cell.id!r} {why}"
    for name, why in judged.missing.items():
        yield f"the file {name!r} {why}"
    problems: dict[str, list[str]] = {}
    for name, result in judged.results.items():
        if result.problem:
            problems.setdefault(result.problem, []).append(name)
    for problem, names in problems.items():
        yield f"{', '.join(names)}: {problem}"


@contextlib.contextmanager
def _workplace(task: Task) -> Iterator[None]:
    """A folder of the judge's own with the assignment's files, and the course's references importable."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="nbjudge-work-") as folder:
        for name, content in task.staff_files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        os.chdir(folder)
        sys.path.insert(0, task.root)
        try:
            yield
        finally:
            sys.path.remove(task.root)
            os.chdir(before)
