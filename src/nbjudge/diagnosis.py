"""Which known mistake a failing submission made: the one whose answers to the tests were the same."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from nbjudge.handle import Handle
from nbjudge.testcell import TestResult

SAMPLE = 512  # entries of a large array that are kept for comparison
TOLERANCE = 1e-3  # of the largest entry


@dataclass(frozen=True)
class Trace:
    """What came back across the border while one test ran, as arrays and words, and whether it passed."""

    passed: bool
    parts: tuple[tuple[str, Any], ...]


def trace(result: TestResult) -> Trace:
    """The comparable form of a test's transcript."""
    parts: list[tuple[str, Any]] = []
    for value in result.transcript:
        _flatten(value, parts)
    return Trace(result.error is None and not result.problem, tuple(parts))


def _flatten(value: Any, parts: list[tuple[str, Any]]) -> None:
    if isinstance(value, (list, tuple)) and len(value) <= 64 and not _is_numeric(value):
        parts.append((type(value).__name__, len(value)))
        for item in value:
            _flatten(item, parts)
    elif isinstance(value, dict) and len(value) <= 64:
        for key, item in value.items():
            parts.append(("key", str(key)))
            _flatten(item, parts)
    else:
        parts.append(_leaf(value))


def _is_numeric(value: Any) -> bool:
    return bool(value) and all(type(item) in (int, float) for item in value)


def _leaf(value: Any) -> tuple[str, Any]:
    if isinstance(value, Handle):
        return "object", value._kind
    for read in (_numbers, _words):
        # A dtype that NumPy lacks, text that is no Unicode, an integer too long to be written: any may come.
        with contextlib.suppress(Exception):
            return read(value)
    return "text", type(value).__name__


def _numbers(value: Any) -> tuple[str, Any]:
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        value = value.to(torch.complex128 if value.is_complex() else torch.float64).numpy()
    if not isinstance(value, (list, tuple, np.generic, np.ndarray, int, float, complex)):
        raise TypeError("no numbers")
    return "numbers", _sample(np.asarray(value))


def _words(value: Any) -> tuple[str, Any]:
    return "text", repr(value)[:500]


def _sample(array: np.ndarray[Any, Any]) -> Any:
    if array.dtype.kind not in "biufc":
        return repr(array)[:500]
    flat = array.ravel()
    wide = flat.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    if flat.size > SAMPLE:
        step = -(-flat.size // SAMPLE)
        wide = np.concatenate([wide[::step], [wide.sum(), np.linalg.norm(wide)]])
    return array.shape, wide


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
