"""Known wrong and known right solutions: small functions that staff write, made into answer cells.

A file of samples holds one public function or class per sample; its docstring is the sentence that goes with
it. Names that start with an underscore, and imports, are shared by all samples of the file.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from nbjudge.errors import CourseError

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SHAPE = "Use imports, names that start with '_', and one public function or class per sample."
# Samples run where students' code runs; these packages are not there.
_STAFF_ONLY = {"nbjudge", "autograder"}


@dataclass(frozen=True)
class Sample:
    """One known solution: ``source`` replaces the whole answer cell of ``exercise``."""

    exercise: str
    name: str
    sentence: str
    source: str


def read_samples(exercise: str, text: str, where: str) -> tuple[Sample, ...]:
    """The samples that a file holds, in order.

    ``text`` is the file's content and ``where`` its name for messages. Raises CourseError for a syntax error,
    a sample without a docstring, or a statement that samples cannot have.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        place = f"{where}, line {getattr(error, 'lineno', None) or 1}"
        raise CourseError(f"this is not Python: {error}", place, "Mend the file.") from error
    samples = [node for node in tree.body if isinstance(node, _DEFINITIONS) and not node.name.startswith("_")]
    shared = [node for node in tree.body if node not in samples and not _is_docstring(node)]
    public = {node.name for node in samples}
    for node in shared:
        _check_shared(node, where)
        _check_names(node, public, where)
    support = "".join(_segment(text, node) for node in shared)
    found = []
    for node in samples:
        sentence = ast.get_docstring(node)
        if not sentence or not sentence.strip():
            raise CourseError(
                f"'{node.name}' has no docstring",
                f"{where}, line {node.lineno}",
                "Its docstring is the sentence that a student or the staff reads; write one.",
            )
        _check_names(node, public - {node.name}, where)
        source = f"{support}\n\n{_renamed(text, node, exercise, where)}\n".lstrip("\n")
        found.append(Sample(exercise, node.name, " ".join(sentence.split()), source))
    if len(public) < len(samples):
        raise CourseError("two samples have the same name", where, "Rename one of them.")
    return tuple(found)


def _is_docstring(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _check_shared(node: ast.stmt, where: str) -> None:
    if isinstance(node, (ast.Import, ast.ImportFrom, *_DEFINITIONS)):
        return
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    simple = isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
    if not simple or not all(isinstance(name, ast.Name) and name.id.startswith("_") for name in targets):
        first = ast.unparse(node).splitlines()[0]
        what = f"a file of samples cannot hold '{first}'"
        raise CourseError(what, f"{where}, line {node.lineno}", _SHAPE)


def _check_names(node: ast.stmt, others: set[str], where: str) -> None:
    """Refuse what would be missing when a sample runs: staff's modules, and the other samples."""
    parts = list(ast.walk(node))
    own = {part.arg for part in parts if isinstance(part, ast.arg)}
    own |= {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    for part in parts:
        if isinstance(part, ast.Import | ast.ImportFrom) and _staff_only(part):
            raise CourseError(
                "a sample runs like a student's answer and cannot import what only staff have",
                f"{where}, line {part.lineno}",
                "Write the code here, in a name that starts with '_'.",
            )
        if isinstance(part, ast.Name) and part.id in others - own:
            raise CourseError(
                f"'{part.id}' is another sample, and each sample stands alone",
                f"{where}, line {part.lineno}",
                "Move what they share into a name that starts with '_'.",
            )


def _staff_only(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level > 0 or str(node.module).split(".")[0] in _STAFF_ONLY
    return any(name.name.split(".")[0] in _STAFF_ONLY for name in node.names)


def _renamed(text: str, node: _Definition, name: str, where: str) -> str:
    """The definition's own text under another name and without its docstring, formatting kept."""
    old = node.name
    for part in ast.walk(node):
        bound = [part.arg] if isinstance(part, ast.arg) else getattr(part, "names", [])
        if isinstance(part, ast.arg | ast.Global | ast.Nonlocal) and old in bound:
            line = getattr(part, "lineno", node.lineno)
            what = f"'{old}' also names something inside itself"
            raise CourseError(what, f"{where}, line {line}", "Rename the inner one.")
    data = text.encode()
    starts = _line_starts(data)
    head = starts[node.lineno - 1] + node.col_offset
    match = re.compile(rb"(?:async\s+def|def|class)\s+").match(data, head)
    assert match  # the grammar has no other way to begin a definition
    uses = [part for part in ast.walk(node) if isinstance(part, ast.Name) and part.id == old]
    places = [match.end(), *(starts[use.lineno - 1] + use.col_offset for use in uses)]
    edits = [(place, place + len(old.encode()), name.encode()) for place in places]
    if any(data[begin:end] != old.encode() for begin, end, _ in edits):  # inside an f-string, before 3.12
        what = f"'{old}' names itself inside an f-string"
        raise CourseError(what, f"{where}, line {node.lineno}", "Write that part without one.")
    edits.append(_docstring(data, starts, node))
    for begin, end, new in sorted(edits, reverse=True):
        data = data[:begin] + new + data[end:]
    grown = sum(len(new) - (end - begin) for begin, end, new in edits)
    begin = starts[_first_line(node) - 1]
    return data[begin : _end(starts, node) + grown].decode()


def _docstring(data: bytes, starts: list[int], node: _Definition) -> tuple[int, int, bytes]:
    """The edit that takes the docstring out; ``pass`` takes its place where nothing else is left."""
    first = node.body[0]
    begin, end = starts[first.lineno - 1] + first.col_offset, _end(starts, first)
    if len(node.body) == 1:
        return begin, end, b"pass"
    following = node.body[1]
    if following.lineno == first.end_lineno:
        return begin, starts[following.lineno - 1] + following.col_offset, b""
    line = starts[first.lineno - 1]
    if data[line:begin].strip():  # on the line of the colon
        return begin, end, b""
    newline = data.find(b"\n", end)
    return line, newline + 1, b""


def _segment(text: str, node: ast.stmt) -> str:
    """A statement's own text, its decorators included, ready to stand before another."""
    data = text.encode()
    starts = _line_starts(data)
    if isinstance(node, _DEFINITIONS):
        return "\n\n" + data[starts[_first_line(node) - 1] : _end(starts, node)].decode() + "\n"
    return data[starts[node.lineno - 1] + node.col_offset : _end(starts, node)].decode() + "\n"


def _first_line(node: _Definition) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _end(starts: list[int], node: ast.stmt) -> int:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return starts[node.end_lineno - 1] + node.end_col_offset


def _line_starts(data: bytes) -> list[int]:
    """Where each line begins, in bytes, as the parser counts lines and columns."""
    return [0, *(match.end() for match in re.finditer(rb"\r\n|\r|\n", data))]
