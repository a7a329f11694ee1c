"""Names of tests and exercises as people read them."""

from __future__ import annotations

import ast

from nbjudge.master.assignment import Assignment
from nbjudge.master.bindings import parse
from nbjudge.master.markers import visible
from nbjudge.master.notebook import Cell


def titles(master: Assignment) -> dict[str, str]:
    """A title for each test that gives itself one, in a docstring or a first comment."""
    found = {}
    for notebook in master.notebooks:
        for cell in notebook.tests:
            name = str(cell.grade_id)
            words = title(cell)
            if words != name.replace("_", " ").replace("-", " "):
                found[name] = words
    return found


def title(cell: Cell) -> str:
    """What a test is about: its docstring's or first comment's first line, else its name in words."""
    source = visible(cell.source)
    tree = parse(source)
    if tree and tree.body:
        first = tree.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            text = str(first.value.value).strip()
            if text:
                return str(text.splitlines()[0])
    for line in source.splitlines():
        text = line.strip().lstrip("#").strip()
        if line.strip().startswith("#") and text and not text.startswith(("BEGIN ", "END ")):
            return text
        if line.strip():
            break
    return str(cell.grade_id).replace("_", " ").replace("-", " ")
