"""Comparisons that say what is wrong, and which slip is likely behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from descent.slip import likely_slip


def check_close(got: Any, want: Any, name: str = "the result", rtol: float = 1e-4, atol: float = 1e-6) -> None:
    """Assert that `got` is what is wanted: the same shape and kind of number, finite, and close.

    Tensors, arrays, numbers and nested lists of numbers compare with one another, on any device; float32 and
    float64 count as the same kind. Close means |got − want| ≤ atol + rtol·|want| in every entry, in float64.

    Raises AssertionError with one line that calls `got` by `name`, says what is wrong and, where the numbers
    give it away, the likely slip. Raises ValueError if `want` itself isn't numbers.
    """
    wanted = _tensor(want)
    if wanted is None:
        raise ValueError(f"check_close can't compare {name} with a {type(want).__name__}.")
    values = _tensor(got)
    if values is None:
        what = "None" if got is None else f"a {type(got).__name__}"
        hint = ": did you forget to return it?" if got is None else "."
        raise AssertionError(f"{name} is {what}, expected {_described(wanted)}{hint}")
    if type(want) is int and values.is_floating_point():
        wanted = wanted.double()  # a literal 1 may stand for 1.0
    problem = (
        _wrong_shape(values, wanted)
        or _wrong_kind(values, wanted)
        or _not_finite(values, wanted)
        or _not_close(_widened(values), _widened(wanted), rtol, atol)
    )
    if problem:
        raise AssertionError(f"{name} {problem}")


def _wrong_shape(got: torch.Tensor, want: torch.Tensor) -> str:
    """Return what is wrong with the shape of `got`, or nothing."""
    if got.shape == want.shape:
        return ""
    message = f"has shape {tuple(got.shape)}, expected {tuple(want.shape)}"
    if [n for n in got.shape if n != 1] == [n for n in want.shape if n != 1]:
        extra = "too many" if got.ndim > want.ndim else "missing" if got.ndim < want.ndim else "out of place"
        return f"{message}: a dimension of size 1 is {extra}."
    if want.numel() == 1:
        return f"{message}: one number is wanted; is a mean or a sum missing?"
    if got.ndim == 2 and got.shape == want.shape[::-1]:
        return f"{message}: is it transposed?"
    if got.ndim == want.ndim == 1 and len(got) + 1 == len(want):
        return f"{message}: one entry is missing; was the bias forgotten?"
    return f"{message}."


_KIND_SLIPS = {
    ("whole numbers", "real numbers"): "was something rounded or cast to int?",
    ("real numbers", "whole numbers"): "is a cast to int missing?",
    ("truth values", "real numbers"): "is a comparison returned where the numbers themselves are wanted?",
    ("real numbers", "truth values"): "is a comparison missing?",
}


def _wrong_kind(got: torch.Tensor, want: torch.Tensor) -> str:
    """Return what is wrong with the kind of number in `got`, or nothing."""
    kinds = _kind(got), _kind(want)
    if kinds[0] == kinds[1]:
        return ""
    slip = f": {_KIND_SLIPS[kinds]}" if kinds in _KIND_SLIPS else "."
    return f"holds {kinds[0]} ({_dtype(got)}), expected {kinds[1]} ({_dtype(want)}){slip}"


def _not_finite(got: torch.Tensor, want: torch.Tensor) -> str:
    """Return which entries of `got` are NaN or infinite although they shouldn't be, or nothing."""
    wrong = ~torch.isfinite(got) & torch.isfinite(want)
    if not wrong.any():
        return ""
    what = "NaN" if got[wrong].isnan().any() else "infinite"
    where = f" in {int(wrong.sum()):,} of {got.numel():,} entries" if got.ndim else ""
    return f"is {what}{where}: is there a log of 0, an overflow in exp, or a division by 0?"


def _not_close(got: torch.Tensor, want: torch.Tensor, rtol: float, atol: float) -> str:
    """Return how `got` differs from `want` and the likely slip, or nothing if they are close."""
    wrong = ~torch.isclose(got, want, rtol=rtol, atol=atol)
    if not wrong.any():
        return ""
    slip = likely_slip(got, want, max(rtol, 1e-5))
    place = tuple(wrong.nonzero()[0].tolist())
    numbers = f"{got[place].item():.6g}, expected {want[place].item():.6g}."
    if want.ndim == 0:
        return f"{slip} It is {numbers}" if slip else f"is {numbers}"
    first = f"At [{', '.join(map(str, place))}] it is {numbers}"
    if slip:
        return f"{slip} {first}"
    if want.ndim == 1 and len(want) > 2 and wrong.sum() == 1 and wrong[-1]:
        return f"is right except in its last entry. {first}"
    return f"is wrong in {int(wrong.sum()):,} of {want.numel():,} entries. {first}"


def _tensor(value: Any) -> torch.Tensor | None:
    """Return `value` as a detached tensor on the CPU, or None if it isn't numbers."""
    try:
        if isinstance(value, list | tuple) and value and all(isinstance(v, torch.Tensor) for v in value):
            value = torch.stack(tuple(value))
        if isinstance(value, torch.Tensor):
            return value.detach().cpu()
        array = np.asarray(value)
        return torch.from_numpy(array.copy()) if array.dtype.kind in "biufc" else None
    except (ValueError, TypeError, RuntimeError):
        return None


def _widened(values: torch.Tensor) -> torch.Tensor:
    return values.to(torch.complex128 if values.is_complex() else torch.float64)


def _kind(values: torch.Tensor) -> str:
    if values.dtype == torch.bool:
        return "truth values"
    if values.is_complex():
        return "complex numbers"
    return "real numbers" if values.is_floating_point() else "whole numbers"


def _dtype(values: torch.Tensor) -> str:
    return str(values.dtype).removeprefix("torch.")


def _described(want: torch.Tensor) -> str:
    return f"{_kind(want)} of shape {tuple(want.shape)}" if want.ndim else "one number"
