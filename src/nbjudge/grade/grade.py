"""Grading a class: every submission is judged, recorded and reported, and a damaged one costs only itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbjudge.errors import NbjudgeError
from nbjudge.grade.basis import Basis
from nbjudge.grade.carry import Plan, Scores, carried, plan
from nbjudge.grade.changes import Change, changes
from nbjudge.grade.ledger import Ledger, Receipts, open_ledger, writable
from nbjudge.grade.marking import Work, mark
from nbjudge.grade.recording import BATCH, Recorder
from nbjudge.judge.task import Task
from nbjudge.master.course import Course
from nbjudge.pool.bench import Bench, Conditions, check_device, open_bench, task_maker
from nbjudge.pool.prepare import prepare, read_release
from nbjudge.publish.build import read_patterns
from nbjudge.publish.known import Mistakes
from nbjudge.record.formgrader import image
from nbjudge.record.gradebook import open_gradebook, utc
from nbjudge.record.receipt import Receipt
from nbjudge.record.recorded import recorded_scores
from nbjudge.record.report import write_results, write_summary
from nbjudge.submission.submission import Read, handed_in

PATIENCE = 2.0  # seconds that a judged submission waits at most for others to be recorded with it


def grade_course(
    root: Path,
    assignment: str,
    submissions: Path,
    out: Path,
    conditions: Conditions | None = None,
    advance: Callable[[int], Any] | None = None,
    bench: Bench | None = None,
    confirm: Callable[[Sequence[Change]], bool] | None = None,
) -> Receipts:
    """Grade every submission of an assignment and write all results under ``out`` and into the gradebook.

    ``advance`` is called with the number of submissions and gives a context manager for progress; see
    :func:`nbjudge.progress.progress`. A submission whose receipt is there and still true is not graded again. Where
    a grade would change though the submission did not, nothing is recorded before ``confirm`` has seen the changes
    and returned true; without it they are taken as confirmed.

    Raises NbjudgeError when the course, the folder of submissions or the sandbox cannot be used, when results
    cannot be written, or when the changes are not confirmed.
    """
    conditions = conditions or Conditions()
    check_device(conditions.device)
    course = Course.find(root)
    master = course.master(assignment)
    released = read_release(course, master)
    readers = handed_in(submissions, assignment, [notebook.name for notebook in master.notebooks])
    scores = recorded_scores(course, assignment)
    course.mistakes(master)  # one that cannot be read should come to light before anything is written
    with open_ledger(out) as ledger:
        basis = Basis(course, master, released, conditions, ledger.seed(conditions.seed), submissions)
        todo = plan(basis, ledger, readers, scores)
        with closing(open_gradebook(course)) as gradebook:
            run = _Run(basis, ledger, readers, Recorder(course, master, ledger, gradebook))
            run.grade(todo, bench, advance)
            run.record_again(todo, scores, confirm)
        receipts = Receipts(ledger, list(readers))
        with writable(out):
            write_results(out / "results.csv", receipts)
            write_summary(out / "summary.csv", receipts)
    return receipts


def judged_works(
    basis: Basis, works: Callable[[Callable[..., Task]], Iterator[Work]], bench: Bench
) -> Iterator[tuple[Work, Receipt]]:
    """Judge what ``works`` makes with a function for tasks, and give each with its receipt as it is done."""
    make = task_maker(basis.course, basis.master, bench, basis.seed, basis.conditions)
    samples, patterns = basis.course.mistakes(basis.master), read_patterns(basis.course, basis.master.name)
    mistakes = Mistakes(basis.master, samples, patterns, make)
    for work in mark(works(make), mistakes, bench.pool):
        yield work, work.receipt(basis.master, mistakes)


def hold(ledger: Ledger, work: Work, receipt: Receipt) -> None:
    """Keep a judged submission, with what formgrader is to find of it, until it is recorded."""
    documents = {one.notebook: one.document for one in work.judgements if one.document is not None}
    submission = work.prepared.submission
    when = utc(submission.timestamp, submission.student)
    ledger.hold(receipt, image(documents, when, submission.files))


@dataclass
class _Run:
    """One run over a class."""

    basis: Basis
    ledger: Ledger
    readers: Mapping[str, Read]
    recorder: Recorder

    def grade(self, todo: Plan, bench: Bench | None, advance: Callable[[int], Any] | None) -> None:
        """Judge what is open and hold it; record it at once, many together, unless somebody has to be asked."""
        waiting = [] if todo.again else list(todo.held)
        if todo.open:
            with ExitStack() as stack:
                bench = bench or stack.enter_context(
                    open_bench(self.basis.course, self.basis.conditions, self.basis.master)
                )
                tell = stack.enter_context(advance(len(todo.open))) if advance else lambda student, status: None
                since = time.monotonic()
                for work, receipt in judged_works(self.basis, lambda make: self._works(todo.open, make), bench):
                    hold(self.ledger, work, receipt)
                    tell(receipt.student, receipt.status)
                    waiting += [] if todo.again else [receipt.student]
                    if len(waiting) >= BATCH or (waiting and time.monotonic() - since > PATIENCE):
                        self.recorder.record(waiting)
                        waiting, since = [], time.monotonic()
        self.recorder.record(waiting)

    def record_again(
        self, todo: Plan, scores: Scores, confirm: Callable[[Sequence[Change]], bool] | None = None
    ) -> None:
        """Record a regrade, once somebody has agreed to what it changes."""
        if not todo.again:
            return
        students = [*todo.held, *todo.open]
        found = [change for student in sorted(students) for change in self._changes(student, scores)]
        if found and confirm is not None and not confirm(found):
            raise NbjudgeError(
                f"{len(found)} changed scores were not confirmed, so nothing was recorded",
                str(self.ledger.out),
                "What was judged is kept there: run the same command with --yes to record it.",
            )
        self.recorder.record(students)

    def _changes(self, student: str, scores: Scores) -> Iterator[Change]:
        new, old = self.ledger.held(student), self.ledger.receipt(student)
        resent = new is None or (old is not None and old.hashes.get("submission") != new.hashes.get("submission"))
        if new is not None and student in scores and not resent:
            yield from changes(new, old, scores[student])

    def _works(self, students: Sequence[str], make: Callable[..., Task]) -> Iterator[Work]:
        for student in students:
            submission = self.readers[student]()
            facts = self.basis.of(submission)
            prepared = prepare(submission, self.basis.master, self.basis.released, make)
            earlier = self.ledger.receipt(student)
            names = [task.master.name for task in prepared.tasks]
            kept = carried(self.basis, earlier, facts, names) if earlier is not None else []
            exercises = {verdict.exercise for one in kept for verdict in one.verdicts}
            said = earlier.diagnosis.items() if earlier is not None else ()
            diagnosis = {name: sentence for name, sentence in said if name in exercises}
            yield Work(prepared, facts | self.basis.place(submission), tuple(kept), diagnosis)
