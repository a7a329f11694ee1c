"""The order in which a submission's cells run: the student's where it makes sense, else the assignment's."""

from __future__ import annotations

from collections.abc import Sequence

from nbjudge.master.notebook import Cell, Role
from nbjudge.submission.answers import FIXED, Answers
from nbjudge.submission.matching import ANSWERS, Matching, settled

# A place in the order of execution: the index of a released cell and of the submission's cell that stands for
# it. Either is None where there is no such cell.
Place = tuple[int | None, int | None]


def students_order(matching: Matching, answers: Answers) -> list[Place]:
    """The submission's cells as they stand; copies of fixed cells run only if the student wrote into them."""
    places: list[Place] = []
    seen: set[int] = set()
    for mine, cell in enumerate(matching.handed_in):
        theirs = matching.found.get(mine)
        if mine in answers.dropped:
            continue
        if theirs is None:
            places.append((None, mine))
        elif matching.released[theirs].role in ANSWERS:
            places.append((theirs, mine) if answers.holders[theirs] == mine else (None, mine))
        elif theirs not in seen:
            places.append((theirs, mine))
        elif settled(cell.source) != settled(matching.released[theirs].source):
            places.append((None, mine))
        if theirs is not None:
            seen.add(theirs)
    return places


def is_consistent(places: list[Place], released: Sequence[Cell]) -> bool:
    """Whether fixed code cells keep their order, and answers stand behind and in front of what they did.

    An answer may stand in front of tests of other answers, but not of released code that it may build on.
    """
    latest_fixed = latest_answer = -1
    for theirs, _ in places:
        if theirs is None or released[theirs].kind != "code":
            continue
        role = released[theirs].role
        if role in (*FIXED, *ANSWERS) and theirs < latest_fixed:
            return False
        if role in (Role.PLAIN, Role.LOCKED) and theirs < latest_answer:
            return False
        if role in FIXED:
            latest_fixed = theirs
        if role in ANSWERS:
            latest_answer = max(latest_answer, theirs)
    return True


def masters_order(places: list[Place]) -> list[Place]:
    """Released cells in the assignment's order, each followed by the student's own that stood behind it."""
    anchored: list[tuple[int, Place]] = []
    anchor = -1
    for place in places:
        anchor = place[0] if place[0] is not None else anchor
        anchored.append((anchor, place))
    return [place for _, place in sorted(anchored, key=lambda pair: pair[0])]


def after_predecessors(places: list[Place], index: int, released: Sequence[Cell]) -> int:
    """Behind all that the released cell follows in the assignment, ahead of the fixed cells behind it."""
    end = next((at for at, (theirs, _) in enumerate(places) if _is_fixed_after(theirs, index, released)), len(places))
    before = [at for at, (theirs, _) in enumerate(places[:end]) if theirs is not None and theirs < index]
    return before[-1] + 1 if before else 0


def _is_fixed_after(theirs: int | None, index: int, released: Sequence[Cell]) -> bool:
    return theirs is not None and theirs > index and released[theirs].role in FIXED and released[theirs].kind == "code"
