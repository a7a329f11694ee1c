"""What nbgrader's format asks of a master, checked before nbgrader fails on it with less to say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nbjudge.master.markers import Problem

_SCHEMA = 3
_FLAGS = ("grade", "solution", "locked", "task")
_ID = re.compile(r"[A-Za-z0-9_-]+")
_AUTOTEST = re.compile(r"^\s*#.*\bAUTOTEST\b", re.MULTILINE)


def check_document(document: dict[str, Any], name: str) -> list[Problem]:
    """Everything in a master's metadata that nbgrader would refuse or nbjudge cannot grade; empty if sound.

    ``document`` is an nbformat 4 document, ``name`` the notebook's name.
    """
    kernel = _kernel(document.get("metadata", {}))
    problems = [Problem(name, "notebook", 0, what, fix) for what, fix in kernel]
    seen: dict[str, int] = {}
    for index, cell in enumerate(document["cells"]):
        about = cell.get("metadata", {}).get("nbgrader")
        if not about:
            continue
        where = f"cell '{about['grade_id']}'" if about.get("grade_id") else f"cell {index + 1}"
        problems += [Problem(name, where, 0, what, fix) for what, fix in _cell(cell, about)]
        grade_id = about.get("grade_id")
        if grade_id and any(about.get(flag) for flag in _FLAGS):
            if grade_id in seen:
                what = f"the grade id is used twice, in cells {seen[grade_id] + 1} and {index + 1}"
                problems.append(Problem(name, where, 0, what, "Give one of them another id."))
            seen.setdefault(grade_id, index)
    return problems


def _kernel(metadata: dict[str, Any]) -> Iterator[tuple[str, str]]:
    spec = metadata.get("kernelspec") or {}
    if not spec.get("name"):
        what = "no kernel is set, so a submission could choose its own"
        yield what, "Open it in Jupyter, choose a Python 3 kernel and save."
    language = spec.get("language") or metadata.get("language_info", {}).get("name") or "python"
    if language.lower() not in ("python", "python3", "ipython"):
        yield f"its language is {language}, and nbjudge grades Python only", "Grade it with nbgrader itself."


def _cell(cell: dict[str, Any], about: dict[str, Any]) -> Iterator[tuple[str, str]]:
    version = about.get("schema_version", 0)
    if version != _SCHEMA:
        newer = isinstance(version, int) and version > _SCHEMA
        fix = "Upgrade nbjudge and nbgrader." if newer else "Run `nbgrader update .` in the course's folder."
        yield f"its nbgrader metadata has schema version {version}, not {_SCHEMA}", fix
        return
    grade, solution, task = about.get("grade"), about.get("solution"), about.get("task")
    graded = grade or task
    if any(about.get(flag) for flag in _FLAGS) and not _ID.fullmatch(str(about.get("grade_id") or "")):
        what = f"'{about.get('grade_id') or ''}' is not a grade id"
        yield what, "Use letters, digits, '_' and '-' only, at least one."
    points = about.get("points")
    if graded and (isinstance(points, bool) or not isinstance(points, int | float) or not points >= 0):
        yield "it is graded and has no points", "Set its points; 0 is allowed."
    if task and (cell["cell_type"] != "markdown" or grade or solution):
        yield "a manually graded task must be a markdown cell and nothing else", "Set the cell's type again."
    if cell["cell_type"] == "raw" and (graded or solution):
        yield "a raw cell cannot be graded or answered", "Make it a code or a markdown cell."
    if cell["cell_type"] == "markdown" and not task and bool(grade) != bool(solution):
        yield "a markdown cell cannot hold tests or an autograded answer", "Make it 'Manually graded answer'."
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    if grade and cell["cell_type"] == "code" and _AUTOTEST.search(source):
        yield "AUTOTEST directives cannot be judged from outside", "Write the assertions out."
