"""Whether a notebook's hidden checks can wait until all of its cells have run and shown what they show.

Then nothing that the submission shows or says can carry a hidden input, and one run is enough. They can wait if
what they read is the same at the end as at their place: definitions made once, imports, and values that the
test cell itself has made. Told from the sources; whatever is not plain counts as no.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from nbjudge.master.bindings import bound_names, parse, read_names
from nbjudge.master.flow import needed_names
from nbjudge.master.parts import split
from nbjudge.submission.repair import Step

# With these, code can reach any name without naming it.
_REFLECTION = frozenset(
    "globals locals vars exec eval compile setattr delattr __import__ __builtins__ builtins importlib sys gc "
    "inspect ctypes get_ipython".split()
)
_SETTERS = ("set_", "seterr", "use_")  # torch.set_default_dtype, numpy.seterr, ...
_DECORATORS = frozenset("staticmethod classmethod property no_grad inference_mode enable_grad dataclass".split())
_DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class _Part:
    """Statements that run together: a student's cell, the part of a test before its hidden checks, or the rest."""

    nodes: list[ast.stmt]
    where: str
    test: bool = False
    hidden: bool = False

    @cached_property
    def binds(self) -> set[str]:
        return bound_names(self.nodes)

    @cached_property
    def needs(self) -> set[str]:
        return needed_names(self.nodes)


def obstacle(steps: Sequence[Step], released: Iterable[str]) -> str:
    """Why some hidden check cannot wait for the last cell; "" if all can, with the same outcome as at their place.

    ``released`` are the sources of the cells that staff wrote: only the others are searched for ways around names.
    """
    try:
        return _obstacle(steps, set(released))
    except (RecursionError, MemoryError):
        return "a cell is nested too deeply"


def _obstacle(steps: Sequence[Step], staff: set[str]) -> str:
    parts: list[_Part] = []
    for step in steps:
        tree = parse(step.source)
        where = f"the cell {step.grade_id or step.cell.id}"
        if tree is None:
            return f"{where} is not Python"
        if step.kind == "test":
            parts += _split(step, where)
            problem = _not_plain(tree, read_names(tree.body) - bound_names(tree.body))
            problem = problem or next((found for found in map(_reseeds, ast.walk(tree)) if found), "")
        else:
            parts.append(_Part(tree.body, where))
            problem = "" if step.source in staff else _not_plain(tree, read_names(tree.body))
        if not problem and any(part.hidden for part in parts) and "*" in bound_names(tree.body):
            problem = "imports everything there is"
        if problem:
            return f"{where} {problem}"
    found = _Names(parts)
    for index, part in enumerate(parts):
        changing = found.changing(index) if part.test else ""
        if changing:
            return f"{part.where} needs {changing!r}, which may be another by the end"
    return ""


def _split(step: Step, where: str) -> list[_Part]:
    """The test's part before its first hidden statement, and the rest if there is one."""
    before, rest = split(step.cell)
    parts = [_Part(before, where, test=True), _Part(rest, where, test=True, hidden=True)]
    return parts if rest else parts[:1]


class _Names:
    """Where each name of a notebook is bound, and by which statements."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self.parts = parts
        self.binders: dict[str, list[tuple[int, ast.stmt]]] = {}
        for index, part in enumerate(parts):
            for node in part.nodes:
                for name in bound_names([node]):
                    self.binders.setdefault(name, []).append((index, node))
        self.hidden = set().union(*(part.binds for part in parts if part.hidden))
        self.fixed: dict[tuple[str, int], bool] = {}

    def is_fixed(self, name: str, index: int) -> bool:
        """Whether a name, and all that it can lead to, was bound before a place and means the same ever after."""
        key = name, index
        if key not in self.fixed:
            self.fixed[key] = True  # a function may call itself
            found = self.binders.get(name, [])
            nodes = [node for _, node in found]
            same = len({ast.dump(node) for node in nodes}) <= 1 and (len(nodes) <= 1 or _is_import(nodes[0]))
            there = not found or found[0][0] < index
            settled = same and there and all(map(_is_settled, nodes))
            self.fixed[key] = settled and all(self.is_fixed(read, index) for read in read_names(nodes))
        return self.fixed[key]

    def changing(self, index: int) -> str:
        """A name that the test's part at this place needs and may not find the same when hidden parts wait."""
        part = self.parts[index]
        for name in sorted(part.needs if part.hidden else part.needs & self.hidden):
            if part.hidden and self._is_own(name, index):
                continue
            places = [place for place, _ in self.binders[name]] if name in self.hidden else []
            in_sight = part.hidden or any(place < index and not self.parts[place].hidden for place in places)
            if not (in_sight and self.is_fixed(name, index)):
                return name
        return ""

    def _is_own(self, name: str, index: int) -> bool:
        """Whether a name's value was made by a test, and nothing later looks at that value again."""
        places = [place for place, _ in self.binders.get(name, [])]
        before = [place for place in places if place < index]
        if not before or not self.parts[before[-1]].test:
            return False
        if self.parts[before[-1]].hidden:
            return all(self.parts[place].hidden for place in places)
        made = [node for place, node in self.binders[name] if place == before[-1]]
        stable = not any(isinstance(node, _DEFINITIONS) for node in made) or all(
            self.is_fixed(read, index) for read in read_names(made)
        )
        return stable and not any(name in part.needs for part in self.parts[index + 1 :] if not part.hidden)


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _is_settled(node: ast.stmt) -> bool:
    """Whether a statement binds something without a state of its own: an import, a function, a class, a constant."""
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.FunctionDef(args=arguments, decorator_list=decorators):
            defaults = [*arguments.defaults, *(default for default in arguments.kw_defaults if default)]
            return all(map(_is_harmless, decorators)) and all(map(_is_immutable, defaults))
        case ast.ClassDef(body=body, decorator_list=decorators):
            inside = (inner for inner in body if not isinstance(inner, (ast.Expr, ast.Pass)))
            return all(map(_is_harmless, decorators)) and all(map(_is_settled, inside))
        case ast.AnnAssign(value=None):
            return True
        case ast.Assign(value=ast.expr() as value) | ast.AnnAssign(value=ast.expr() as value):
            return _is_immutable(value)
        case ast.Try(body=body, handlers=handlers):
            instead = (inner for handler in handlers for inner in handler.body)
            return all(map(_is_import, body)) and all(_is_import(n) or isinstance(n, ast.Expr) for n in instead)
    return False


def _is_harmless(decorator: ast.expr) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _DECORATORS


def _is_immutable(value: ast.expr) -> bool:
    kinds = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.Tuple, ast.Name, ast.Attribute, ast.operator, ast.unaryop)
    return all(isinstance(node, (*kinds, ast.expr_context)) for node in ast.walk(value))


def _not_plain(tree: ast.Module, names: set[str]) -> str:
    """What the code does beyond binding names and changing what it has made: opening or changing one of ``names``."""
    for name in sorted(read_names(tree.body) & _REFLECTION):
        return f"uses {name!r}"
    return next((f"has {found!r}" for node in ast.walk(tree) if (found := _reaches(node, names))), "")


def _reaches(node: ast.AST, names: set[str]) -> str:
    """The node's source, if it unbinds a name, or changes or opens an object that other cells know by a name."""
    match node:
        case ast.Global() | ast.Delete():
            return ast.unparse(node)
        case ast.Attribute(attr=name, ctx=ast.Load()):
            opens = name in ("__globals__", "__dict__", "__defaults__", "__code__", "__builtins__")
            return ast.unparse(node) if opens else ""
        case ast.Attribute():
            return ast.unparse(node) if _root(node) in names else ""
        case ast.Call(func=ast.Attribute(attr=name)):
            return ast.unparse(node) if name.startswith(_SETTERS) else ""
    return ""


def _reseeds(node: ast.AST) -> str:
    """The node's source, if it seeds a generator that the student's side then shares."""
    match node:
        case ast.Call(func=ast.Attribute(attr="seed" | "manual_seed") as function) if _root(function):
            return f"has {ast.unparse(node)!r}"
    return ""


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
