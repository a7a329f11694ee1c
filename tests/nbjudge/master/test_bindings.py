from __future__ import annotations

import ast
import dis
import inspect
import statistics
from types import CodeType

import pytest

from nbjudge.master.bindings import bound_names, imports, is_definition, origins, parse, read_names


def bound(source: str) -> set[str]:
    tree = parse(source)
    assert tree is not None
    return bound_names(tree.body)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b = 1", {"a", "b"}),
        ("a, (b, *c) = 1, (2, 3)", {"a", "b", "c"}),
        ("a: int = 1\nb += 1", {"a", "b"}),
        ("def f(x):\n    y = 1", {"f"}),
        ("def f():\n    global g\n    g = 1", {"f", "g"}),
        ("class C:\n    x = 1", {"C"}),
        ("import a.b, c as d\nfrom e import f as g", {"a", "d", "g"}),
        ("for i in []:\n    j = i\nwith x as k:\n    pass", {"i", "j", "k"}),
        ("try:\n    a = 1\nexcept E as error:\n    b = 2", {"a", "error", "b"}),
        ("if (n := 1):\n    del m", {"n", "m"}),
        ("match x:\n    case [a, *b]:\n        pass\n    case c:\n        pass", {"a", "b", "c"}),
        ("[i for i in range(3)]; lambda j: j", set()),
        ("a[0] = 1; b.c = 2", set()),
    ],
)
def test_names_bound_at_module_level_are_found(source: str, names: set[str]) -> None:
    assert bound(source) == names


def test_names_read_inside_functions_count_as_read() -> None:
    tree = ast.parse("def f(x):\n    return g(x) + h.i")
    assert read_names(tree.body) >= {"g", "h"}


@pytest.mark.parametrize("source", ["%matplotlib inline\na = 1", "!ls\na = 1", "%%time\na = 1", "a = 1\nb = !ls"])
def test_magics_are_no_obstacle(source: str) -> None:
    assert "a" in bound(source)


@pytest.mark.parametrize("source", ["%%bash\necho 'hello", "def f(:", "a = 'open", "\0", "(" * 3000])
def test_what_is_not_python_has_no_tree_or_binds_nothing(source: str) -> None:
    tree = parse(source)
    assert tree is None or bound_names(tree.body) == set()


def test_only_imports_are_taken_of_an_answer() -> None:
    tree = ast.parse("import a\nfrom b import c\nd = 1\ndef e():\n    import f")
    assert len(imports(tree.body)) == 2


@pytest.mark.parametrize(
    "source",
    [
        "import a",
        "def f(): pass",
        "class C: pass",
        "X = 3",
        "a, b = 1, 'two'",
        "T: float = 1e-3",
        "xs = np.linspace(0, 1, 5)",
        "t = torch.tensor([1.0], dtype=torch.float64).reshape(1, 1)",
        "square = lambda x: x * x",
        "y = KNOWN + 2",
        "try:\n    import a\nexcept ImportError:\n    a = None",
    ],
)
def test_imports_functions_classes_and_constants_are_definitions(source: str) -> None:
    (statement,) = ast.parse(source).body
    assert is_definition(statement, {"np", "torch", "KNOWN"})


@pytest.mark.parametrize(
    "source",
    [
        "data = load('data.csv')",
        "y = unknown + 2",
        "a[0] = 1",
        "x = open('f').read()",
        "print('hello')",
        "for i in range(3):\n    x = i",
        "x = [i for i in range(3)]",
        "import_module('os')",
        "try:\n    x = slow()\nfinally:\n    pass",
        "x += 1",
        "x: int",
        "np = fetch(np)",
    ],
)
def test_what_computes_is_not_a_definition(source: str) -> None:
    (statement,) = ast.parse(source).body
    assert not is_definition(statement, {"np", "x"})


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("f(1)", {"f"}),
        ("a = b = f(1)\nb", {"f"}),
        ("a, _ = f(1)\na", {"f"}),
        ("m.score(x)[0]", {"m"}),
        ("a = 0\nif x:\n    a = f(1)\na", {"f"}),
        ("float(f(1))", {"f"}),
        ("a = a\na", set()),
        ("a = 0\na += f(1)\na", set()),
        ("f(1) + 1", set()),
        ("sum(f(x) == 1 for x in y)", {"sum"}),
        ("a = 1", set()),
        ("", set()),
    ],
)
def test_where_the_last_value_is_taken_from(source: str, names: set[str]) -> None:
    assert origins(ast.parse(source).body) == names


@pytest.mark.parametrize(
    "source",
    [
        "%pwd\n" * 700,
        "print?\n" * 700,
        "x = !ls\n" * 700,
        "x = " + "-" * 60_000 + "1",
        "x" + "()" * 40_000,
        "x = 1\n" * 40_000,
    ],
    ids=["magics", "questions", "shell", "signs", "calls", "long"],
)
def test_a_source_made_to_keep_the_reader_busy_is_not_read(source: str) -> None:
    assert parse(source) is None


def test_a_long_cell_with_some_special_lines_is_read() -> None:
    assert bound("%matplotlib inline\n!ls\nhere = %pwd\n" + "a = b + 1\n" * 1000) == {"here", "a"}


def loaded_by_dis(code):
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"):
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from loaded_by_dis(constant)


@pytest.mark.parametrize("module", [ast, dis, inspect, statistics])
def test_the_names_that_are_read_are_those_that_pythons_own_disassembler_finds(module):
    tree = ast.parse(inspect.getsource(module))
    for statement in tree.body:
        code = compile(ast.Module([statement], []), "<cell>", "exec")
        assert read_names([statement]) == set(loaded_by_dis(code))


def test_names_beyond_the_two_hundred_and_fifty_sixth_are_read_too():
    source = "\n".join(f"x{number}" for number in range(700))
    names = {f"x{number}" for number in range(700)}
    assert read_names(ast.parse(source).body) == names
    (function,) = ast.parse("def f():\n " + source.replace("\n", "\n ")).body
    assert read_names([function]) == names
