"""One submission, judged and recorded as ``nbjudge grade`` does it, by a bench that stays open between submissions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from nbjudge.errors import SubmissionError
from nbjudge.grade.basis import Basis
from nbjudge.grade.grade import hold, judged_works
from nbjudge.grade.ledger import Ledger, ledger_folder, open_ledger
from nbjudge.grade.marking import Work
from nbjudge.grade.recording import Recorder
from nbjudge.judge.task import Task
from nbjudge.master.course import Course
from nbjudge.pool.bench import Bench, Conditions, check_device, open_bench
from nbjudge.pool.prepare import prepare, read_release
from nbjudge.record.environment import forget
from nbjudge.record.gradebook import open_gradebook
from nbjudge.record.receipt import Receipt
from nbjudge.sandbox.kept import Kept
from nbjudge.submission.submission import Submission, handed_in

PATIENCE = 60.0  # seconds to wait while another grader records into the same folder

_desks: dict[Path, tuple[object, Kept[Bench]]] = {}  # by course
_lock = threading.Lock()


def grade_submission(course: Course, assignment: str, student: str, conditions: Conditions, idle: float) -> Receipt:
    """Judge what a student handed in, record it, and give the receipt.

    The bench stays open for ``idle`` seconds after the last submission of a course.

    Raises NbjudgeError when the course, the submission, the sandbox or the gradebook cannot be used.
    """
    check_device(conditions.device)
    forget()
    master = course.master(assignment)
    released = read_release(course, master)
    submissions = course.folder("submitted", assignment, student).parent.parent
    out = ledger_folder(course.root, assignment)
    with open_ledger(out, PATIENCE) as ledger:
        seed = ledger.seed(conditions.seed)
    basis = Basis(course, master, released, conditions, seed, submissions)
    submission = _read(basis, student)
    with _bench(basis, idle) as bench:
        work, receipt = _judge(basis, submission, bench)
    if receipt.not_judged:
        _let_go(course.root)
    with open_ledger(out, PATIENCE) as ledger:
        return _record(basis, ledger, work, receipt)


def _read(basis: Basis, student: str) -> Submission:
    names = [notebook.name for notebook in basis.master.notebooks]
    readers = handed_in(basis.submissions, basis.master.name, names)
    if student not in readers:
        raise SubmissionError("there is no submission of this student", f"{basis.submissions}/{ascii(student)[1:-1]}")
    return readers[student]()


def _judge(basis: Basis, submission: Submission, bench: Bench) -> tuple[Work, Receipt]:
    def works(make: Callable[..., Task]) -> Iterator[Work]:
        prepared = prepare(submission, basis.master, basis.released, make)
        yield Work(prepared, basis.of(submission) | basis.place(submission))

    ((work, receipt),) = judged_works(basis, works, bench)
    return work, receipt


def _record(basis: Basis, ledger: Ledger, work: Work, receipt: Receipt) -> Receipt:
    hold(ledger, work, receipt)
    with closing(open_gradebook(basis.course)) as gradebook:
        Recorder(basis.course, basis.master, ledger, gradebook).record([receipt.student])
    return ledger.receipt(receipt.student) or receipt


@contextmanager
def _bench(basis: Basis, idle: float) -> Iterator[Bench]:
    """The course's bench. What it has loaded is what the receipt names: after a change a new one is opened."""
    loaded = (basis.conditions, basis.hashes["environment"], basis.hashes["grader"], idle)
    with _lock:
        found, desk = _desks.get(basis.course.root, (None, None))
        if desk is None or found != loaded:
            if desk is not None:
                desk.close()
            desk = Kept(partial(open_bench, basis.course, basis.conditions, basis.master), idle)
            _desks[basis.course.root] = (loaded, desk)
    with desk.use() as bench:
        yield bench


def _let_go(root: Path) -> None:
    """Open a new bench the next time: this one did not do its work."""
    with _lock:
        _, desk = _desks.pop(root, (None, None))
    if desk is not None:
        desk.close()
