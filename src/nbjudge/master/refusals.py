"""What a test cell cannot do from outside the student's process, found by name before anything is built."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbjudge.master.bindings import parse
from nbjudge.master.markers import Problem, label
from nbjudge.master.notebook import Notebook

_MODULES = {
    "unittest.mock": "replaces names inside the student's process",
    "mock": "replaces names inside the student's process",
    "inspect": "looks into a live object of the student's",
    "IPython.utils.capture": "captures what the student's process prints",
}
_NAMES = {
    "get_ipython": "asks the student's shell",
    "capsys": "captures what the student's process prints",
    "capfd": "captures what the student's process prints",
    "monkeypatch": "replaces names inside the student's process",
    "redirect_stdout": "captures what the student's process prints",
    "redirect_stderr": "captures what the student's process prints",
    "capture_output": "captures what the student's process prints",
}
_ATTRIBUTES = {
    "__code__": "looks into a live function of the student's",
    "__globals__": "looks into a live function of the student's",
    "__closure__": "looks into a live function of the student's",
}
_REPLACED = {"sys", "builtins", "__builtins__"}
FIX = "Test the values that the student's code returns or binds instead."


def find_refusals(notebook: Notebook) -> list[Problem]:
    """Everything in the test cells that cannot be judged faithfully from outside."""
    problems = []
    for cell in notebook.tests:
        tree = parse(cell.source)
        if tree is None:
            problems.append(
                Problem(notebook.name, label(cell), 1, "the test is not valid Python", "Run it in the master.")
            )
            continue
        seen: set[str | int] = set()
        for line, what, why in _refused(tree):
            if what not in seen and line not in seen:
                seen |= {what, line}
                text = f"'{what}' {why}, which cannot be done from outside"
                problems.append(Problem(notebook.name, label(cell), line, text, FIX))
    return problems


def _refused(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    suspects: dict[str, str] = {}  # names bound by a suspicious import, with the reason
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                suspects |= {
                    (alias.asname or alias.name).split(".")[0]: _MODULES[alias.name]
                    for alias in aliases
                    if alias.name in _MODULES
                }
            case ast.ImportFrom(module=module, names=aliases):
                for alias in aliases:
                    why = _MODULES.get(f"{module}.{alias.name}") or _MODULES.get(str(module))
                    if why:
                        suspects[alias.asname or alias.name] = why
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 1)
        match node:
            case ast.Call(func=func, args=args) if (name := _root(func)) in suspects:
                target = f"({args[0].value!r})" if args and isinstance(args[0], ast.Constant) else ""
                yield line, f"{ast.unparse(func)}{target}", suspects[name]
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython"))), args=args):
                shown = " ".join(str(arg.value) for arg in args if isinstance(arg, ast.Constant))
                yield line, f"get_ipython: {shown}", _NAMES["get_ipython"]
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name) if name in _NAMES:
                yield line, name, _NAMES[name]
            case ast.Attribute(attr=name) if name in _ATTRIBUTES:
                yield line, name, _ATTRIBUTES[name]
            case ast.Attribute(value=ast.Name(id=module), attr=name, ctx=ast.Store()) if module in _REPLACED:
                yield line, f"{module}.{name} =", "replaces a name inside the student's process"
            case ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                yield line, "await", "runs in the student's event loop"


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
