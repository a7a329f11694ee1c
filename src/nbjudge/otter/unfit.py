"""What Otter would misread in a master, or cannot take at all, named before Otter stumbles over it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbjudge.errors import CourseError
from nbjudge.master.bindings import bound_names, parse
from nbjudge.master.markers import label, without_markers
from nbjudge.master.notebook import Cell, Notebook, Role
from nbjudge.master.parts import statements_of

KNOWN = 7  # the major version of otter-grader whose format this is
LONGEST_NAME = 200  # a test's name is the name of a file
_OURS = {"grader", "otter"}  # Otter's first cell binds these

# Whole-line habits of Otter's, each with the kinds of cell where it looks for them.
_LINES = (
    (re.compile(r"# IGNORE\s*$|#\s*(BEGIN|END)\s+IGNORE", re.IGNORECASE), "code markdown raw", "drops it, or a block"),
    (re.compile(r"# (BEGIN|END) PLUGIN"), "code markdown raw", "puts a plugin there"),
    (re.compile(r"^\s*```otter\s*$"), "code markdown raw", "reads its own settings there"),
    (re.compile(r"# SEED\s*$"), "code", "asks for a seed"),
)
_FIRST = (
    (re.compile(r"##?\s*ignore\b", re.IGNORECASE), "code markdown raw", "drops the cell"),
    (
        re.compile(r"#\s+((begin|end)\s+(question|prompt|solution|tests)|assignment\s+config)", re.IGNORECASE),
        "raw",
        "takes the cell for its own",
    ),
)
_IN_ANSWERS = re.compile(r"# ?SOLUTION|# (BEGIN|END) PROMPT\s*$")


def check_version(version: str | None) -> None:
    """Raise CourseError unless this is a version of otter-grader that the conversion knows; None: not installed."""
    if version is None:
        raise CourseError("otter-grader is not installed", "", "Run `pip install 'otter-grader>=7,<8'`.")
    if version.split(".")[0] != str(KNOWN):
        fix = f"Run `pip install 'otter-grader>={KNOWN},<{KNOWN + 1}'`."
        raise CourseError(f"otter-grader {version} is installed, and version {KNOWN} is needed", "", fix)


def check_fit(notebook: Notebook) -> None:
    """Raise one CourseError that lists all that stands between a master and Otter."""
    problems = [f"{notebook.name}, {label(cell)}: {what}" for cell in notebook.cells for what in _problems(cell)]
    if problems:
        listed = "".join(f"\n  {problem}" for problem in problems)
        raise CourseError(f"Otter cannot take this master:{listed}", notebook.name)


def _problems(cell: Cell) -> Iterator[str]:
    lines = cell.source.split("\n")
    rules = [(number, line, rule) for number, line in enumerate(lines, start=1) for rule in _LINES]
    rules += [(1, lines[0], rule) for rule in _FIRST]
    for number, line, (pattern, kinds, does) in rules:
        if cell.kind in kinds.split() and pattern.search(line):
            yield f"line {number}, '{line.strip()}': Otter {does}. Reword the line."
    if cell.role in (Role.ANSWER, Role.MANUAL) and cell.kind == "code":
        for number, line in enumerate(lines, start=1):
            if "BEGIN SOLUTION" not in line and "END SOLUTION" not in line and _IN_ANSWERS.search(line):
                yield f"line {number}, '{line.strip()}': Otter takes a part of it for its own marker. Reword the line."
    if cell.role is Role.TEST:
        statements_of(cell)
        if len(str(cell.grade_id)) > LONGEST_NAME:
            yield f"its name has more than {LONGEST_NAME} letters, and Otter makes a file of it. Shorten the name."
    tree = parse(without_markers(cell.source)) if cell.kind == "code" else None
    for name in sorted(_OURS & bound_names(tree.body)) if tree else ():
        if name == "grader" or not _imports_otter(cell.source):
            yield f"it binds '{name}', which Otter's own first cell binds. Take another name."


def _imports_otter(source: str) -> bool:
    return re.search(r"^\s*import otter\b", source, re.MULTILINE) is not None
