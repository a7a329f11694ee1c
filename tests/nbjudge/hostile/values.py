"""Results and arguments that lie, are odd, or change under the judge's hands."""

from __future__ import annotations

from hostile.course import HONEST, Attack

G = HONEST["gradient"]
P = HONEST["primes"]
# A number that says yes to everything.
LIAR = """
class Liar:
    def _self(self, *rest, **named):
        return self
    def _yes(self, *rest):
        return True
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __abs__ = __neg__ = _self
    __getitem__ = __getattr__ = all = any = max = item = detach = _self
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = _yes
    __hash__ = None
    def __ne__(self, other):
        return False
    def __iter__(self):
        return iter([])
    def __len__(self):
        return 10
    def __float__(self):
        return 0.0
    @property
    def __class__(self):
        return list
    @property
    def shape(self):
        return (2,)
"""


def gradient(name: str, says: str, body: str, before: str = "", **more: object) -> Attack:
    """An attack by the function's result."""
    source = f"{before}\ndef gradient(theta, X):\n" + "\n".join(f"    {line}" for line in body.splitlines())
    return Attack(name, says, {"gradient": source}, **more)  # type: ignore[arg-type]


def primes(name: str, says: str, body: str, before: str = "", **more: object) -> Attack:
    """An attack by the list's function."""
    source = f"{before}\ndef primes(n):\n" + "\n".join(f"    {line}" for line in body.splitlines())
    return Attack(name, says, {"primes": source}, **more)  # type: ignore[arg-type]


ATTACKS = [
    gradient("liar", "An object answers every comparison with yes.", "return Liar()", LIAR),
    gradient(
        "subclass",
        "A tensor subclass answers torch.allclose itself.",
        "return torch.zeros_like(theta).as_subclass(Yes)",
        "class Yes(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, f, types, args=(), kwargs=None):\n"
        "        if f.__name__ in ('allclose', 'equal', 'all'):\n            return True\n"
        "        return super().__torch_function__(f, types, args, kwargs or {})",
    ),
    gradient(
        "patched_torch",
        "torch's and NumPy's comparisons are replaced.",
        "return torch.zeros_like(theta)",
        "import numpy.testing\ntorch.allclose = torch.equal = lambda *a, **k: True\n"
        "torch.Tensor.__sub__ = torch.Tensor.__rsub__ = lambda a, b: torch.zeros(())\n"
        "torch.Tensor.detach = lambda self: torch.zeros(2)\n"
        "numpy.testing.assert_allclose = lambda *a, **k: None",
    ),
    gradient(
        "patched_builtins",
        "abs, all, len and AssertionError are replaced.",
        "return torch.zeros_like(theta)",
        "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.all = builtins.any = lambda x: True\n"
        "builtins.AssertionError = type('Quiet', (Exception,), {})",
        earns={"primes_list": 0},  # it breaks its own
    ),
    gradient(
        "no_asserts",
        "IPython drops assert statements and swallows errors.",
        "return torch.zeros_like(theta)",
        "import ast\nshell = get_ipython()\nclass Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node):\n        return ast.Pass()\nshell.ast_transformers.append(Drop())\n"
        "shell.input_transformers_post.append(lambda lines: [l for l in lines if 'assert' not in l])\n"
        "shell.set_custom_exc((BaseException,), lambda *a, **k: None)",
    ),
    gradient("nan", "NaN is neither far nor near.", "return torch.full_like(theta, float('nan'))"),
    gradient("infinite", "Infinity.", "return torch.full_like(theta, float('inf'))"),
    gradient("complex", "A complex tensor that wants a gradient.", "return (theta + 0j).requires_grad_(True) * 0"),
    gradient(
        "complex_leaf",
        "A complex leaf that wants a gradient.",
        "return torch.zeros(2, dtype=torch.complex64, requires_grad=True)",
    ),
    gradient("half_complex", "A dtype that NumPy lacks.", "return torch.zeros(2, dtype=torch.complex32)"),
    gradient("bits", "A dtype without arithmetic.", "return torch.zeros(2, dtype=torch.uint8).view(torch.bits8)"),
    gradient("empty", "An empty tensor is close to anything it broadcasts with.", "return torch.zeros(0)"),
    gradient("wide", "A tensor that broadcasts.", "return torch.zeros(1, 1, 1)"),
    gradient("boolean", "True for every entry.", "return torch.ones(2, dtype=torch.bool)"),
    gradient("bad_text", "Text that is no Unicode.", "import numpy as np\nreturn np.frombuffer(b'\\xff' * 8, '<U1')"),
    gradient("missing", "pandas' missing value makes every comparison missing.", "import pandas as pd\nreturn pd.NA"),
    gradient("decimal", "A signalling NaN.", "from decimal import Decimal\nreturn Decimal('sNaN')"),
    gradient(
        "objects",
        "An array of objects that agree with everything.",
        "import numpy as np\nout = np.empty(len(theta), dtype=object)\nout[:] = [Liar() for _ in theta]\nreturn out",
        LIAR,
    ),
    gradient(
        "named",
        "A named tuple with a shape and an all of its own.",
        "return Yes(2, 0, True, True)",
        "import collections\nYes = collections.namedtuple('Yes', 'shape T all max')",
    ),
    gradient(
        "mutating",
        "The arguments are set to zero, so that a zero result would be right.",
        "theta.zero_()\nX.zero_()\nreturn torch.zeros(len(theta))",
    ),
    gradient(
        "seen_only",
        "The visible answer is hard-coded: it earns that test.",
        "return torch.tensor([8.0, 2.5])",
        earns={"gradient_seen": 1},
    ),
    gradient(
        "patched_checks",
        "The assertions of pytest, unittest and torch are replaced, also in their modules.",
        "return torch.zeros_like(theta)",
        "import contextlib, sys, unittest\n"
        "class Pass:\n    def __getattr__(self, name):\n        return lambda *a, **k: contextlib.nullcontext()\n"
        "pytest.raises = lambda *a, **k: contextlib.suppress(BaseException)\npytest.approx = lambda x, **k: x\n"
        "torch.testing.assert_close = lambda *a, **k: None\n"
        "for name in dir(unittest.TestCase):\n    if name.startswith('assert'):\n        setattr(unittest.TestCase, name, lambda *a, **k: None)\n"
        "sys.modules['numpy.testing'] = sys.modules['pytest'] = sys.modules['torch.testing'] = Pass()",
    ),
    gradient(
        "wrong_dtype",
        "Integers where numbers with a fraction belong.",
        "return torch.zeros(len(theta), dtype=torch.int64)",
    ),
    gradient(
        "wrong_library", "A NumPy array where a tensor belongs.", "import numpy as np\nreturn np.zeros(len(theta))"
    ),
    gradient("huge", "A tensor of 400 MB.", "return torch.zeros(100_000_000)"),
    gradient(
        "remembered_input",
        "An input of an earlier call.",
        "Memory.seen.append(theta)\nreturn Memory.seen[0]",
        "class Memory:\n    seen = []",
    ),
    gradient("same_input", "What it was given.", "return theta"),
    gradient("coroutine", "A coroutine that nobody awaits.", "async def later():\n    return theta\nreturn later()"),
    gradient("function_result", "A function instead of a value.", "return lambda *given: theta"),
    gradient("module_result", "A module instead of a value.", "return torch"),
    gradient("type_result", "A class instead of a value.", "return torch.Tensor"),
    gradient(
        "looked_up",
        "The visible input is recognised, everything else is zero: it earns that test.",
        "return torch.tensor([8.0, 2.5]) if X.tolist() == [[1.0, 0.0], [3.0, 1.0]] else torch.zeros(len(theta))",
        earns={"gradient_seen": 1},
    ),
    primes(
        "visible_refusal",
        "Only what the visible test asks for: an error for negative numbers.",
        "if n < 0:\n    raise ValueError(n)\nreturn []",
        earns={"primes_refuses": 1},
    ),
    primes("huge_list", "A list of five million numbers.", "return [1.5] * 5_000_000"),
    primes(
        "cyclic_dict",
        "A dictionary that holds itself, in a set of odd keys.",
        "out = {}\nout[n] = [out, {(): out}]\nreturn out",
    ),
    primes("generator", "A generator instead of a list.", "yield from range(2, n)"),
    primes("endless", "A generator without end.", "import itertools\nreturn itertools.count()"),
    primes("cyclic", "A list that contains itself.", "out = []\nout.append(out)\nreturn out"),
    primes("deep", "A list nested 5000 deep.", "out = []\nfor _ in range(5000):\n    out = [out]\nreturn out"),
    primes("liar_list", "An object that says it is a list, and equal to all.", "return Liar()", LIAR),
    primes(
        "list_subclass",
        "A list whose items, length and equality depend on who asks.",
        "return Fickle()",
        "class Fickle(list):\n    def __len__(self):\n        return 10\n    def __eq__(self, other):\n        return True\n"
        "    def __iter__(self):\n        return iter([2, 3, 5, 7, 11, 13, 17, 19, 23, 29])\n"
        "    def __contains__(self, item):\n        return item != 9",
    ),
    primes("range_bomb", "A range that nobody can add up.", "return range(10**17)"),
    primes("int_bomb", "An integer of 100,000 digits.", "return 10**100_000"),
    primes(
        "int_subclass",
        "Integers that are equal to everything.",
        "return [Same(0) for _ in range(10)]",
        "class Same(int):\n    def __eq__(self, other):\n        return True\n    __hash__ = int.__hash__\n"
        "    def __sub__(self, other):\n        return 0\n    __rsub__ = __radd__ = __sub__",
    ),
    primes(
        "raising", "Every call raises the error that one test wants.", "raise ValueError", earns={"primes_refuses": 1}
    ),
    primes("exits", "SystemExit in a call.", "raise SystemExit(0)"),
    primes("skips", "pytest's own skip in a call.", "pytest.skip('not today')"),
    primes(
        "odd_error",
        "An error with an unprintable message.",
        "raise ValueError('\\ud800' * 3)",
        earns={"primes_refuses": 1},
    ),
    primes(
        "nameless_error",
        "An error of an unprintable class.",
        "raise type('N\\u0301\\u202e', (OSError,), {})('\\ud800')",
    ),
    Attack(
        "variable_liar",
        "A variable of a class that agrees with everything.",
        {"slope": LIAR + "\nslope = Liar()"},
    ),
    Attack("variable_text", "A text with half a surrogate pair in a visible message.", {"slope": "slope = '\\ud83d'"}),
    Attack(
        "variable_float",
        "A float subclass.",
        {"slope": "class F(float):\n    def __sub__(s, o):\n        return 0.0\nslope = F(1)"},
    ),
    Attack(
        "class_liar",
        "A class that says what is asked: its length is always the expected one.",
        {"Basket": LIAR + "\nclass Basket(Liar):\n    def total(self):\n        return self"},
    ),
]
