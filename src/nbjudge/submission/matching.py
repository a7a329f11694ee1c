"""Which cell of a submission is which cell of the release: by grade id, cell id, content and, last, place."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nbjudge.master.notebook import Cell, Role

ANSWERS = (Role.ANSWER, Role.MANUAL)
# Below this share of common text two cells are not held to be the same one.
ALIKE = 0.8
# A notebook with more strange cells than this isn't worth the time; its cells are told apart by exact text.
_MOST_PAIRS = 2_000
# Nobody types a cell of this many characters; such a one is not looked into.
_LONGEST = 200_000
_BINDING = re.compile(
    r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^((?:\w+[ \t]*,[ \t]*)*\w+)[ \t]*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)
_PLACEHOLDER = re.compile(r"YOUR (CODE|ANSWER) HERE|raise NotImplementedError")


def settled(source: str) -> str:
    """The source without what editors change by themselves: line ends, trailing blanks, outer empty lines."""
    if len(source) > _LONGEST:
        return source.strip()
    return "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")


def bound_names(cell: Cell) -> frozenset[str]:
    """Names that a code cell's functions, classes and assignments bind at the start of a line.

    A search by pattern, since the other lines of an answer may be broken.
    """
    if cell.kind == "markdown" or len(cell.source) > _LONGEST:
        return frozenset()
    names = (name for found in _BINDING.finditer(cell.source) for name in (found[1] or found[2]).split(","))
    return frozenset(name.strip() for name in names if not keyword.iskeyword(name.strip()))


@dataclass
class Matching:
    """Which cell is which, by index.

    ``found`` maps a submission's cell to the released cell that it stands for; ``lost`` holds those
    recognised without their grade id; ``merged`` maps an answer to the cell of another one that holds it.
    """

    released: Sequence[Cell]
    handed_in: Sequence[Cell]
    found: dict[int, int] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    merged: dict[int, int] = field(default_factory=dict)

    def claims(self, index: int) -> list[int]:
        """The submission's cells that stand for the released cell, in the submission's order."""
        return sorted(mine for mine, theirs in self.found.items() if theirs == index)

    def open_released(self) -> list[int]:
        """Released cells that no cell of the submission stands for yet."""
        taken = set(self.found.values())
        return [index for index in range(len(self.released)) if index not in taken]

    def open_handed_in(self) -> list[int]:
        """The submission's cells that stand for no released cell yet."""
        return [index for index in range(len(self.handed_in)) if index not in self.found]

    def pair(self, mine: int, theirs: int) -> None:
        """Record that the submission's cell ``mine`` is the released cell ``theirs``."""
        self.found[mine] = theirs
        if self.released[theirs].grade_id != self.handed_in[mine].grade_id:
            self.lost.add(mine)


def match_cells(released: Sequence[Cell], handed_in: Sequence[Cell]) -> Matching:
    """Match the two, surest signs first. Several cells may stand for one answer (copies)."""
    matching = Matching(released, handed_in)
    _by_grade_id(matching)
    _by_cell_id(matching)
    _by_exact_text(matching)
    _by_bound_names(matching)
    _by_likeness(matching)
    _by_place(matching)
    _by_merging(matching)
    return matching


def _by_grade_id(matching: Matching) -> None:
    places = {cell.grade_id: index for index, cell in enumerate(matching.released) if cell.grade_id}
    for mine, cell in enumerate(matching.handed_in):
        if cell.grade_id in places:
            matching.pair(mine, places[cell.grade_id])


def _by_cell_id(matching: Matching) -> None:
    places = {cell.id: index for index, cell in enumerate(matching.released) if cell.id}
    unclaimed = set(matching.open_released())
    for mine in matching.open_handed_in():
        theirs = places.get(matching.handed_in[mine].id)
        # Beside a copy that kept the name, only an answer's own cell can still tell something.
        if theirs is not None and (theirs in unclaimed or matching.released[theirs].role in ANSWERS):
            matching.pair(mine, theirs)


def _by_exact_text(matching: Matching) -> None:
    theirs = _by_text(matching.released, matching.open_released())
    mine = _by_text(matching.handed_in, matching.open_handed_in())
    for text, places in theirs.items():
        # Where a text occurs several times (blank answers), only complete sets can be told apart.
        if text[1] and len(places) == len(mine.get(text, ())):
            for one, other in zip(mine[text], places, strict=True):
                matching.pair(one, other)


def _by_text(cells: Sequence[Cell], indices: Iterable[int]) -> dict[tuple[str, str], list[int]]:
    groups: dict[tuple[str, str], list[int]] = {}
    for index in indices:
        groups.setdefault((cells[index].kind, settled(cells[index].source)), []).append(index)
    return groups


def _by_bound_names(matching: Matching) -> None:
    """An answer whose stub defines ``f`` is the cell that defines ``f``, if no other released cell does."""
    bound = [bound_names(cell) for cell in matching.released]
    free = {mine: bound_names(matching.handed_in[mine]) for mine in matching.open_handed_in()}
    for theirs in matching.open_released():
        names = bound[theirs]
        if matching.released[theirs].role not in ANSWERS or not names:
            continue
        if any(names & others for index, others in enumerate(bound) if index != theirs):
            continue
        for mine, mine_bound in free.items():
            if names <= mine_bound and mine not in matching.found:
                matching.pair(mine, theirs)


def _by_likeness(matching: Matching) -> None:
    """Pairs of cells that are alike and more alike than either is to any other cell."""
    theirs = [i for i in matching.open_released() if matching.released[i].role is not Role.PLAIN]
    mine = matching.open_handed_in()
    if len(theirs) * len(mine) > _MOST_PAIRS:
        return
    pairs = [(one, other) for one in mine for other in theirs]
    scores = {pair: likeness(matching.released[pair[1]], matching.handed_in[pair[0]]) for pair in pairs}
    for (one, other), score in scores.items():
        rivals = [s for (a, b), s in scores.items() if (a == one) != (b == other)]
        if score >= ALIKE and all(score > rival for rival in rivals):
            matching.pair(one, other)


def likeness(released: Cell, handed_in: Cell) -> float:
    """The share of common lines by length, 0 to 1.

    Of an answer only the stub counts, without its placeholders: what the student added is no difference.
    """
    if released.kind != handed_in.kind or len(handed_in.source) > _LONGEST:
        return 0.0
    stub = settled(released.source).splitlines()
    other = settled(handed_in.source).splitlines()
    answer = released.role in ANSWERS
    if answer:
        stub = [line for line in stub if not _PLACEHOLDER.search(line)]
    common = _length((Counter(stub) & Counter(other)).elements())
    whole = _length(stub) if answer else (_length(stub) + _length(other)) / 2
    return common / whole if whole >= 20 else 0.0


def _length(lines: Iterable[str]) -> int:
    return sum(map(len, lines))


def _by_place(matching: Matching) -> None:
    """An answer is the one strange cell of its kind between the same two neighbours, if there is just one."""
    for theirs in matching.open_released():
        cell = matching.released[theirs]
        below = max((index for index in matching.found.values() if index < theirs), default=-1)
        above = min((index for index in matching.found.values() if index > theirs), default=len(matching.released))
        low = max(matching.claims(below), default=-1)
        high = min(matching.claims(above), default=len(matching.handed_in))
        rivals = [
            index
            for index in matching.open_released()
            if below < index < above
            and matching.released[index].role in ANSWERS
            and matching.released[index].kind == cell.kind
        ]
        strange = [
            index
            for index in matching.open_handed_in()
            if low < index < high and matching.handed_in[index].kind == cell.kind
        ]
        if rivals == [theirs] and len(strange) == 1:
            own = matching.handed_in[strange[0]]
            if settled(own.source) and bound_names(cell) <= bound_names(own):
                matching.pair(strange[0], theirs)


def _by_merging(matching: Matching) -> None:
    """An answer without a cell of its own may stand in the cell of another, where the two were merged."""
    for theirs in matching.open_released():
        names = bound_names(matching.released[theirs])
        if matching.released[theirs].role not in ANSWERS or not names:
            continue
        for mine, host in sorted(matching.found.items()):
            cell, own = matching.handed_in[mine], matching.released[host]
            if cell.kind == "code" and names <= bound_names(cell) and not names & bound_names(own):
                matching.merged[theirs] = mine
                if own.role not in ANSWERS and own.role is not Role.PLAIN:
                    # The fixed cell is put back from the release, so what remains here is the answer.
                    matching.found[mine] = theirs
                break
