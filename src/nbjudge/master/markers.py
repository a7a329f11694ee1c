"""The grammar of nbgrader's marker lines, read so that nothing leaks by a slip.

nbgrader takes any line that contains a marker's exact words and silently ignores every other spelling; an
ignored marker releases what it should have hidden. Here a line that only resembles a marker is an error.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from nbjudge.master.notebook import Cell, Notebook, Role
from nbjudge.master.spelling import resembles


class Kind(StrEnum):
    """What a region holds; the value is the phrase in its markers."""

    SOLUTION = "SOLUTION"
    HIDDEN = "HIDDEN TESTS"
    SCHEME = "MARK SCHEME"


@dataclass(frozen=True)
class Region:
    """The lines from a BEGIN marker to its END marker, both included, counted from 1."""

    kind: Kind
    begin: int
    end: int


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a master. ``line`` counts from 1; 0 means the cell as a whole."""

    notebook: str
    cell: str
    line: int
    what: str
    fix: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        return f"{self.notebook}, {self.cell}{line}: {self.what}. {self.fix}"


_MARKERS = {f"{edge} {kind}": (edge, kind) for kind in Kind for edge in ("BEGIN", "END")}
_HOMES = {
    Kind.SOLUTION: ({Role.ANSWER, Role.MANUAL}, "a solution cell"),
    Kind.HIDDEN: ({Role.TEST}, "an autograder-tests cell"),
    Kind.SCHEME: ({Role.TASK}, "a manually graded task"),
}
# The marker stands first on its line, after nothing but decoration such as '###', '<!--' or '==='.
_ALONE = re.compile(r"\W*(?:" + "|".join(_MARKERS) + ")")


def label(cell: Cell) -> str:
    """How a message names a cell: by its grade id, or by its place counted from 1."""
    return f"cell '{cell.grade_id}'" if cell.grade_id else f"cell {cell.index + 1}"


def split_regions(source: str) -> tuple[Region, ...]:
    """The regions of one cell, as nbgrader sees them.

    A region that is never closed runs to the end; an END marker that closes nothing is a region of one line.
    """
    lines = source.split("\n")
    regions = []
    for kind in Kind:
        begin = 0
        for number, line in enumerate(lines, start=1):
            if f"BEGIN {kind}" in line:
                begin = begin or number
            elif f"END {kind}" in line:
                regions.append(Region(kind, begin or number, number))
                begin = 0
        if begin:
            regions.append(Region(kind, begin, len(lines)))
    return tuple(sorted(regions, key=lambda region: region.begin))


def hidden_lines(source: str) -> frozenset[int]:
    """The numbers of the lines that students never see: hidden tests, with their marker lines."""
    return _lines(source, Kind.HIDDEN)


def visible(source: str) -> str:
    """The source without its hidden tests, exactly as nbgrader releases a test cell."""
    hidden = hidden_lines(source)
    return "\n".join(line for number, line in enumerate(source.split("\n"), start=1) if number not in hidden)


def solution_lines(cell: Cell) -> frozenset[int]:
    """The numbers of the lines that nbgrader replaces by a stub; all of them where there is no region."""
    if cell.role not in _HOMES[Kind.SOLUTION][0]:
        return frozenset()
    marked = _lines(cell.source, Kind.SOLUTION)
    return marked or frozenset(range(1, cell.source.count("\n") + 2))


def scheme_lines(cell: Cell) -> frozenset[int]:
    """The numbers of the lines of a task's mark scheme, with their marker lines."""
    return _lines(cell.source, Kind.SCHEME)


def without_markers(source: str) -> str:
    """The source without marker lines; what stands between them stays."""
    return "\n".join(line for line in source.split("\n") if not any(marker in line for marker in _MARKERS))


def check_markers(notebook: Notebook) -> list[Problem]:
    """Everything that is wrong with a master's markers, in order; empty if nbgrader hides what was meant."""
    return [
        Problem(notebook.name, label(cell), line, what, fix)
        for cell in notebook.cells
        for line, what, fix in sorted((*_unlike(cell), *_unbalanced(cell)))
    ]


def _lines(source: str, kind: Kind) -> frozenset[int]:
    wanted = (region for region in split_regions(source) if region.kind is kind)
    return frozenset(number for region in wanted for number in range(region.begin, region.end + 1))


def _unlike(cell: Cell) -> Iterator[tuple[int, str, str]]:
    """Lines that nbgrader would misread, and lines that look like a marker and are none."""
    code = cell.kind == "code"
    comments = _comments(cell.source) if code else {}
    for number, line in enumerate(cell.source.split("\n"), start=1):
        found = [marker for marker in _MARKERS if marker in line]
        if len(found) > 1:
            yield number, "one line holds two markers", "Give each a line of its own."
        elif found and code and number not in comments:
            yield number, f"'{found[0]}' is no comment, but nbgrader obeys it", "Reword the line."
        elif found and not _ALONE.match(line):
            yield (
                number,
                f"'{found[0]}' shares its line, and nbgrader drops the whole line",
                "Give the marker a line of its own, or reword it.",
            )
        elif not found and (meant := _meant(cell, comments.get(number, line), number)):
            yield number, f"'{line.strip()}' looks like a marker, but nbgrader ignores it", _respell(meant)


def _meant(cell: Cell, text: str, number: int) -> str:
    hideable = {Role.TEST: Kind.HIDDEN, Role.TASK: Kind.SCHEME}.get(cell.role)
    inside = hidden_lines(cell.source) | scheme_lines(cell)
    return resembles(
        text,
        code=cell.kind == "code",
        answer=cell.role in (Role.MANUAL, Role.TASK),
        bare=str(hideable) if hideable and number not in inside else "",
    )


def _respell(meant: str) -> str:
    if meant in _MARKERS:
        return f"Write exactly '### {meant}', or reword it."
    return f"Put what it announces between '### BEGIN {meant}' and '### END {meant}', or reword it."


def _unbalanced(cell: Cell) -> Iterator[tuple[int, str, str]]:
    """Markers in the wrong cell or in the wrong order."""
    opened: tuple[Kind, int] | None = None
    for number, line in enumerate(cell.source.split("\n"), start=1):
        found = [marker for marker in _MARKERS if marker in line]
        if len(found) != 1:
            continue
        edge, kind = _MARKERS[found[0]]
        roles, home = _HOMES[kind]
        if cell.role not in roles:
            what = f"'{found[0]}' stands in a cell that is not {home}"
            yield number, what, "Change the cell's type, move the region, or reword the line."
        if edge == "BEGIN" and opened:
            what = f"'{found[0]}' opens inside the {opened[0]} region of line {opened[1]}"
            yield number, what, f"Put '### END {opened[0]}' before it."
        elif edge == "BEGIN":
            opened = (kind, number)
        elif opened is None:
            yield number, f"'{found[0]}' closes nothing", f"Put '### BEGIN {kind}' before it, or remove it."
        elif opened[0] is not kind:
            what = f"'{found[0]}' crosses the {opened[0]} region of line {opened[1]}"
            yield number, what, f"Put '### END {opened[0]}' before it."
        else:
            opened = None
    if opened:
        what = f"'BEGIN {opened[0]}' is never closed"
        yield opened[1], what, f"Put '### END {opened[0]}' after the region's last line."


def _comments(source: str) -> dict[int, str]:
    """The comment on each line of code that has one; a line inside a string has none."""
    comments: dict[int, str] = {}
    done = 0
    if not source.lstrip().startswith("%%"):
        try:
            for token in tokenize.generate_tokens(io.StringIO(source).readline):
                done = token.end[0]
                if token.type == tokenize.COMMENT:
                    comments[token.start[0]] = token.string
        except (tokenize.TokenError, SyntaxError):
            pass
    # What cannot be tokenised (a cell magic, an unfinished line) is read line by line.
    for number, line in enumerate(source.split("\n"), start=1):
        if number > done and line.lstrip().startswith("#"):
            comments[number] = line.strip()
    return comments
