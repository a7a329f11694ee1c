"""What nbgrader's gradebook already holds of an assignment; nothing here writes to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Assignment as Row
from nbgrader.api import BaseCell, Gradebook, SubmittedAssignment
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from nbjudge.course import Course
from nbjudge.gradebook import _refused, open_gradebook


def recorded_cells(course: Course, assignment: str) -> tuple[tuple[str, str, str, float], ...]:
    """Notebook, kind, grade id and points of each cell that the gradebook knows of an assignment, sorted."""
    with _row(course, assignment) as (_, row):
        cells = [(book.name, cell) for book in row.notebooks for cell in book._base_cells] if row else []
        return tuple(sorted((name, *_facts(cell)) for name, cell in cells))


def recorded_scores(course: Course, assignment: str) -> dict[str, float]:
    """The sum of the automatic scores by student, for those who have a submission of the assignment."""
    with _row(course, assignment) as (gradebook, row):
        if gradebook is None or row is None:
            return {}
        submissions = gradebook.db.query(SubmittedAssignment).filter_by(assignment_id=row.id)
        return {
            one.student_id: sum(grade.auto_score or 0.0 for book in one.notebooks for grade in book.grades)
            for one in submissions
        }


def _facts(cell: BaseCell) -> tuple[str, str, float]:
    return str(cell.type), str(cell.name), float(getattr(cell, "max_score", 0.0) or 0.0)


@contextmanager
def _row(course: Course, assignment: str) -> Iterator[tuple[Gradebook | None, Row | None]]:
    """The gradebook and the assignment in it, as far as they are there; no gradebook is made."""
    place = make_url(course.gradebook_url)
    if place.get_backend_name() == "sqlite" and not Path(str(place.database)).is_file():
        yield None, None
        return
    gradebook = open_gradebook(course)
    try:
        yield gradebook, gradebook.db.query(Row).filter_by(name=assignment).one_or_none()
    except SQLAlchemyError as error:
        raise _refused(course, error) from error
    finally:
        gradebook.close()
