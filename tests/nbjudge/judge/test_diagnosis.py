from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
import torch
from judging import answer, check, hidden, judge

from nbjudge.judge.diagnosis import Trace, diagnose, same
from nbjudge.judge.testcell import TestResult
from nbjudge.judge.trace import trace

CELLS = (
    answer("mean", "def mean(xs):\n    return sum(xs) / len(xs)"),
    check("assert mean([1.0, 2.0]) == 1.5", "seen"),
    check(hidden("import random\nxs = [random.random() for _ in range(5)]\nassert mean(xs) == sum(xs) / 5"), "unseen"),
)
MISTAKES = {
    "You add and don't divide.": "def mean(xs):\n    return sum(xs)",
    "You take the largest.": "def mean(xs):\n    return max(xs)",
    "You divide by one too few.": "def mean(xs):\n    return sum(xs) / (len(xs) - 1)",
}


def traces(source: str) -> dict[str, Trace]:
    return {name: trace(result) for name, result in judge(*CELLS, answers={"mean": source}).items()}


SUM, LARGEST, FEW = MISTAKES


@pytest.fixture(scope="module")
def known() -> list[tuple[str, Mapping[str, Trace]]]:
    return [(sentence, traces(source)) for sentence, source in MISTAKES.items()]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("def mean(xs):\n    total = 0.0\n    for x in xs:\n        total += x\n    return total", SUM),
        ("import numpy as np\ndef mean(xs):\n    return float(np.max(xs))", LARGEST),
        ("mean = lambda xs: sum(xs) / (len(xs) - 1)", FEW),
        ("def mean(xs):\n    return min(xs)", ""),
        ("def mean(xs):\n    return xs[0] if len(xs) == 5 else sum(xs)", ""),
        ("def mean(xs):\n    return None", ""),
        ("def mean(xs):\n    raise ValueError(xs)", ""),
        ("pass", ""),
    ],
)
def test_a_submission_is_told_its_own_mistake_only(
    source: str, sentence: str, known: list[tuple[str, Mapping[str, Trace]]]
) -> None:
    assert diagnose(traces(source), ["seen", "unseen"], known) == sentence


def trace_of(*values: object, passed: bool = False) -> Trace:
    return trace(TestResult(0.0, error=None if passed else AssertionError(), transcript=values))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1.0 + 1e-6),
        ([1, 2, 3], (1, 2, 3)),
        (torch.tensor([1.0, 2.0]), np.array([1.0, 2.0])),
        (torch.ones(40, 40), torch.ones(40, 40) * (1 + 1e-6)),
        (float("nan"), float("nan")),
        ({"loss": 1.0}, {"loss": 1.0}),
        (2.0, np.float32(2)),
    ],
)
def test_answers_that_agree_but_for_rounding_are_the_same(one: object, other: object) -> None:
    assert same(trace_of(one), trace_of(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1.1),
        (0.0, 1e-6),
        ([1, 2], [1, 2, 3]),
        (torch.zeros(2, 3), torch.zeros(3, 2)),
        (1.0, float("nan")),
        ("a", "b"),
        (None, 0),
        ({"loss": 1.0}, {"cost": 1.0}),
        (torch.ones(40, 40), torch.ones(40, 40) * 2),
        (np.array([1, 2]), np.array(["a", "b"])),
    ],
)
def test_answers_that_differ_are_not(one: object, other: object) -> None:
    assert not same(trace_of(one), trace_of(other))


def test_a_verdict_and_the_number_of_answers_count() -> None:
    assert not same(trace_of(1.0), trace_of(1.0, passed=True))
    assert not same(trace_of(1.0), trace_of(1.0, 1.0))


def test_no_answer_at_all_is_no_mistake() -> None:
    silent = {"t": trace_of()}
    assert diagnose(silent, ["t"], [("You do nothing.", silent)]) == ""
    assert diagnose({}, ["t"], [("You do nothing.", silent)]) == ""
