"""What a cell binds and reads, found in its source without running it."""

from __future__ import annotations

import ast
import contextlib
import dis
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import CodeType

# Calls that only build a value: a released cell's constant may be made of them on the judge's side.
BUILDERS = frozenset(
    (
        "abs array arange asarray as_tensor astype bool complex date datetime device dict diag dtype exp eye float "
        "frozenset full int len linspace list log logspace max min namedtuple ones range reshape round set sorted "
        "sqrt str sum tensor timedelta to tuple view zeros zip DataFrame Decimal Fraction Series"
    ).split()
)

LONGEST = 200_000  # characters of a cell that is looked into
MOST_READ = 200_000  # characters that IPython may read to turn special lines into calls
_SPECIAL = re.compile(r"^[ \t]*[%!?,;/]|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)


@lru_cache(maxsize=1024)
def parse(source: str) -> ast.Module | None:
    """The cell's syntax tree, magics and shell lines turned into calls; the same one each time, to be left as it is.

    None when it is not Python, or longer than anybody writes.
    """
    from IPython.core.inputtransformer2 import TransformerManager

    if len(source) > LONGEST:
        return None
    first, _, rest = source.lstrip().partition("\n")
    if first.split()[:1] in (["%%time"], ["%%capture"], ["%%prun"]):
        source = "\n" * (source.count("\n") - rest.count("\n")) + rest  # its lines run as they stand
    # A source nested too deeply ends in RecursionError or MemoryError.
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.parse(source)
    # IPython reads the whole cell once more for each line that it turns into a call.
    if len(_SPECIAL.findall(source)) * len(source) > MOST_READ:
        return None
    with contextlib.suppress(SyntaxError, ValueError, RuntimeError, MemoryError):
        return ast.parse(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]
    return None


def bound_names(nodes: Iterable[ast.stmt]) -> set[str]:
    """Names that these module-level statements bind (or delete), compound statements included."""
    return set().union(*map(_bound_by, nodes))


@lru_cache(maxsize=8192)
def _bound_by(statement: ast.stmt) -> frozenset[str]:
    names: set[str] = set()
    for node in _module_level([statement]):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names.update((alias.asname or alias.name).split(".")[0] for alias in aliases)
            case ast.ExceptHandler(name=str(name)):
                names.add(name)
            case ast.Global(names=globals_):
                names.update(globals_)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
    return frozenset(names)


def bound_only_in(sources: Iterable[str], others: Iterable[str]) -> set[str]:
    """Names that cells with these sources bind and no cell of the others does."""
    trees, other_trees = ([tree for source in some if (tree := parse(source))] for some in (sources, others))
    theirs = set().union(*(bound_names(tree.body) for tree in other_trees))
    return set().union(*(bound_names(tree.body) for tree in trees)) - theirs


def _module_level(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    """Walk statements without entering functions, classes, lambdas or comprehensions."""
    todo: list[ast.AST] = list(nodes)
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            # A `global` statement inside binds the module's name.
            yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.Global))
        elif not isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            todo.extend(ast.iter_child_nodes(node))


def read_names(nodes: Iterable[ast.stmt]) -> set[str]:
    """Module-level names that the statements may read, functions' bodies included (as Python compiles them)."""
    return set().union(*map(_read_by, nodes))


@lru_cache(maxsize=8192)
def _read_by(statement: ast.stmt) -> frozenset[str]:
    try:
        return frozenset(_loaded(compile(ast.Module([statement], []), "<cell>", "exec")))
    except (SyntaxError, ValueError, RecursionError):
        return frozenset(node.id for node in ast.walk(statement) if isinstance(node, ast.Name))


_EXTENDED_ARG = dis.opmap["EXTENDED_ARG"]
# How far an instruction's argument is from the index of its name: the lowest bits of LOAD_GLOBAL's say more.
_LOADS = {
    dis.opmap[name]: shift
    for name, shift in {"LOAD_NAME": 0, "LOAD_GLOBAL": 1, "LOAD_FROM_DICT_OR_GLOBALS": 0}.items()
    if name in dis.opmap
}


def _loaded(code: CodeType) -> Iterator[str]:
    # dis.get_instructions would say the same, ten times slower.
    argument = 0
    instructions = code.co_code
    for place in range(0, len(instructions), 2):
        argument |= instructions[place + 1]
        if instructions[place] == _EXTENDED_ARG:
            argument <<= 8
            continue
        if instructions[place] in _LOADS:
            yield code.co_names[argument >> _LOADS[instructions[place]]]
        argument = 0
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _loaded(constant)


def origins(nodes: list[ast.stmt]) -> set[str]:
    """Names from which the last expression's value may be taken as it stands.

    Assignments, calls, subscripts, attributes and ``int`` or ``float`` around it are followed; arithmetic is not.
    """
    found: set[str] = set()
    seen: set[str] = set()
    todo = [nodes[-1].value] if nodes and isinstance(nodes[-1], ast.Expr) else []
    while todo:
        match todo.pop():
            case ast.Call(func=ast.Name(id="float" | "int"), args=[inner, *_]) | ast.NamedExpr(value=inner):
                todo.append(inner)
            case ast.Call(func=inner) | ast.Attribute(value=inner) | ast.Subscript(value=inner):
                todo.append(inner)
            case ast.Name(id=name) if name not in seen:
                seen.add(name)
                given = _given_to(name, nodes)
                todo += given
                found |= set() if given else {name}
    return found


def _given_to(name: str, nodes: list[ast.stmt]) -> list[ast.expr]:
    """What plain assignments at module level give to a name, alone or among others."""
    return [node.value for node in _module_level(nodes) if isinstance(node, ast.Assign) and name in bound_names([node])]


def imports(nodes: list[ast.stmt]) -> list[ast.stmt]:
    """The import statements at module level."""
    return [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]


def is_definition(node: ast.stmt, known: set[str]) -> bool:
    """Whether a released statement can be repeated on the judge's side: an import, a function, a constant.

    ``known`` are the names that the judge's side has already.
    """
    match node:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(targets=targets, value=value):
            return all(_is_target(target) for target in targets) and _is_constant(value, known)
        case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value):
            return _is_constant(value, known)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=[]):
            parts = [*body, *orelse, *(part for handler in handlers for part in handler.body)]
            return all(isinstance(part, ast.Pass) or is_definition(part, known) for part in parts)
    return False


def _is_target(node: ast.expr) -> bool:
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(_is_target(item) for item in node.elts)
    return isinstance(node, ast.Name)


_PLAIN = (
    ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare,
    ast.IfExp, ast.Subscript, ast.Slice, ast.Starred, ast.JoinedStr, ast.FormattedValue, ast.keyword,
    ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context,
)  # fmt: skip


def _is_constant(node: ast.AST, known: set[str]) -> bool:
    match node:
        case ast.Lambda():
            return True
        case ast.Name(id=name):
            return name in known
        case ast.Attribute(value=value):
            return _is_constant(value, known)
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            if name not in BUILDERS:
                return False
            parts = [*node.args, *node.keywords]
            if isinstance(node.func, ast.Attribute):
                parts.append(node.func.value)
            return all(_is_constant(part, known) for part in parts)
        case _ if isinstance(node, _PLAIN):
            return all(_is_constant(child, known) for child in ast.iter_child_nodes(node))
    return False
