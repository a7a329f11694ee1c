"""A master as the source of ``otter assign``: the same cells, in Otter's notation (version 5 and later).

nbgrader's release is the skeleton, so that students see the same text in both worlds. An answer is a question
without points, a test cell is a question of its own that bears the test's name and points, what people grade is a
manual question.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import nbformat

from nbjudge.master.markers import label, without_markers
from nbjudge.master.notebook import Cell, Notebook, Role
from nbjudge.otter.cases import Case, cases
from nbjudge.otter.prompts import with_prompt

Document = Any  # an nbformat 4 document

OTTERS = "otter-"  # how the ids of cells begin that students of nbgrader's release don't have


def otter_source(master: Notebook, released: Document, files: Sequence[str] = ()) -> Document:
    """The document that ``otter assign`` takes, made from a master and its release by nbgrader.

    ``files`` are what students get with the notebook. Raises CourseError for what Otter cannot express.
    """
    by_id = {cell.id: cell for cell in master.cells}
    made = nbformat.v4.new_notebook(metadata=copy.deepcopy(released["metadata"]))  # type: ignore[no-untyped-call]
    made["nbformat_minor"] = released["nbformat_minor"]
    found = [_config(files)]
    for raw in released["cells"]:
        cell = by_id.get(raw.get("id", ""))
        found += _convert(cell, raw, master.name) if cell else [copy.deepcopy(raw)]
    made["cells"] = _number(found)
    return made


def _convert(cell: Cell, raw: Document, notebook: str) -> Iterator[Document]:
    """The cells that stand for one cell of the master; ``raw`` is what its release shows."""
    if cell.role is Role.ANSWER:
        yield from _question(cell, {"points": 0}, _block("SOLUTION", [_solved(cell, raw, notebook)]))
    elif cell.role is Role.TEST:
        yield from _test(cell)
    elif cell.role is Role.MANUAL and cell.kind == "code":
        solution = _block("SOLUTION", [_solved(cell, raw, notebook)])
        yield from _question(cell, _by_hand(cell), [_heading(cell), *solution])
    elif cell.role is Role.MANUAL:
        prompt = _block("PROMPT", [copy.deepcopy(raw)])
        solution = _block("SOLUTION", [_markdown(without_markers(cell.source))])
        yield from _question(cell, _by_hand(cell), [_heading(cell), *prompt, *solution])
    elif cell.role is Role.TASK:
        scheme = _block("SOLUTION", [_markdown(without_markers(cell.source))])
        yield from _question(cell, _by_hand(cell), [copy.deepcopy(raw), *scheme])
    else:
        yield copy.deepcopy(raw)


def _test(cell: Cell) -> Iterator[Document]:
    found = cases(cell)
    public = any(not case.hidden for case in found)
    if not public:
        # Otter notes in the cell before where such a test has its place, one test a cell.
        yield _markdown(f"*`{cell.grade_id}` is checked after you have handed in.*")
    tests = _block("TESTS", [_case(case) for case in found])
    yield from _question(cell, {} if public else {"check_cell": False}, tests)


def _case(case: Case) -> Document:
    points = int(case.points) if case.points.is_integer() else case.points
    about = f'""" # BEGIN TEST CONFIG\npoints: {points}\nhidden: {json.dumps(case.hidden)}\n""" # END TEST CONFIG\n'
    return nbformat.v4.new_code_cell(about + case.source, id=OTTERS)  # type: ignore[no-untyped-call]


def _question(cell: Cell, about: Mapping[str, Any], inside: Sequence[Document]) -> list[Document]:
    lines = [f"{key}: {json.dumps(value)}" for key, value in {"name": cell.grade_id, **about}.items()]
    return [_raw("\n".join(["# BEGIN QUESTION", *lines])), *inside, _raw("# END QUESTION")]


def _block(kind: str, inside: Sequence[Document]) -> list[Document]:
    return [_raw(f"# BEGIN {kind}"), *inside, _raw(f"# END {kind}")]


def _by_hand(cell: Cell) -> dict[str, Any]:
    return {"manual": True, "points": int(cell.points) if cell.points.is_integer() else cell.points}


def _heading(cell: Cell) -> Document:
    """Otter marks and locks a manual question's first markdown cell; it had better not be the answer."""
    worth = f"{cell.points:g} point{'' if cell.points == 1 else 's'}"
    return _markdown(f"*Your answer to `{cell.grade_id}` is read by a person ({worth}).*")


def _solved(cell: Cell, raw: Document, notebook: str) -> Document:
    made = copy.deepcopy(raw)
    made["source"] = with_prompt(cell, raw["source"], f"{notebook}, {label(cell)}")
    return made


def _config(files: Sequence[str]) -> Document:
    # No PDF: making one takes tools that a student's computer seldom has.
    options: dict[str, Any] = {
        "check_all_cell": True,
        "export_cell": {"pdf": False, "run_tests": False},
        "run_tests": False,
        "suppress_no_tests_warning": True,
        "tests": {"ok_format": False},
    }
    if files:
        options["files"] = list(files)
    return _raw("\n".join(["# ASSIGNMENT CONFIG", *(f"{key}: {json.dumps(value)}" for key, value in options.items())]))


def _raw(source: str) -> Document:
    return nbformat.v4.new_raw_cell(source, id=OTTERS)  # type: ignore[no-untyped-call]


def _markdown(source: str) -> Document:
    return nbformat.v4.new_markdown_cell(source, id=OTTERS)  # type: ignore[no-untyped-call]


def _number(cells: Sequence[Document]) -> list[Document]:
    """The cells, those that only Otter has with ids that stay the same from build to build."""
    for number, cell in enumerate(cells):
        if cell["id"] == OTTERS:
            cell["id"] = f"{OTTERS}{number}"
    return list(cells)
