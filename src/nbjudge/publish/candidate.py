"""Candidates: the master with known answers in place of the solution, as steps to be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nbjudge.master.bindings import bound_names, parse
from nbjudge.master.flow import needed_names
from nbjudge.master.markers import without_markers
from nbjudge.master.notebook import Cell, Notebook, Role
from nbjudge.submission.repair import Step


def candidate(
    master: Notebook, answers: Mapping[str, str] | None = None, tests: Sequence[str] | None = None
) -> tuple[Step, ...]:
    """The steps of a notebook whose answer cells hold ``answers`` by grade id, and the solution elsewhere.

    With ``tests``, cells that these tests don't need are left out: a demonstration, another exercise's tests.
    A cell is needed if it binds a name that a later needed cell reads.
    """
    answers = answers or {}
    steps = [_step(cell, answers) for cell in master.cells if cell.kind == "code"]
    return tuple(steps if tests is None else _needed(steps, set(tests)))


def _step(cell: Cell, answers: Mapping[str, str]) -> Step:
    if cell.role is Role.TEST:
        return Step("test", cell, cell.source, cell.grade_id)
    source = cell.source
    if cell.role in (Role.ANSWER, Role.MANUAL):
        source = answers.get(str(cell.grade_id), without_markers(cell.source))
    return Step("student", cell, source, cell.grade_id)


def _needed(steps: Sequence[Step], tests: set[str]) -> list[Step]:
    kept: list[Step] = []
    names: set[str] = set()
    for step in reversed(steps):
        tree = parse(step.source)
        wanted = step.grade_id in tests or step.cell.role in (Role.ANSWER, Role.MANUAL)
        if tree is None:
            if wanted:
                kept.append(step)
            continue
        if wanted or (names and bound_names(tree.body) & names):
            kept.append(step)
            names |= needed_names(tree.body)
    return kept[::-1]
