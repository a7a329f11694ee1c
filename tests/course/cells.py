"""Runs a master notebook's test cells in this process, against any answers.

Neither nbgrader nor nbjudge: it only executes cells in one namespace, in order, so that the course's own
tests can be tested in seconds.
"""

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # autograder/ is imported from the course's root

Answer = Callable[..., Any]


def master(assignment: str) -> nbformat.NotebookNode:
    """The assignment's source notebook; it has the assignment's name."""
    return nbformat.read(ROOT / "source" / assignment / f"{assignment}.ipynb", as_version=4)


def role(cell: nbformat.NotebookNode) -> tuple[bool, bool]:
    """Whether the cell is graded, and whether it is an answer."""
    about = cell.metadata.get("nbgrader", {})
    return bool(about.get("grade")), bool(about.get("solution"))


def is_test(cell: nbformat.NotebookNode) -> bool:
    """Whether it is a cell of autograded tests."""
    return role(cell) == (True, False) and cell.cell_type == "code"


def grade_id(cell: nbformat.NotebookNode) -> str:
    """nbgrader's name for the cell."""
    return str(cell.metadata.nbgrader.grade_id)


def verdicts(
    notebook: nbformat.NotebookNode, answers: dict[str, Answer], exercise: str = ""
) -> Iterator[tuple[str, str]]:
    """Run the imports, the answers (the solutions where none are given) and the test cells, in order.

    Yields each test's grade id and its error, "" if it passed; those of one exercise only, if it is named.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    current = ""
    for cell in notebook.cells:
        if cell.id == "imports":
            exec(cell.source, namespace)
        elif role(cell) == (False, True):
            current = grade_id(cell)
            if current in answers:
                namespace[current] = answers[current]
            else:
                exec(cell.source, namespace)
        elif is_test(cell) and exercise in ("", current):
            yield grade_id(cell), _error(cell.source, namespace)


def _error(source: str, namespace: dict[str, Any]) -> str:
    try:
        exec(source, namespace)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def collection(assignment: str, kind: str, exercise: str) -> dict[str, Answer]:
    """The mistakes or the variants of an exercise, by name."""
    module = importlib.import_module(f"autograder.{assignment.replace('-', '_')}.{kind}.{exercise}")
    return {name: value for name, value in vars(module).items() if _is_public(name, value, module)}


def samples(assignment: str, kind: str, exercises: Sequence[str]) -> list[Any]:
    """Parameters for a test of every mistake or variant: its exercise and the answer."""
    return [
        pytest.param(exercise, answer, id=f"{exercise}-{name}")
        for exercise in exercises
        for name, answer in collection(assignment, kind, exercise).items()
    ]


def failures(notebook: nbformat.NotebookNode, answers: dict[str, Answer], exercise: str = "") -> dict[str, str]:
    """The tests that fail, with their errors."""
    return {test: error for test, error in verdicts(notebook, answers, exercise) if error}


def blank(*args: object, **kwargs: object) -> None:
    """An exercise that nobody has touched."""
    raise NotImplementedError


def nothing(*args: object, **kwargs: object) -> None:
    """An answer without a return."""


def input_returned(*args: object, **kwargs: object) -> tuple[object, ...]:
    """An answer that gives back what it got."""
    return args


def _is_public(name: str, value: object, module: ModuleType) -> bool:
    ours = (inspect.isfunction(value) or inspect.isclass(value)) and value.__module__ == module.__name__
    return ours and not name.startswith("_")
