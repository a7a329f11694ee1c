"""What nbgrader's gradebook already holds of an assignment; nothing here writes to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Assignment as Row
from nbgrader.api import BaseCell, Grade, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from nbjudge.master.course import Course
from nbjudge.record.gradebook import _refused, open_gradebook


def recorded_cells(course: Course, assignment: str) -> tuple[tuple[str, str, str, float], ...]:
    """Notebook, kind, grade id and points of each cell that the gradebook knows of an assignment, sorted."""
    with _row(course, assignment) as (_, row):
        cells = [(book.name, cell) for book in row.notebooks for cell in book._base_cells] if row else []
        return tuple(sorted((name, *_facts(cell)) for name, cell in cells))


def recorded_scores(course: Course, assignment: str) -> dict[str, dict[tuple[str, str], float | None]]:
    """The automatic scores by student, then by notebook and cell, of those who have a submission of the assignment."""
    with _row(course, assignment) as (gradebook, row):
        if gradebook is None or row is None:
            return {}
        scores: dict[str, dict[tuple[str, str], float | None]] = {}
        query = (
            gradebook.db.query(SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Grade.auto_score)
            .select_from(SubmittedAssignment)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .filter(SubmittedAssignment.assignment_id == row.id)
        )
        places: dict[tuple[str, str], tuple[str, str]] = {}  # one of each in memory, however large the class
        for student, notebook, cell, score in query:
            place = places.setdefault((notebook, cell), (notebook, cell))
            scores.setdefault(student, {})[place] = score
        return scores


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
