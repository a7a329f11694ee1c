"""A test cell of nbgrader's as the cases of one of Otter's exception-based test files.

Otter calls a case with the notebook's namespace. Each statement of the cell is executed there, in order and once,
as in a notebook; so a test can bind what a later one reads. The *public* case, which students get, runs what is
visible before the first hidden statement and is worth nothing; the *hidden* one runs the rest and is worth all
points of the cell, if the public one came to its end. A cell that hides nothing is one public case with all points.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from textwrap import indent

from nbjudge.master.bindings import parse
from nbjudge.master.markers import visible
from nbjudge.master.notebook import Cell
from nbjudge.master.parts import split

# nbgrader's convention: a number as the last expression is the points earned. Otter has no word for it but the score
# of a whole test file, which is two calls further up.
_PARTIAL = """\
value = {last}
try:
    points = float(repr(value))
except ValueError:
    return  # not a number: full points
assert 0 <= points <= {points}, 'partial credit must lie between 0 and {points}'
__import__('sys')._getframe(2).f_locals['self'].update_score(points)
"""
_PASSED = "assert hasattr(visible, 'passed'), 'the visible part of this test has failed'"


@dataclass(frozen=True)
class Case:
    """One case: a function's source, its points, and whether students get it."""

    source: str
    points: float
    hidden: bool


def cases(cell: Cell) -> tuple[Case, ...]:
    """The cases of a test cell, in order; raises CourseError if the cell is not Python.

    A cell that shows no statement has no public case.
    """
    before, rest = split(cell)
    docstring, before = _docstring(before)
    sources = [_segment(cell.source, node) for node in before]
    if not rest:
        return (Case(_function("visible", docstring, _run(sources, cell, before)), cell.points, hidden=False),)
    later = _later(cell, len(before) + bool(docstring))
    found = []
    if before or later:
        lines = [_exec(source) for source in sources] + ["visible.passed = True"]
        if later:
            # Where the hidden case follows, it runs these at their place.
            lines += ["if 'hidden' not in globals():", *(f"    {_exec(source)}" for source in later)]
        found.append(Case(_function("visible", docstring, lines), 0.0, hidden=False))
    lines = [_PASSED] if found else []
    lines += _run([_segment(cell.source, node) for node in rest], cell, rest)
    return (*found, Case(_function("hidden", docstring, lines), cell.points, hidden=True))


def _docstring(nodes: list[ast.stmt]) -> tuple[str, list[ast.stmt]]:
    match nodes:
        case [ast.Expr(value=ast.Constant(value=str(text))), *others]:
            return text, others
    return "", nodes


def _later(cell: Cell, count: int) -> list[str]:
    """What students see after the first hidden statement, as they see it; ``count`` statements stand before."""
    source = visible(cell.source)
    tree = parse(source)
    return [_segment(source, node) for node in tree.body[count:]] if tree else []


def _run(sources: list[str], cell: Cell, nodes: list[ast.stmt]) -> list[str]:
    """Lines that execute the last statements of a cell, and count its points."""
    lines = [_exec(source) for source in sources]
    if nodes and isinstance(nodes[-1], ast.Expr) and _may_count(nodes[-1].value) and not _is_silenced(cell.source):
        points = int(cell.points) if cell.points.is_integer() else cell.points
        lines[-1:] = _PARTIAL.format(last=f"eval({sources[-1]!r}, env)", points=points).rstrip().split("\n")
    return lines


def _may_count(value: ast.expr) -> bool:
    """Whether an expression could be a number; of a call nobody can tell but where Python's own `print` is called."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id != "print"
    return not (isinstance(value, ast.Constant) and isinstance(value.value, str))


def _is_silenced(source: str) -> bool:
    return source.rstrip().endswith(";")


def _exec(source: str) -> str:
    return f"exec({source!r}, env)"


def _segment(source: str, node: ast.stmt) -> str:
    """A statement's own text, decorators included."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    lines = source.split("\n")[first - 1 : node.end_lineno]
    lines[-1] = lines[-1].encode()[: node.end_col_offset].decode()
    if not decorators:
        lines[0] = lines[0].encode()[node.col_offset :].decode()
    return "\n".join(lines)


def _function(name: str, docstring: str, lines: list[str]) -> str:
    body = ([repr(docstring)] if docstring else []) + lines
    return f"def {name}(env):\n" + indent("\n".join(body or ["pass"]), "    ")
