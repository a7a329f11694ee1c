"""The statements of a test cell, and which of them students don't see."""

from __future__ import annotations

import ast

from nbjudge.errors import CourseError
from nbjudge.master.bindings import parse
from nbjudge.master.markers import hidden_lines
from nbjudge.master.notebook import Cell


def statements_of(cell: Cell) -> list[tuple[ast.stmt, bool]]:
    """The cell's statements, each with whether any of its lines is hidden from students."""
    tree = parse(cell.source)
    if tree is None:
        raise CourseError("a test cell is not valid Python", f"cell {cell.grade_id}", "Run it in the master.")
    secret = hidden_lines(cell.source)
    return [
        (node, any(line in secret for line in range(_first_line(node), (node.end_lineno or node.lineno) + 1)))
        for node in tree.body
    ]


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([int(node.lineno), *(int(decorator.lineno) for decorator in decorators)])


def split(cell: Cell) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """The statements before the first hidden one, and the rest from there on."""
    statements = statements_of(cell)
    first = next((number for number, (_, secret) in enumerate(statements) if secret), len(statements))
    nodes = [node for node, _ in statements]
    return nodes[:first], nodes[first:]
