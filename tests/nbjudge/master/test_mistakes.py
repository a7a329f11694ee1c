import pytest

from nbjudge.errors import CourseError
from nbjudge.master.mistakes import read_samples

FILE = '''"""Common slips."""

from __future__ import annotations

import functools

_OFFSET = 2  # é


@functools.cache
def _shift(x: int) -> int:
    """Support keeps its docstring."""
    return x + _OFFSET


def é_counts_down(n: int) -> int:
    """You count
    down."""
    # kept
    if n == 0: return 0
    return é_counts_down( n - 1 ) + _shift(0)


@functools.lru_cache(
    maxsize=None)
def one_line(n): "You return the input."; return n


class only_a_docstring(dict):
    """An empty class."""
'''


def run(source, name="total"):
    space = {"__name__": "__main__"}
    exec(compile(source, "<answer>", "exec"), space)
    return space[name]


def test_each_public_definition_becomes_a_whole_answer_cell_of_the_exercises_name():
    down, same, empty = read_samples("total", FILE, "total.py")
    assert [sample.name for sample in (down, same, empty)] == [
        "é_counts_down",
        "one_line",
        "only_a_docstring",
    ]
    assert run(down.source)(3) == 6
    assert run(same.source)(7) == 7
    assert run(empty.source)() == {}
    assert run(same.source).__name__ == "total"


def test_the_docstring_is_the_sentence_and_leaves_the_code():
    down, *_ = read_samples("total", FILE, "total.py")
    assert down.sentence == "You count down."
    assert "You count" not in down.source


def test_formatting_is_kept_and_self_references_follow_the_new_name():
    down, *_ = read_samples("total", FILE, "total.py")
    assert down.source.endswith(
        "def total(n: int) -> int:\n    # kept\n    if n == 0: return 0\n    return total( n - 1 ) + _shift(0)\n"
    )
    assert down.source.startswith("from __future__ import annotations\nimport functools\n_OFFSET = 2")
    assert '"""Support keeps its docstring."""' in down.source


def test_a_class_may_name_itself_and_decorators_are_kept():
    text = (
        "def _mark(cls):\n    cls.marked = True\n    return cls\n\n"
        "@_mark\nclass wrong:\n    'Oops.'\n    def again(self):\n        return wrong()\n"
    )
    (sample,) = read_samples("Model", text, "Model.py")
    model = run(sample.source, "Model")
    assert model.marked
    assert isinstance(model().again(), model)


def test_a_local_name_may_equal_another_samples_name():
    text = "def loss(x):\n    'a'\n    return x\n\ndef other(x):\n    'b'\n    loss = x + 1\n    return loss\n"
    assert run(read_samples("total", text, "t.py")[1].source)(1) == 2


def test_windows_line_ends_are_fine():
    (sample,) = read_samples("total", "def wrong(x):\r\n    'No.'\r\n    return x\r\n", "t.py")
    assert run(sample.source)(4) == 4


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("def f(:\n", "t.py, line 1: this is not Python"),
        ("def f(): return 1", "t.py, line 1: 'f' has no docstring"),
        ("def f():\n    ' '\n    return 1", "'f' has no docstring"),
        ("STEP = 3", "t.py, line 1: a file of samples cannot hold 'STEP = 3'"),
        ("print(1)", "a file of samples cannot hold 'print\\(1\\)'"),
        ("if True:\n    _x = 1", "a file of samples cannot hold 'if True:'"),
        ("from autograder.x import y", "cannot import what only staff have"),
        ("from .x import y", "cannot import what only staff have"),
        ("def f():\n    'a'\n    import nbjudge.master.course", "line 3: a sample runs like a student's"),
        ("def f():\n    'a'\n\ndef g():\n    'b'\n    return f()", "line 6: 'f' is another sample"),
        ("def f(f):\n    'a'\n    return f", "'f' also names something inside itself"),
        ("def f():\n    'a'\n\ndef f():\n    'b'\n", "two samples have the same name"),
    ],
)
def test_what_a_file_of_samples_cannot_hold_is_named(text, what):
    with pytest.raises(CourseError, match=what):
        read_samples("total", text, "t.py")
