"""What the student answered: one source for each answer cell, whatever became of the cell."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbjudge.master.notebook import Cell, Role
from nbjudge.submission.matching import ANSWERS, Matching, bound_names, settled

# Cells that always come from the assignment.
FIXED = (Role.TEST, Role.LOCKED)
# More pieces or characters than this are not joined: nobody splits a cell so by accident.
_MOST_PIECES, _LONGEST = 6, 50_000


@dataclass
class Answers:
    """By the released answer's index: what the student wrote (``sources``) and in which cell (``holders``).

    ``dropped`` are the submission's cells that don't run; ``notes`` are sentences about what was mended.
    """

    sources: dict[int, str] = field(default_factory=dict)
    holders: dict[int, int] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def choose_answers(matching: Matching) -> Answers:
    """The student's source for each answer cell found; blank copies and pieces of split cells are dropped."""
    answers = Answers()
    for index, cell in enumerate(matching.released):
        claims = matching.claims(index)
        if cell.role not in ANSWERS or not claims:
            continue
        pieces = _split_pieces(matching, cell, claims)
        what = f"The answer {cell.grade_id}"
        chosen = pieces[0] if pieces else _last_answer(matching, cell, claims)
        if pieces:
            answers.notes.append(f"{what} had been split into {len(pieces)} cells; they were joined.")
            answers.dropped.update(pieces[1:])
        elif len(claims) > 1:
            count = f"{what} was there {len(claims)} times"
            answers.notes.append(f"{count}; the last one that is not blank was taken.")
            answers.dropped.update(
                claim for claim in claims if claim != chosen and _is_blank(matching.handed_in[claim], cell)
            )
        source = "\n".join(matching.handed_in[piece].source for piece in pieces or [chosen])
        answers.sources[index], answers.holders[index] = _without_fixed(source, matching), chosen
        if matching.handed_in[chosen].kind != cell.kind == "code":
            answers.notes.append(f"{what} had been turned into text; it was taken as code.")
    _take_merged(matching, answers)
    return answers


def _is_blank(cell: Cell, released: Cell) -> bool:
    return settled(cell.source) in ("", settled(released.source))


def _last_answer(matching: Matching, cell: Cell, claims: Sequence[int]) -> int:
    """The last copy that isn't blank; copies that define what the stub defines go first."""
    written = [claim for claim in claims if not _is_blank(matching.handed_in[claim], cell)]
    names = bound_names(cell)
    defining = [claim for claim in written if names <= bound_names(matching.handed_in[claim])]
    return (defining or written or list(claims))[-1]


def _split_pieces(matching: Matching, cell: Cell, claims: Sequence[int]) -> list[int]:
    """Neighbouring cells that are Python only when joined: copies, or a nameless rest behind the answer."""
    if cell.kind != "code" or len(claims) > _MOST_PIECES:
        return []
    pieces = list(claims)
    after = pieces[-1] + 1
    if len(pieces) == 1 and after < len(matching.handed_in) and after not in matching.found:
        pieces.append(after)
    sources = [matching.handed_in[piece].source for piece in pieces]
    neighbours = pieces == list(range(pieces[0], pieces[-1] + 1))
    code = all(matching.handed_in[piece].kind == "code" for piece in pieces)
    joined = "\n".join(sources)
    if len(pieces) < 2 or len(joined) > _LONGEST or not neighbours or not code:
        return []
    return pieces if _is_python(joined) and not all(map(_is_python, sources)) else []


def _is_python(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _without_fixed(source: str, matching: Matching) -> str:
    """The source without the text of fixed cells that were merged into it (they are put back as cells)."""
    for index in matching.open_released():
        text = settled(matching.released[index].source)
        if matching.released[index].role in FIXED and len(text) >= 20:
            source = source.replace(text, "")
    return source


def _take_merged(matching: Matching, answers: Answers) -> None:
    for index, holder in matching.merged.items():
        name = matching.released[index].grade_id
        answers.sources[index] = _without_fixed(matching.handed_in[holder].source, matching)
        answers.holders[index] = holder
        host = matching.handed_in[holder].grade_id
        place = f"the cell of {host}" if host else "another cell"
        answers.notes.append(f"The answer {name} was found in {place}; the two had been merged.")
