"""Runs a master notebook's test cells in this process, against any answers.

Neither nbgrader nor nbjudge: it only executes cells in one namespace, in order, so that the course's own
tests can be tested in seconds.
"""

import importlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat

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


def grade_id(cell: nbformat.NotebookNode) -> str:
    """nbgrader's name for the cell."""
    return str(cell.metadata.nbgrader.grade_id)


def failures(notebook: nbformat.NotebookNode, answers: dict[str, Answer]) -> dict[str, str]:
    """Run the imports, the solutions or ``answers`` in their place, and every test cell.

    Returns the error of each failing test cell by its grade id, "" for one that passed.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    errors: dict[str, str] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if cell.id == "imports":
            exec(cell.source, namespace)
        elif role(cell) == (False, True):
            name = grade_id(cell)
            if name in answers:
                namespace[name] = answers[name]
            else:
                exec(cell.source, namespace)
        elif role(cell) == (True, False):
            errors[grade_id(cell)] = _error(cell.source, namespace)
    return errors


def _error(source: str, namespace: dict[str, Any]) -> str:
    try:
        exec(source, namespace)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def checks_of(notebook: nbformat.NotebookNode, exercise: str) -> list[str]:
    """The grade ids of the test cells that follow the exercise's answer, up to the next answer."""
    found: list[str] = []
    current = ""
    for cell in notebook.cells:
        if role(cell) == (False, True):
            current = grade_id(cell)
        elif role(cell) == (True, False) and current == exercise:
            found.append(grade_id(cell))
    return found


def collection(assignment: str, kind: str, exercise: str) -> dict[str, Answer]:
    """The mistakes or the variants of an exercise, by name."""
    module = importlib.import_module(f"autograder.{assignment.replace('-', '_')}.{kind}.{exercise}")
    return {name: value for name, value in vars(module).items() if _is_public(name, value, module)}


def _is_public(name: str, value: object, module: ModuleType) -> bool:
    ours = (inspect.isfunction(value) or inspect.isclass(value)) and value.__module__ == module.__name__
    return ours and not name.startswith("_")
