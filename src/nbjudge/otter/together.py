"""Known mistakes and variants as submissions: each alone, or in few that try a sample in each of several exercises."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from nbjudge.master.assignment import Assignment
from nbjudge.master.bindings import bound_names, parse
from nbjudge.master.course import Course
from nbjudge.master.flow import needed_names
from nbjudge.master.mistakes import Sample
from nbjudge.master.notebook import Notebook, Role

Groups = dict[str, list[Sample]]  # by the name of the submission that tries them


def alone(course: Course, master: Assignment) -> Groups:
    """Every sample by itself, as "mistake-EXERCISE-NAME" or "variant-EXERCISE-NAME"."""
    kinds = {"mistake": course.mistakes(master), "variant": course.variants(master)}
    return {f"{kind}-{one.exercise}-{one.name}": [one] for kind, samples in kinds.items() for one in samples}


def together(course: Course, master: Assignment) -> Groups:
    """All samples in few groups, "together-01" and so on, in none of which one exercise builds on another.

    So a sample's tests meet right answers besides it, as when it is handed in alone.
    """
    samples = [one for group in alone(course, master).values() for one in group]
    needs: dict[str, set[str]] = {}
    for notebook in master.notebooks:
        needs |= built_on(notebook, samples)
    groups: list[list[Sample]] = []
    for sample in samples:
        fits = (group for group in groups if all(_apart(sample.exercise, one.exercise, needs) for one in group))
        group = next(fits, [])
        groups += [] if group else [group]
        group.append(sample)
    return {f"together-{number:02}": group for number, group in enumerate(groups, 1)}


def built_on(notebook: Notebook, samples: Sequence[Sample] = ()) -> dict[str, set[str]]:
    """For each exercise, itself and those whose answers its own, or its tests, may use: told from names they read."""
    found: dict[str, set[str]] = {exercise.name: {exercise.name} for exercise in notebook.exercises}
    exercise = ""
    origins: dict[str, set[str]] = {}  # of a name, the exercises that its value may come from
    for cell in notebook.cells:
        if cell.kind != "code":
            continue
        names = _names(cell.source, needed_names)
        if cell.role is Role.ANSWER:
            exercise = str(cell.grade_id)
            for sample in samples:
                if sample.exercise == exercise:
                    names |= _names(sample.source, needed_names) - _names(sample.source, bound_names)
        used = set().union(*(origins.get(name, set()) for name in names))
        if cell.role in (Role.ANSWER, Role.TEST) and exercise in found:
            found[exercise] |= used
            used = found[exercise] if cell.role is Role.ANSWER else used
        origins |= dict.fromkeys(_names(cell.source, bound_names), used)
    return found


def _names(source: str, which: Callable[[list[ast.stmt]], set[str]]) -> set[str]:
    tree = parse(source)
    return set(which(tree.body)) if tree else set()


def _apart(one: str, other: str, needs: dict[str, set[str]]) -> bool:
    return one not in needs[other] and other not in needs[one]
