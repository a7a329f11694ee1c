"""Null solvers: answers that know nothing, made from the reference solution so that their shapes are right.

Each one calls the solution only to learn the form of its result. A test that lets one pass tests nothing.
"""

from __future__ import annotations

import ast

from nbjudge.markers import without_markers
from nbjudge.mistakes import Sample
from nbjudge.notebook import Exercise

_SENTENCES = {
    "zeros": "Returns zeros of the right shape, whatever it is given.",
    "ones": "Returns ones of the right shape, whatever it is given.",
    "nan": "Returns NaN in the right shape, whatever it is given.",
    "input": "Returns what it was given.",
    "remembered": "Returns its first answer again and again.",
}
_FILLS = {"zeros": "0", "ones": "1", "nan": "float('nan')"}

# Runs in the student's kernel, after the solution: no name of the grader's, and none left behind.
_LIKE = """

def _null_like(value, fill):
    import math, numbers, sys, types
    torch, numpy, pandas = (sys.modules.get(name) for name in ("torch", "numpy", "pandas"))
    if torch and isinstance(value, torch.Tensor):
        value = value.detach()
        exact = not (value.is_floating_point() or value.is_complex())
        dtype = torch.get_default_dtype() if exact and fill != fill else value.dtype
        return torch.full_like(value, fill, dtype=dtype)
    if pandas and isinstance(value, pandas.DataFrame):
        return pandas.DataFrame(fill, index=value.index, columns=value.columns)
    if pandas and isinstance(value, pandas.Series):
        return pandas.Series(fill, index=value.index, name=value.name)
    if numpy and isinstance(value, numpy.ndarray | numpy.generic):
        exact = value.dtype.kind not in "fc"
        filled = numpy.full(value.shape, fill, dtype=float if exact and fill != fill else value.dtype)
        return filled[()] if isinstance(value, numpy.generic) else filled
    if isinstance(value, bool):
        return bool(fill)
    if isinstance(value, numbers.Number):
        return fill if isinstance(value, int) or fill != fill else type(value)(fill)
    if isinstance(value, str):
        return "" if not fill else str(fill)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_null_like(part, fill) for part in value))
    if isinstance(value, tuple | list | set | frozenset):
        return type(value)(_null_like(part, fill) for part in value)
    if isinstance(value, dict):
        return {key: _null_like(part, fill) for key, part in value.items()}
    if isinstance(value, types.GeneratorType):
        return (_null_like(part, fill) for part in value)
    if isinstance(value, types.FunctionType):
        return lambda *given, **named: _null_like(value(*given, **named), fill)
    return None
"""

_ASK = """

def _null_ask(reference, given, named):
    import copy
    try:
        copied, renamed = copy.deepcopy((given, named))
    except Exception:
        copied, renamed = given, named
    try:
        return reference(*copied, **renamed)
    except Exception:
        return None
"""

_ANSWERS = {
    "zeros": "return _null_like(_null_ask(reference, given, named), 0)",
    "ones": "return _null_like(_null_ask(reference, given, named), 1)",
    "nan": "return _null_like(_null_ask(reference, given, named), float('nan'))",
    "input": """result = _null_ask(reference, given, named)
        held = [*given, *named.values()] or [None]
        if isinstance(result, tuple):
            return tuple(held[index % len(held)] for index in range(len(result)))
        return held[0]""",
    "remembered": """if not memory:
            memory.append(_null_ask(reference, given, named))
        return memory[0]""",
}

_FUNCTION = """

def _null_solver(reference):
    import functools
    memory = []
    @functools.wraps(reference)
    def answer(*given, **named):
        {body}
    return answer

{name} = _null_solver({name})
"""

_CLASS = """

def _null_solver(base):
    memory = []
    def answer(self, *given, **named):
        def reference(*given, **named):
            return base.__call__(self, *given, **named)
        {body}
    return type(base.__name__, (base,), {{"__call__": answer, "__doc__": base.__doc__}})

{name} = _null_solver({name})
"""


def null_samples(exercise: Exercise) -> tuple[Sample, ...]:
    """The null solvers that apply to an exercise; none if its solution binds nothing that can be imitated.

    Where the answer defines a function, or a class that can be called, of the exercise's name, that is
    replaced; otherwise every public function and class it defines. An answer that only sets variables gets
    zeros, ones and NaN in their place.
    """
    solution = without_markers(exercise.answer.source)
    try:
        tree = ast.parse(solution)
    except SyntaxError:  # a cell magic, or a shell line
        return ()
    templates = _callables(tree)
    if exercise.name in templates:
        templates = {exercise.name: templates[exercise.name]}
    if templates:
        made = {name: _wrapped(templates, body) for name, body in _ANSWERS.items()}
    else:
        variables = _variables(tree)
        made = {
            kind: "".join(f"\n{name} = _null_like({name}, {fill})" for name in variables) + "\n"
            for kind, fill in _FILLS.items()
            if variables
        }
    return tuple(
        Sample(exercise.name, f"null_{kind}", _SENTENCES[kind], f"{solution}\n{_LIKE}{_ASK}{code}")
        for kind, code in made.items()
    )


def _callables(tree: ast.Module) -> dict[str, str]:
    """The template for each public function or callable class that the cell defines."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            found[node.name] = _FUNCTION
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            methods = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
            if methods & {"__call__", "forward"}:
                found[node.name] = _CLASS
    return found


def _wrapped(templates: dict[str, str], body: str) -> str:
    return "".join(template.format(name=name, body=body) for name, template in templates.items())


def _variables(tree: ast.Module) -> list[str]:
    found: dict[str, None] = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets if isinstance(node, ast.Assign | ast.AnnAssign) else []:
            names = (part.id for part in ast.walk(target) if isinstance(part, ast.Name)) if target else ()
            found.update({name: None for name in names if not name.startswith("_")})
    return list(found)
