"""What statements need to be there when they begin: the names that they may read before they have bound them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from nbjudge.master.bindings import bound_names, read_names

_Way = tuple[Sequence[ast.stmt], frozenset[str]]  # statements, and the names that are bound before them


def needed_names(nodes: Sequence[ast.stmt]) -> set[str]:
    """Module-level names that the statements may read before they bind them."""
    return _run(nodes, frozenset())[0]


def _run(nodes: Iterable[ast.stmt], bound: frozenset[str]) -> tuple[set[str], frozenset[str]]:
    """The names needed where ``bound`` are there already, and those that are surely bound afterwards."""
    needed: set[str] = set()
    for node in nodes:
        more, bound = _step(node, bound)
        needed |= more
    return needed, bound


def _step(node: ast.stmt, bound: frozenset[str]) -> tuple[set[str], frozenset[str]]:
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            return _branches(_read([test]) - bound, [(body, bound), (orelse, bound)])
        case ast.While(test=test, body=body, orelse=orelse):
            return _branches(_read([test]) - bound, [(body, bound), (orelse, bound), ([], bound)])
        case ast.For(target=target, iter=source, body=body, orelse=orelse):
            inside = bound | _bound(target)
            surely = isinstance(source, (ast.Tuple, ast.List)) and len(source.elts) > 0
            skipped: list[_Way] = [] if surely else [(orelse, bound), ([], bound)]
            return _branches(_read([source]) - bound, [(body, inside), *skipped])
        case ast.With(items=items, body=body):
            needed = _read([item.context_expr for item in items]) - bound
            targets = [item.optional_vars for item in items if item.optional_vars]
            more, after = _run(body, bound.union(*map(_bound, targets)))
            return needed | more, after
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
            names = [frozenset({handler.name} if handler.name else ()) for handler in handlers]
            ways = [(handler.body, bound | name) for handler, name in zip(handlers, names, strict=True)]
            kinds = _read([handler.type for handler in handlers if handler.type]) - bound
            needed, after = _branches(kinds, [([*body, *orelse], bound), *ways])
            # Python unbinds the exception's name at the handler's end.
            more, after = _run(final, after.difference(*names))
            return needed | more, after
    return read_names([node]) - bound, bound | bound_names([node])


def _branches(needed: set[str], ways: Sequence[_Way]) -> tuple[set[str], frozenset[str]]:
    """Any of the ways may be taken: all that one needs is needed, only what each binds is bound."""
    found = [_run(body, bound) for body, bound in ways]
    return needed.union(*(more for more, _ in found)), frozenset.intersection(*(after for _, after in found))


def _read(expressions: Sequence[ast.expr]) -> set[str]:
    return read_names([ast.copy_location(ast.Expr(node), node) for node in expressions])


def _bound(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
