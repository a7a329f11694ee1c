"""Null solvers: answers that know nothing, made from the reference solution so that their shapes are right.

Each one calls the solution only to learn the form of its result. A test that lets one pass tests nothing.
"""

from __future__ import annotations

import ast

from nbjudge.master.markers import without_markers
from nbjudge.master.mistakes import Sample
from nbjudge.master.notebook import Exercise
from nbjudge.publish.imitations import IMITATIONS

_SENTENCES = {
    "zeros": "Returns zeros of the right shape, whatever it is given.",
    "ones": "Returns ones of the right shape, whatever it is given.",
    "nan": "Returns NaN in the right shape, whatever it is given.",
    "input": "Returns what it was given.",
    "remembered": "Returns its first answer again and again.",
    "empty": "Returns nothing that could differ: arrays without elements, lists without items.",
    "equal": "Returns an object that calls itself equal to everything.",
}
_SETTINGS = {
    "zeros": "_null_like({0}, 0)",
    "ones": "_null_like({0}, 1)",
    "nan": "_null_like({0}, float('nan'))",
    "empty": "_null_empty({0})",
    "equal": "_NullEqual()",
}

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
    "empty": "return _null_empty(_null_ask(reference, given, named))",
    "equal": "return _NullEqual()",
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
    replaced; otherwise every public function and class it defines. In an answer that only sets variables, these
    get the values.
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
            kind: "".join(f"\n{name} = {setting.format(name)}" for name in variables) + "\n"
            for kind, setting in _SETTINGS.items()
            if variables
        }
    return tuple(
        Sample(exercise.name, f"null_{kind}", _SENTENCES[kind], f"{solution}\n{IMITATIONS}{code}")
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
