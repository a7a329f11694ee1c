"""Which known mistake a failing submission made: the one whose answers to the tests were the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

TOLERANCE = 1e-3  # of the largest entry


@dataclass(frozen=True)
class Trace:
    """What came back across the border while one test ran, as arrays and words, and whether it passed."""

    passed: bool
    parts: tuple[tuple[str, Any], ...]


def same(one: Trace, other: Trace) -> bool:
    """Whether two traces agree: same shapes and words, numbers to within a thousandth of the largest."""
    if one.passed != other.passed or len(one.parts) != len(other.parts):
        return False
    return all(_alike(a, b) for a, b in zip(one.parts, other.parts, strict=True))


def _alike(one: tuple[str, Any], other: tuple[str, Any]) -> bool:
    if one[0] != other[0]:
        return False
    if one[0] != "numbers" or isinstance(one[1], str) or isinstance(other[1], str):
        return bool(one[1] == other[1]) if not isinstance(one[1], tuple) else False
    (shape, values), (other_shape, other_values) = one[1], other[1]
    if shape != other_shape:
        return False
    finite = np.abs(values[np.isfinite(values)])
    scale = finite.max() if finite.size else 0.0
    return bool(np.allclose(values, other_values, rtol=0, atol=TOLERANCE * scale + 1e-12, equal_nan=True))


def diagnose(
    traces: Mapping[str, Trace], tests: Iterable[str], mistakes: Iterable[tuple[str, Mapping[str, Trace]]]
) -> str:
    """The sentence of the first mistake that answered all ``tests`` of an exercise as the submission did.

    ``mistakes`` pairs each sentence with the mistake's own traces, by test. "" when none matches, or when the
    submission gave no answer at all.
    """
    names = [name for name in tests if name in traces]
    if not any(traces[name].parts for name in names):
        return ""
    for sentence, known in mistakes:
        if all(name in known and same(traces[name], known[name]) for name in names):
            return sentence
    return ""
