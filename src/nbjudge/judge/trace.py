"""What came back while a test ran, in a form that can be kept and compared."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import torch

from nbjudge.border.handle import Handle
from nbjudge.judge.diagnosis import Trace
from nbjudge.judge.testcell import TestResult

SAMPLE = 512  # entries of a large array that are kept for comparison


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
