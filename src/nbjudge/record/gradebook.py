"""nbgrader's gradebook, written as its own autograder writes it, many submissions in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import parse_utc
from sqlalchemy.exc import SQLAlchemyError

from nbjudge.errors import GradebookError, NbjudgeError, SubmissionError
from nbjudge.judge.verdict import Verdict
from nbjudge.master.course import Course, importable
from nbjudge.record.formgrader import check_student, image, place
from nbjudge.record.marks import absent, marks
from nbjudge.record.rows import Master, find_or_add_notebooks, find_or_add_submission, read_master, write_marks
from nbjudge.record.tables import create_gradebook


def open_gradebook(course: Course) -> Gradebook:
    """The course's gradebook, made if there is none; it may serve many calls of ``record_all``.

    The caller closes it. Raises GradebookError if it cannot be opened.
    """
    try:
        create_gradebook(course.gradebook_url)
        return Gradebook(course.gradebook_url, course.directory.course_id)
    except (SQLAlchemyError, OSError) as error:
        raise _refused(course, error) from error


@dataclass(frozen=True)
class Graded:
    """One graded submission, as the gradebook takes it.

    ``documents`` gives the executed nbformat documents by notebook name; a notebook that is missing there and has
    no verdict counts as not handed in, with zero points. ``unanswered`` names the (notebook, grade id) of questions
    that the student left as they were; an unchanged checksum says the same. ``timestamp`` is in UTC unless it
    carries a zone.
    """

    student: str
    verdicts: Sequence[Verdict]
    documents: Callable[[], Mapping[str, Any]]
    timestamp: datetime | str | None = None
    unanswered: Collection[tuple[str, str]] = ()


def record(
    course: Course,
    assignment: str,
    student_id: str,
    verdicts: Sequence[Verdict],
    autograded: Mapping[str, Any],
    timestamp: datetime | str | None = None,
    unanswered: Collection[tuple[str, str]] = (),
    files: Mapping[str, bytes] | None = None,
) -> None:
    """Write one graded submission: scores in the gradebook; notebooks and other ``files`` for formgrader.

    For the other arguments see :class:`Graded`. Scores and comments that a person gave stay. Raises SubmissionError
    for an impossible student or time, GradebookError if the gradebook refuses; either way nothing is kept.
    """
    graded = Graded(student_id, verdicts, lambda: autograded, timestamp, unanswered)
    with closing(open_gradebook(course)) as gradebook:
        for error in record_all(course, assignment, [graded], gradebook).values():
            raise error
    try:
        place(course, assignment, student_id, image(autograded, utc(timestamp, student_id), files))
    except OSError as error:
        raise _refused(course, error) from error


def record_all(
    course: Course, assignment: str, submissions: Iterable[Graded], gradebook: Gradebook
) -> dict[str, NbjudgeError]:
    """Write the scores of many submissions in one transaction; those that are refused come back with the reason.

    Raises GradebookError when nothing can be written, and then nothing is.
    """
    refused: dict[str, NbjudgeError] = {}
    session = gradebook.db
    try:
        _begin(session)
        master = _master(session, assignment)
        for one in submissions:
            point = session.begin_nested()
            try:
                _record(course, master, one, session)
                point.commit()
            except NbjudgeError as error:
                point.rollback()
                refused[one.student] = error
        session.commit()
    except (SQLAlchemyError, OSError) as error:
        raise _refused(course, error) from error
    finally:
        session.rollback()
        session.expunge_all()
    return refused


def _begin(session: Any) -> None:
    """Begin a transaction that may write; a second grader waits its turn instead of meeting half a grade."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA busy_timeout = 60000")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE student, submitted_assignment IN SHARE ROW EXCLUSIVE MODE")


def _record(course: Course, master: Master, graded: Graded, session: Any) -> None:
    check_student(graded.student)
    when = utc(graded.timestamp, graded.student)
    submission = find_or_add_submission(session, master, graded.student, when)
    places = find_or_add_notebooks(session, master, submission)
    judged = {(verdict.notebook, verdict.test): verdict for verdict in graded.verdicts}
    documents = graded.documents()
    for notebook in master.notebooks:
        document = documents.get(notebook.name)
        missing = document is None and not any(where == notebook.name for where, _ in judged)
        found = absent(notebook) if missing else marks(notebook, document, judged, graded.unanswered)
        write_marks(session, places[notebook.id], notebook, found)
    if judged:
        verdict = next(iter(judged.values()))
        raise GradebookError(
            f"the gradebook has no test '{verdict.test}'",
            f"{course.root.name}/{verdict.notebook}",
            "Run `nbjudge build` first.",
        )
    if when is not None:
        _penalise(course, session.get(SubmittedAssignment, submission, populate_existing=True))


def _master(session: Any, assignment: str) -> Master:
    try:
        return read_master(session, assignment)
    except MissingEntry as error:
        fix = f"Run `nbjudge build {assignment}` first."
        raise GradebookError("the gradebook does not know this assignment", assignment, fix) from error


def _penalise(course: Course, submission: SubmittedAssignment) -> None:
    """Ask the course's plugin for late submissions, notebook by notebook, and keep its answer in bounds."""
    if submission.total_seconds_late <= 0:
        return
    with importable(course.root):
        penalties = AssignLatePenalties(config=course.config)
        penalties.init_plugin()
    late = penalties.plugin_inst.late_submission_penalty
    for notebook in submission.notebooks:
        penalty = late(submission.student_id, notebook.score, submission.total_seconds_late)
        if penalty is not None:
            notebook.late_submission_penalty = penalties._check_late_penalty(notebook, penalty)


def utc(timestamp: datetime | str | None, student_id: str) -> datetime | None:
    """A time of submission in UTC without a zone, as nbgrader keeps it; raises SubmissionError."""
    try:
        return None if timestamp is None else parse_utc(timestamp)
    except (ValueError, OverflowError) as error:
        fix = "Write it as '2030-01-31 12:00:00 UTC'."
        raise SubmissionError(f"'{timestamp}' is no time", student_id, fix) from error


def _refused(course: Course, error: Exception) -> GradebookError:
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    return GradebookError(
        f"the gradebook cannot be used ({reason})",
        str(course.root),
        "Close other programs that write to it; if nbgrader was upgraded, run `nbgrader db upgrade`.",
    )
