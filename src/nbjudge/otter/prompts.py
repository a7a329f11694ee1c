"""A solved answer cell as Otter wants it: the solution, and as its prompt what nbgrader's release shows instead."""

from __future__ import annotations

import ast
import re

from nbjudge.errors import CourseError
from nbjudge.master.bindings import parse
from nbjudge.master.markers import Kind, split_regions, without_markers
from nbjudge.master.notebook import Cell

_BEGIN, _END = "# BEGIN SOLUTION NO PROMPT", "# END SOLUTION"
_FIX = "Let the whole statement stand between the solution markers."


def with_prompt(cell: Cell, released: str, where: str) -> str:
    """The Otter source of a code cell whose release is ``released``; Otter's own stripping gives that release again.

    ``where`` names the cell. Raises CourseError if a prompt cannot stand where the solution stands.
    """
    lines, shown = cell.source.split("\n"), released.split("\n")
    regions = [region for region in split_regions(cell.source) if region.kind is Kind.SOLUTION]
    if not regions:
        return "\n".join(_block("", lines, shown, where))
    outside = len(lines) - sum(region.end - region.begin + 1 for region in regions)
    size, left = divmod(len(shown) - outside, len(regions))
    if left or size < 0:
        raise CourseError("its release is not the master with each solution replaced by one stub", where, _FIX)
    made: list[str] = []
    place = at = 0
    for region in regions:
        kept = lines[place : region.begin - 1]
        stub = shown[at + len(kept) : at + len(kept) + size]
        spaces = re.match(r"\s*", lines[region.begin - 1])
        made += kept + _block(spaces[0] if spaces else "", lines[region.begin : region.end - 1], stub, where)
        place, at = region.end, at + len(kept) + size
    made += lines[place:]
    source = "\n".join(made)
    _check(without_markers(cell.source), source, where)
    return source


def _block(spaces: str, solution: list[str], stub: list[str], where: str) -> list[str]:
    text = "\n".join(stub)
    quotes = next((quotes for quotes in ('"""', "'''") if quotes not in text), None)
    if quotes is None:
        raise CourseError("its stub has both kinds of triple quotes, and Otter's prompt is one string", where, _FIX)
    prompt = [f"{spaces}{quotes} # BEGIN PROMPT", *stub, f"{spaces}{quotes} # END PROMPT"]
    return [spaces + _BEGIN, *solution, spaces + _END, *(prompt if stub else [])]


def _check(solved: str, made: str, where: str) -> None:
    """The prompts are statements of their own: without them the cell is the solution."""
    before, after = parse(solved), parse(made)
    if before is None:
        return  # not Python (a cell magic): nothing to go wrong with
    if after is None or ast.dump(_without_texts(before)) != ast.dump(_without_texts(after)):
        raise CourseError("Otter puts a prompt beside the solution, and it would be part of an expression", where, _FIX)


def _without_texts(tree: ast.Module) -> ast.Module:
    """A copy without strings that are statements."""

    class Texts(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
            return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else node

    made: ast.Module = Texts().visit(ast.parse(ast.unparse(tree)))
    return made
