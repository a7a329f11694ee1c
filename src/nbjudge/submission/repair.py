"""Putting a student's answers back into the released notebook, however damaged the submission is.

Pure: values in, values out. A repair never invents an answer; it only says which of the student's cells is
which, and takes locked and test cells from the assignment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from nbjudge.master.notebook import Cell, Notebook, Role, read_notebook
from nbjudge.submission.answers import FIXED, Answers, choose_answers
from nbjudge.submission.matching import ANSWERS, Matching, match_cells, settled
from nbjudge.submission.ordering import Place, after_predecessors, is_consistent, masters_order, students_order

_WORDS = {Role.TEST: "test", Role.LOCKED: "locked cell", Role.TASK: "task"}


@dataclass(frozen=True)
class Step:
    """One code cell to execute; ``source`` is what runs.

    ``cell`` is the master's for a test, the student's own for a cell without a grade id, else the release's.
    """

    kind: Literal["student", "test"]
    cell: Cell
    source: str
    grade_id: str | None


@dataclass(frozen=True)
class Repaired:
    """What will be executed, in order; sentences about what was mended; grade ids left unanswered.

    ``answers`` maps the grade id of each answer and manual cell found to what the student wrote there.
    """

    steps: tuple[Step, ...]
    repairs: tuple[str, ...]
    unanswered: tuple[str, ...]
    answers: Mapping[str, str] = field(default_factory=dict)


def repair(master: Notebook, released: Notebook, document: Mapping[str, Any]) -> Repaired:
    """Find the student's answers in ``document`` (as read_submission_notebook gives it) and order the cells.

    The student's own order is kept unless an answer or a fixed cell was moved behind what depends on it.
    """
    handed_in = read_notebook(dict(document), released.name).cells
    matching = match_cells(released.cells, handed_in)
    answers = choose_answers(matching)
    places = students_order(matching, answers)
    moved = not is_consistent(places, released.cells)
    if moved:
        places = masters_order(places)
    places, missing = _with_missing(places, matching, answers)
    tests = {cell.grade_id: cell for cell in master.tests}
    steps = [step for place in places if (step := _step(place, matching, answers, tests)) is not None]
    repairs = [*_lost_notes(matching), *answers.notes, *_fixed_notes(matching), *missing]
    if moved:
        repairs.append("Cells had been moved; they were put back in the assignment's order.")
    found = {str(released.cells[index].grade_id): source for index, source in answers.sources.items()}
    return Repaired(tuple(steps), tuple(repairs), _unanswered(matching, answers), found)


def _with_missing(places: list[Place], matching: Matching, answers: Answers) -> tuple[list[Place], list[str]]:
    """Put back the code cells that the student deleted, and say so."""
    places, notes = list(places), []
    present = {theirs for theirs, _ in places if theirs is not None}
    for index, cell in enumerate(matching.released):
        if index in present or cell.role not in (*FIXED, *ANSWERS) or index in answers.sources:
            continue
        if cell.role in ANSWERS:
            notes.append(f"The answer {cell.grade_id} is missing; it counts as blank.")
        elif cell.kind == "code":
            notes.append(f"The {_WORDS[cell.role]} {cell.grade_id} was missing; it was put back.")
        at = after_predecessors(places, index, matching.released)
        # The student's own cells behind an answer may belong to it, so a test waits for them.
        while cell.role is Role.TEST and at < len(places) and places[at][0] is None:
            at += 1
        places.insert(at, (index, None))
    return places, notes


def _step(place: Place, matching: Matching, answers: Answers, tests: Mapping[str | None, Cell]) -> Step | None:
    """The step at a place; None where nothing runs."""
    theirs, mine = place
    cell = None if theirs is None else matching.released[theirs]
    own = None if mine is None else matching.handed_in[mine]
    if cell is not None and cell.role in FIXED:
        test = tests.get(cell.grade_id, cell)
        if cell.kind != "code":
            return None
        if cell.role is Role.TEST:
            return Step("test", test, test.source, test.grade_id)
        return Step("student", cell, cell.source, cell.grade_id)
    if cell is not None and theirs is not None and cell.role in ANSWERS and cell.kind == "code":
        return Step("student", cell, answers.sources.get(theirs, cell.source), cell.grade_id)
    if own is None or own.kind != "code":
        return None
    return Step("student", own, own.source, cell.grade_id if cell is not None else None)


def _lost_notes(matching: Matching) -> list[str]:
    """One sentence about all cells that were recognised without their name."""
    named = {matching.found[mine] for mine in matching.lost}
    names = [str(matching.released[i].grade_id) for i in sorted(named) if matching.released[i].grade_id]
    if not names:
        return []
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    return [f"nbgrader's names were lost in some cells; recognised by cell id, content or place: {shown}."]


def _fixed_notes(matching: Matching) -> list[str]:
    """Sentences about fixed cells whose text, kind, marks or role were changed."""
    notes = []
    for index, cell in enumerate(matching.released):
        claims = [matching.handed_in[mine] for mine in matching.claims(index)]
        if not claims or not cell.grade_id:
            continue
        what = f"{_WORDS.get(cell.role, 'answer')} {cell.grade_id}"
        if cell.role in (*FIXED, Role.TASK) and all(
            (own.kind, settled(own.source)) != (cell.kind, settled(cell.source)) for own in claims
        ):
            notes.append(f"The {what} had been edited; the assignment's own version was used.")
        if cell.role not in ANSWERS and len(claims) > 1:
            notes.append(f"The {what} was there {len(claims)} times.")
        named = [own for own in claims if own.grade_id == cell.grade_id]
        if any((own.role, own.points) != (cell.role, cell.points) for own in named):
            notes.append(f"The settings or marks of the {what} had been changed; the assignment's own count.")
    return notes


def _unanswered(matching: Matching, answers: Answers) -> tuple[str, ...]:
    """Answers left as released, and tasks behind which the student added nothing."""
    blank = []
    for index, cell in enumerate(matching.released):
        source = settled(answers.sources.get(index, ""))
        if cell.role in ANSWERS and source in ("", settled(cell.source)):
            blank.append(str(cell.grade_id))
        if cell.role is Role.TASK:
            after = [mine + 1 for mine in matching.claims(index)]
            strangers = matching.open_handed_in()
            if not any(mine in strangers and matching.handed_in[mine].source.strip() for mine in after):
                blank.append(str(cell.grade_id))
    return tuple(blank)
