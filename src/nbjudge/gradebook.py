"""nbgrader's gradebook, written as its own autograder writes it, in one commit a submission."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, is_grade, is_solution, parse_utc
from sqlalchemy.exc import SQLAlchemyError

from nbjudge.course import Course, importable
from nbjudge.errors import GradebookError, SubmissionError
from nbjudge.formgrader import check_student, written
from nbjudge.tables import create_gradebook
from nbjudge.verdict import Outcome, Verdict


def open_gradebook(course: Course) -> Gradebook:
    """The course's gradebook, made if there is none; it may serve many calls of ``record``.

    The caller closes it. Raises GradebookError if it cannot be opened.
    """
    try:
        create_gradebook(course.gradebook_url)
        return Gradebook(course.gradebook_url, course.directory.course_id)
    except (SQLAlchemyError, OSError) as error:
        raise _refused(course, error) from error


def record(
    course: Course,
    assignment: str,
    student_id: str,
    verdicts: Sequence[Verdict],
    autograded: Mapping[str, Any],
    timestamp: datetime | str | None = None,
    unanswered: Collection[tuple[str, str]] = (),
    gradebook: Gradebook | None = None,
) -> None:
    """Write one graded submission: scores in the gradebook, notebooks for formgrader.

    ``autograded`` holds the executed nbformat documents by notebook name; a notebook that is missing there
    and has no verdict counts as not handed in, with zero points. ``unanswered`` names the (notebook, grade
    id) of questions that the student left as they were; an unchanged checksum says the same. ``timestamp``
    is in UTC unless it carries a zone. Scores and comments that a person gave stay. Raises SubmissionError
    for an impossible student or time, GradebookError if the gradebook refuses; either way nothing is kept.
    """
    check_student(student_id)
    when = _utc(timestamp, student_id)
    if gradebook is None:
        with closing(open_gradebook(course)) as opened:
            return record(course, assignment, student_id, verdicts, autograded, timestamp, unanswered, opened)
    session = gradebook.db
    try:
        submission = _submission(gradebook, assignment, student_id, when)
        judged = {(verdict.notebook, verdict.test): verdict for verdict in verdicts}
        for notebook in submission.notebooks:
            document = autograded.get(notebook.name)
            if document is None and not any(place == notebook.name for place, _ in judged):
                _zero(notebook)
            else:
                _score(notebook, document, judged, unanswered)
        if judged:
            verdict = next(iter(judged.values()))
            raise GradebookError(
                f"the gradebook has no test '{verdict.test}'",
                f"{assignment}/{verdict.notebook}",
                f"Run `nbjudge build {assignment}` first.",
            )
        session.flush()
        if submission.total_seconds_late > 0:
            _penalise(course, submission)
        with written(course, assignment, student_id, autograded, when):
            session.commit()
    except MissingEntry as error:
        session.rollback()
        fix = f"Run `nbjudge build {assignment}` first."
        raise GradebookError("the gradebook does not know this assignment", assignment, fix) from error
    except (SQLAlchemyError, OSError) as error:
        session.rollback()
        raise _refused(course, error) from error
    except BaseException:
        session.rollback()
        raise


def _submission(gradebook: Gradebook, assignment: str, student_id: str, when: datetime | None) -> SubmittedAssignment:
    """The student's submission, made with every grade and comment it will need if it is new."""
    session = gradebook.db
    master = gradebook.find_assignment(assignment)
    student = session.get(Student, student_id)
    if student is None:
        student = Student(id=student_id)
        session.add(student)
    found = session.query(SubmittedAssignment).filter_by(assignment_id=master.id, student_id=student_id)
    submission = found.one_or_none()
    if submission is None:
        with session.no_autoflush:
            submission = _blank(master, student)
            session.add(submission)
    if when is not None:
        submission.timestamp = when
    for notebook in submission.notebooks:
        notebook.late_submission_penalty = None
    return submission


def _blank(master: Assignment, student: Student) -> SubmittedAssignment:
    submission = SubmittedAssignment(assignment=master, student=student)
    for notebook in master.notebooks:
        made = SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in notebook._base_cells:
            if isinstance(cell, GradeCell | TaskCell):
                Grade(cell=cell, cell_id=cell.id, notebook=made)
            if isinstance(cell, SolutionCell | TaskCell):
                Comment(cell=cell, cell_id=cell.id, notebook=made)
    return submission


def _zero(notebook: SubmittedNotebook) -> None:
    for grade in notebook.grades:
        grade.auto_score, grade.needs_manual_grade = 0, False


def _score(
    notebook: SubmittedNotebook,
    document: Any,
    judged: dict[tuple[str, str], Verdict],
    unanswered: Collection[tuple[str, str]],
) -> None:
    """Fill in a notebook's grades and comments; takes the verdicts that it uses out of ``judged``."""
    name = notebook.name
    master = {cell.id: cell for cell in notebook.notebook._base_cells}
    solutions = {cell.name for cell in master.values() if isinstance(cell, SolutionCell)}
    untouched = _untouched(notebook, document) | {cell for place, cell in unanswered if place == name}
    for grade in notebook.grades:
        cell = master[grade.cell_id]
        if isinstance(cell, TaskCell):  # a person's alone, as in nbgrader
            continue
        if cell.name in solutions:
            grade.auto_score = 0 if cell.name in untouched else None
        else:
            verdict = judged.pop((name, cell.name), None)
            if verdict is not None and verdict.outcome is Outcome.NOT_JUDGED:
                verdict = None
            if verdict is not None and verdict.max_points != cell.max_score:
                raise GradebookError(
                    f"it was judged with {verdict.max_points:g} points and recorded with {cell.max_score:g}",
                    f"{name}, cell '{cell.name}'",
                    "Build the assignment again, then grade again.",
                )
            grade.auto_score = verdict.points if verdict is not None else None
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    for comment in notebook.comments:
        silent = master[comment.cell_id].name in untouched
        comment.auto_comment = "No response." if silent else None


def _untouched(notebook: SubmittedNotebook, document: Any) -> set[str]:
    """The answer cells whose checksum is still the released one."""
    released = {cell.name: cell.checksum for cell in notebook.notebook.source_cells}
    found = set()
    for cell in document.cells if document is not None else ():
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if is_solution(cell) and grade_id in released and _checksum(cell) == released[grade_id]:
            found.add(grade_id)
    return found


def _checksum(cell: Any) -> str | None:
    if is_grade(cell) and "points" not in cell.metadata.nbgrader:
        return None
    return str(compute_checksum(cell))


def _penalise(course: Course, submission: SubmittedAssignment) -> None:
    """Ask the course's plugin for late submissions, notebook by notebook, and keep its answer in bounds."""
    with importable(course.root):
        penalties = AssignLatePenalties(config=course.config)
        penalties.init_plugin()
    late = penalties.plugin_inst.late_submission_penalty
    for notebook in submission.notebooks:
        penalty = late(submission.student_id, notebook.score, submission.total_seconds_late)
        if penalty is not None:
            notebook.late_submission_penalty = penalties._check_late_penalty(notebook, penalty)


def _utc(timestamp: datetime | str | None, student_id: str) -> datetime | None:
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
