"""The rows of one submission in nbgrader's gradebook: read, made where they are missing, and filled in.

Whole rows at a time: nbgrader's objects, one after the other, take ten times as long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    MissingEntry,
    Notebook,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from nbjudge.record.marks import Marks, MasterCell, MasterNotebook

_KINDS: Mapping[str, Any] = {"GradeCell": "grade", "TaskCell": "task", "SolutionCell": "solution"}


@dataclass(frozen=True)
class Master:
    """An assignment as the gradebook knows it."""

    id: str
    notebooks: tuple[MasterNotebook, ...]


def read_master(session: Session, assignment: str) -> Master:
    """The assignment's notebooks and cells; raises nbgrader's MissingEntry if the gradebook has none such."""
    found = session.execute(select(Assignment.id).where(Assignment.name == assignment)).scalar_one_or_none()
    if found is None:
        raise MissingEntry(f"No such assignment: {assignment}")
    books = session.execute(select(Notebook.id, Notebook.name).where(Notebook.assignment_id == found)).all()
    return Master(found, tuple(_notebook(session, one.id, one.name) for one in books))


def _notebook(session: Session, key: str, name: str) -> MasterNotebook:
    most = {row.id: row.max_score for table in (GradeCell, TaskCell) for row in session.execute(_points(table, key))}
    base = _table(BaseCell)
    cells = session.execute(select(base.c.id, base.c.name, base.c.type).where(base.c.notebook_id == key)).all()
    sources = select(SourceCell.name, SourceCell.checksum).where(SourceCell.notebook_id == key)
    return MasterNotebook(
        key,
        name,
        tuple(MasterCell(one.id, one.name, _KINDS[one.type], most.get(one.id) or 0.0) for one in cells),
        {one.name: one.checksum for one in session.execute(sources)},
    )


def _points(kind: Any, notebook: str) -> Any:
    own, base = _table(kind), _table(BaseCell)
    return select(own.c.id, own.c.max_score).join(base, base.c.id == own.c.id).where(base.c.notebook_id == notebook)


def find_or_add_submission(session: Session, master: Master, student: str, when: datetime | None) -> str:
    """The id of a student's submission, made with the student and the notebooks if it is new; its time is set."""
    if session.execute(select(Student.id).where(Student.id == student)).first() is None:
        session.execute(insert(_table(Student)), [{"id": student}])
    own = _table(SubmittedAssignment)
    where = (own.c.assignment_id == master.id, own.c.student_id == student)
    key = session.execute(select(own.c.id).where(*where)).scalar_one_or_none()
    if key is None:
        key = new_uuid()
        values = {"id": key, "assignment_id": master.id, "student_id": student, "timestamp": when}
        session.execute(insert(own), [values])
    elif when is not None:
        session.execute(update(own).where(own.c.id == key).values(timestamp=when))
    return str(key)


def find_or_add_notebooks(session: Session, master: Master, submission: str) -> dict[str, str]:
    """The ids of a submission's notebooks by those of the master's; penalties of an earlier time are taken away."""
    own = _table(SubmittedNotebook)
    where = (own.c.notebook_id.in_([one.id for one in master.notebooks]), own.c.assignment_id == submission)
    rows = session.execute(select(own.c.notebook_id, own.c.id).where(*where)).all()
    found = {row.notebook_id: row.id for row in rows}
    if found:
        session.execute(update(own).where(*where).values(late_submission_penalty=None))
    new = [
        {"id": new_uuid(), "assignment_id": submission, "notebook_id": one.id, "flagged": False}
        for one in master.notebooks
        if one.id not in found
    ]
    _add(session, own, new)
    return found | {str(row["notebook_id"]): str(row["id"]) for row in new}


def write_marks(session: Session, notebook: str, master: MasterNotebook, marks: Marks) -> None:
    """Set a submitted notebook's automatic scores and comments; what a person gave stays."""
    _write_scores(session, notebook, master, marks.scores)
    _write_comments(session, notebook, master, marks.comments)


def _write_scores(session: Session, notebook: str, master: MasterNotebook, scores: Mapping[str, float | None]) -> None:
    own = _table(Grade)
    wanted = select(own.c.id, own.c.cell_id, own.c.manual_score)
    rows = session.execute(wanted.where(*_of(own, notebook, master)))
    old = {row.cell_id: (row.id, row.manual_score is not None) for row in rows}
    new, changed = [], []
    for cell in master.cells:
        if cell.kind == "solution":
            continue
        score = scores.get(cell.id)
        values = {"auto_score": score, "needs_manual_grade": score is None or old.get(cell.id, ("", False))[1]}
        if cell.id not in old:
            new.append({"id": new_uuid(), "notebook_id": notebook, "cell_id": cell.id, **values})
        elif cell.id in scores:
            changed.append({"key": old[cell.id][0], **values})
    _add(session, own, new)
    _change(session, own, changed)


def _write_comments(
    session: Session, notebook: str, master: MasterNotebook, comments: Mapping[str, str | None]
) -> None:
    own = _table(Comment)
    rows = session.execute(select(own.c.id, own.c.cell_id).where(*_of(own, notebook, master)))
    old = {row.cell_id: row.id for row in rows}
    cells = [cell.id for cell in master.cells if cell.kind != "grade"]
    _add(
        session,
        own,
        [
            {"id": new_uuid(), "notebook_id": notebook, "cell_id": cell, "auto_comment": comments.get(cell)}
            for cell in cells
            if cell not in old
        ],
    )
    changed = [{"key": old[cell], "auto_comment": text} for cell, text in comments.items() if cell in old]
    _change(session, own, changed)


def _of(table: Table, notebook: str, master: MasterNotebook) -> tuple[Any, ...]:
    """A submitted notebook's rows. The cells are named because nbgrader's index begins with them."""
    return table.c.cell_id.in_([cell.id for cell in master.cells]), table.c.notebook_id == notebook


def _add(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), list(rows))


def _change(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        names = [name for name in rows[0] if name != "key"]
        wanted = update(table).where(table.c.id == bindparam("key")).values({name: bindparam(name) for name in names})
        session.connection().execute(wanted, list(rows))


def _table(kind: Any) -> Table:
    table: Table = kind.__table__
    return table
