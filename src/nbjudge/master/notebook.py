"""Notebooks in nbgrader's source format, as plain values.

A master's cells have roles. An *exercise* is an answer cell together with the test cells that follow it, up
to the next answer cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a cell is for, read from nbgrader's cell metadata (schema version 3)."""

    PLAIN = "plain"  # no nbgrader metadata: the student may edit it
    LOCKED = "locked"  # read-only and worth nothing
    ANSWER = "answer"  # the student's code, tested by later cells
    TEST = "test"  # autograded tests, worth points
    MANUAL = "manual"  # an answer that a person grades
    TASK = "task"  # a task that a person grades


@dataclass(frozen=True)
class Cell:
    """One cell. ``grade_id`` is nbgrader's name for it (None for plain cells), ``id`` nbformat's."""

    index: int
    kind: str  # "code", "markdown" or "raw"
    role: Role
    source: str
    id: str
    grade_id: str | None = None
    points: float = 0.0


@dataclass(frozen=True)
class Exercise:
    """An answer cell and the test cells that grade it; named by the answer's grade id."""

    name: str
    answer: Cell
    tests: tuple[Cell, ...]


@dataclass(frozen=True)
class Notebook:
    """A notebook's cells with their roles; ``name`` is the file's stem."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def tests(self) -> tuple[Cell, ...]:
        """The autograded test cells, in order."""
        return tuple(cell for cell in self.cells if cell.role is Role.TEST)

    @property
    def given(self) -> tuple[str, ...]:
        """The sources of the code that staff hand out as it stands: all but answers."""
        answers = (Role.ANSWER, Role.MANUAL)
        return tuple(cell.source for cell in self.cells if cell.kind == "code" and cell.role not in answers)

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Answer cells paired with the tests that follow them; answers without tests are left out."""
        groups: list[tuple[Cell, list[Cell]]] = []
        for cell in self.cells:
            if cell.role is Role.ANSWER:
                groups.append((cell, []))
            elif cell.role is Role.TEST and groups:
                groups[-1][1].append(cell)
        return tuple(Exercise(str(answer.grade_id), answer, tuple(tests)) for answer, tests in groups if tests)


def role_of(metadata: dict[str, Any]) -> Role:
    """The role that a cell's ``nbgrader`` metadata gives it."""
    if metadata.get("task"):
        return Role.TASK
    grade, solution = bool(metadata.get("grade")), bool(metadata.get("solution"))
    if grade and solution:
        return Role.MANUAL
    if grade:
        return Role.TEST
    if solution:
        return Role.ANSWER
    return Role.LOCKED if metadata.get("locked") else Role.PLAIN


def read_notebook(content: dict[str, Any], name: str) -> Notebook:
    """Turn an nbformat 4 document (a mapping, already valid) into a Notebook."""
    cells = []
    for index, raw in enumerate(content["cells"]):
        about = raw.get("metadata", {}).get("nbgrader") or {}
        source = raw["source"] if isinstance(raw["source"], str) else "".join(raw["source"])
        cells.append(
            Cell(
                index=index,
                kind=raw["cell_type"],
                role=role_of(about),
                source=source,
                id=str(raw.get("id", "")),
                grade_id=about.get("grade_id"),
                points=float(about.get("points") or 0.0),
            )
        )
    return Notebook(name, tuple(cells))
