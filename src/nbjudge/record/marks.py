"""What nbgrader's own autograder would write of one notebook: automatic scores and comments. Values in, values out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nbgrader.utils import compute_checksum, is_grade, is_solution

from nbjudge.errors import GradebookError
from nbjudge.judge.verdict import Outcome, Verdict


@dataclass(frozen=True)
class MasterCell:
    """A cell as the gradebook knows it; a cell that a person grades is there twice, as grade and as solution."""

    id: str
    name: str
    kind: Literal["grade", "task", "solution"]
    max_score: float = 0.0


@dataclass(frozen=True)
class MasterNotebook:
    """A notebook as the gradebook knows it; ``checksums`` are those of the released cells, by grade id."""

    id: str
    name: str
    cells: tuple[MasterCell, ...]
    checksums: Mapping[str, str | None]


@dataclass(frozen=True)
class Marks:
    """Automatic scores and comments by the cells' ids; a task has neither, it is a person's alone."""

    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]


def absent(notebook: MasterNotebook) -> Marks:
    """Zero points for a notebook that was not handed in; there is nothing for a person to look at."""
    return Marks({cell.id: 0.0 for cell in notebook.cells if cell.kind != "solution"}, {})


def marks(
    notebook: MasterNotebook,
    document: Any,
    judged: dict[tuple[str, str], Verdict],
    unanswered: Collection[tuple[str, str]],
) -> Marks:
    """The marks of a notebook; takes the verdicts that it uses out of ``judged``.

    Raises GradebookError when a test was judged with other points than the gradebook has.
    """
    solutions = {cell.name for cell in notebook.cells if cell.kind == "solution"}
    untouched = _untouched(notebook, document) | {cell for place, cell in unanswered if place == notebook.name}
    scores: dict[str, float | None] = {}
    for cell in notebook.cells:
        if cell.kind != "grade":
            continue
        if cell.name in solutions:
            scores[cell.id] = 0.0 if cell.name in untouched else None
        else:
            scores[cell.id] = _points(notebook, cell, judged.pop((notebook.name, cell.name), None))
    comments = {
        cell.id: "No response." if cell.name in untouched else None for cell in notebook.cells if cell.kind != "grade"
    }
    return Marks(scores, comments)


def _points(notebook: MasterNotebook, cell: MasterCell, verdict: Verdict | None) -> float | None:
    if verdict is None or verdict.outcome is Outcome.NOT_JUDGED:
        return None
    if verdict.max_points != cell.max_score:
        raise GradebookError(
            f"it was judged with {verdict.max_points:g} points and recorded with {cell.max_score:g}",
            f"{notebook.name}, cell '{cell.name}'",
            "Build the assignment again, then grade again.",
        )
    return verdict.points


def _untouched(notebook: MasterNotebook, document: Any) -> set[str]:
    """The answer cells whose checksum is still the released one."""
    found = set()
    for cell in document.cells if document is not None else ():
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if is_solution(cell) and grade_id in notebook.checksums and _checksum(cell) == notebook.checksums[grade_id]:
            found.add(grade_id)
    return found


def _checksum(cell: Any) -> str | None:
    if is_grade(cell) and "points" not in cell.metadata.nbgrader:
        return None
    return str(compute_checksum(cell))
