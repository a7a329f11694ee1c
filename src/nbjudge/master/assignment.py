"""A master: everything that one assignment is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbjudge.errors import CourseError
from nbjudge.master.markers import check_markers
from nbjudge.master.notebook import Notebook
from nbjudge.master.schema import check_document


@dataclass(frozen=True)
class Assignment:
    """A master: its notebooks, in order of name, and the other files that students get with them.

    ``files`` are paths relative to the assignment's folder, with forward slashes. ``documents`` holds each
    notebook's nbformat 4 document by the notebook's name.
    """

    name: str
    notebooks: tuple[Notebook, ...]
    files: tuple[str, ...]
    documents: Mapping[str, Any]

    @property
    def exercises(self) -> tuple[str, ...]:
        """The names of all exercises, in order."""
        return tuple(exercise.name for notebook in self.notebooks for exercise in notebook.exercises)

    @property
    def tests(self) -> tuple[str, ...]:
        """The grade ids of all autograded tests, in order."""
        return tuple(str(cell.grade_id) for notebook in self.notebooks for cell in notebook.tests)


def check_master(master: Assignment) -> None:
    """Raise one CourseError that lists everything nbgrader or nbjudge would stumble over in a master."""
    problems = []
    for notebook in master.notebooks:
        problems += check_document(master.documents[notebook.name], notebook.name)
        problems += check_markers(notebook)
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        listed = "".join(f"\n  {problem}" for problem in problems)
        raise CourseError(f"{count} in the master:{listed}", master.name)
