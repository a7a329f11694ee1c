"""What a student is told, and what is never said."""

from __future__ import annotations

import pytest
from judging import answer, check, hidden, judge_one

from nbjudge.judge.explain import LONGEST, error_name, message, title
from nbjudge.judge.testcell import TestResult
from nbjudge.master.notebook import Cell

F = answer("f", "def f(x):\n    return 2 * x")


def told(test: Cell, f: str, answer_error: str = "") -> str:
    return message(judge_one(F, test, answers={"f": f}), test, answer_error)


def test_a_visible_assertion_tells_its_own_words() -> None:
    assert told(check("assert f(2) == 4, 'f(2) should be 4'"), "def f(x):\n    return 5") == "F(2) should be 4."


def test_a_visible_assertion_without_words_shows_itself() -> None:
    assert told(check("assert f(2) == 4"), "def f(x):\n    return 5") == "This does not hold: assert f(2) == 4"


def test_a_visible_error_shows_its_name_and_words() -> None:
    assert told(check("f(2)"), "def f(x):\n    return x.missing") == (
        "AttributeError: 'int' object has no attribute 'missing'"
    )


def test_a_long_message_is_cut() -> None:
    assert len(told(check("assert False, 'x' * 5000"), "pass")) == LONGEST


SECRET = "31337"
LEAKS = [
    "def f(x):\n    return 0",
    "def f(x):\n    raise ValueError(f'you asked {x}')",
    "def f(x):\n    raise type(f'Asked{x}', (Exception,), {})(x)",
    "def f(x):\n    raise type(f'Asked{x}', (ZeroDivisionError,), {'__str__': lambda self: str(x)})()",
    "def f(x):\n    raise SystemExit(x)",
    "def f(x):\n    return type(f'C{x}', (), {'__repr__': lambda self: str(x)})()",
    "def f(x):\n    f.__name__ = str(x); return f",
    "def f(x):\n    {}[x]",
    "def f(x):\n    return [[x] * 10] * 10",
    "def f(x):\n    import warnings; warnings.warn(str(x)); return 0",
    "def f(x):\n    print(x); return x",
    "def f(x):\n    import os; os._exit(x % 100)",
    "def f(x):\n    a = []; a.append(a); return a, x",
]


@pytest.mark.parametrize("f", LEAKS)
@pytest.mark.parametrize(
    "secret_part",
    [
        "assert f(31337) == 62674, f'f(31337) is {f(31337)}, not 62674'",
        "x = 31337\nwant = 2 * x\nassert f(x) == want, (x, want)",
        "import numpy as np\nnp.testing.assert_allclose(f(31337), 62674)",
        "for x in [31337]:\n    assert f(x) == 2 * x",
        "raise ValueError(f'31337 {f(31337)}')",
    ],
)
def test_a_hidden_failure_reveals_nothing(secret_part: str, f: str) -> None:
    text = told(check('"Doubles numbers."\n' + hidden(secret_part)), f)
    assert text
    assert SECRET not in text
    assert "62674" not in text
    assert "assert" not in text
    assert "Asked" not in text


def test_a_hidden_failure_says_what_the_test_is_about() -> None:
    test = check('"""Doubles numbers.\n\nMore."""\n' + hidden("assert f(31337) == 62674"))
    assert told(test, "def f(x):\n    return 0") == "A check with other inputs failed: Doubles numbers."
    assert told(test, "def f(x):\n    raise KeyError(x)") == (
        "A check with other inputs ended in KeyError: Doubles numbers."
    )


def test_an_answer_cell_that_stopped_is_named_first() -> None:
    text = told(check("f(1)"), "pass", answer_error="ZeroDivisionError")
    assert text.startswith("The cell with your answer stopped with ZeroDivisionError. NameError")


def test_partial_credit_is_said() -> None:
    assert message(TestResult(1.5), check("1.5", points=2.0)) == "Partial credit: 1.5 of 2."
    assert message(TestResult(2.0), check("2.0", points=2.0)) == ""


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('"""Doubles numbers.\n\nAnd more."""\nf(1)', "Doubles numbers."),
        ("# Doubles numbers\nf(1)", "Doubles numbers"),
        ("f(1)  # not this", "my test"),
        (hidden("# uses 31337\nf(31337)"), "my test"),
        (hidden('"""Uses 31337."""\nf(31337)'), "my test"),
        (hidden("f(31337)") + "\n# Doubles numbers", "Doubles numbers"),
        ("", "my test"),
    ],
)
def test_a_title_is_in_sight_of_every_student(source: str, words: str) -> None:
    assert title(check(source, "my_test")) == words


def test_only_builtin_names_of_errors_are_used() -> None:
    class Asked31337(KeyError):
        pass

    assert error_name(Asked31337()) == "KeyError"
    assert error_name(type("ValueError", (Exception,), {})()) == "Exception"


def test_a_message_that_needs_an_object_of_an_ended_process_is_left_out() -> None:
    test = check("v = f(2)\nassert v is None, v")
    f = "class V:\n    pass\n\n\ndef f(x):\n    return V()"
    assert told(test, f) == "This does not hold: assert v is None, v"


def test_a_message_can_always_be_written_to_a_file() -> None:
    found = told(check("f(2)"), "def f(x):\n    raise ValueError('a\\ud800b')")
    assert found == "ValueError: a?b"
    found.encode()
