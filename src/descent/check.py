"""Comparisons that say what is wrong, and which slip is likely behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch


def check_close(
    got: Any, want: Any, name: str = "the result", rtol: float = 1e-4, atol: float = 1e-6
) -> None:
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
        forgot = ": did you forget to return it?" if got is None else "."
        raise AssertionError(f"{name} is {_article(got)}, expected {_described(wanted)}{forgot}")
    problem = (
        _wrong_shape(values, wanted)
        or _wrong_kind(values, wanted, loosely=isinstance(want, int) and not isinstance(want, bool))
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
    if want.numel() == 1 and got.numel() > 1:
        return f"{message}: one number is wanted; is a mean or a sum missing?"
    if got.ndim == 2 and got.shape == want.shape[::-1]:
        return f"{message}: is it transposed?"
    if [n for n in got.shape if n != 1] == [n for n in want.shape if n != 1]:
        return f"{message}: the numbers may be right, but a dimension of size 1 is {_extra(got, want)}."
    if got.ndim == want.ndim == 1 and got.shape[0] + 1 == want.shape[0]:
        return f"{message}: one entry is missing; was the bias forgotten?"
    return f"{message}."


def _extra(got: torch.Tensor, want: torch.Tensor) -> str:
    return (
        "in a different place" if got.ndim == want.ndim else "too many" if got.ndim > want.ndim else "missing"
    )


def _wrong_kind(got: torch.Tensor, want: torch.Tensor, loosely: bool) -> str:
    """Return what is wrong with the kind of number in `got`, or nothing; `loosely` lets reals pass for ints."""
    kinds = _kind(got), _kind(want)
    if kinds[0] == kinds[1] or (loosely and kinds == ("real", "whole")):
        return ""
    hint = {
        ("whole", "real"): "was something rounded or cast to int?",
        ("bool", "real"): "is a comparison returned where the numbers themselves are wanted?",
        ("real", "bool"): "is a comparison missing?",
        ("real", "whole"): "is a cast to int missing?",
    }.get(kinds, "")
    return f"holds {kinds[0]} numbers ({_dtype(got)}), expected {kinds[1]} ones ({_dtype(want)})" + (
        f": {hint}" if hint else "."
    )


def _not_finite(got: torch.Tensor, want: torch.Tensor) -> str:
    """Return which entries of `got` are NaN or infinite although they shouldn't be, or nothing."""
    wrong = ~torch.isfinite(got) & torch.isfinite(want)
    if not wrong.any():
        return ""
    what = "NaN" if got[wrong].isnan().any() else "infinite"
    hint = "is there a log of 0, an overflow in exp, or a division by 0?"
    if got.ndim == 0:
        return f"is {what}: {hint}"
    return f"is {what} in {int(wrong.sum()):,} of {_entries(got)}: {hint}"


def _not_close(got: torch.Tensor, want: torch.Tensor, rtol: float, atol: float) -> str:
    """Return how `got` differs from `want` and the likely slip, or nothing if they are close."""
    wrong = ~torch.isclose(got, want, rtol=rtol, atol=atol)
    if not wrong.any():
        return ""
    slip = _slip(got, want, max(rtol, 1e-5))
    if got.ndim == 0:
        return (f"{slip} It is" if slip else "is") + f" {got.item():.6g}, expected {want.item():.6g}."
    place = tuple(wrong.nonzero()[0].tolist())
    first = (
        f"at [{', '.join(map(str, place))}] it is {got[place].item():.6g}, expected {want[place].item():.6g}."
    )
    if slip:
        return f"{slip} For example, {first}"
    if want.ndim == 1 and len(want) > 2 and wrong.sum() == 1 and wrong[-1]:
        return f"is right except in its last entry: {first}"
    return f"is wrong in {int(wrong.sum()):,} of {_entries(want)}: {first}"


def _slip(got: torch.Tensor, want: torch.Tensor, rtol: float) -> str:
    """Return the slip that turns `want` into `got` everywhere, as the rest of a sentence, or nothing."""
    if not (torch.isfinite(got).all() and torch.isfinite(want).all()) or want.is_complex() or not want.any():
        return ""
    size = float(want.abs().max())
    if not got.any():
        return "is zero everywhere." if want.ndim else ""
    ratio = float((got * want).sum() / (want * want).sum())
    if torch.allclose(got, ratio * want, rtol=rtol, atol=rtol * size * abs(ratio)):
        return _factor(ratio, rtol)
    if want.numel() > 2 and torch.allclose(got - want, (got - want).mean(), rtol=0, atol=rtol * size):
        return f"is off by the same amount everywhere, {float((got - want).mean()):.6g}."
    return ""


def _factor(ratio: float, rtol: float) -> str:
    """Return what it means that `got` is `ratio` times what is wanted, if the ratio is a telling one."""
    sign = "has the opposite sign" if ratio < 0 else ""
    if abs(abs(ratio) - 1) <= rtol:
        return f"{sign}: is a minus missing, or one too many?" if sign else ""
    large = abs(ratio) > 1
    times = abs(ratio) if large else 1 / abs(ratio)
    if times < 1.5 or abs(times - round(times)) > min(0.05, 10 * rtol * times):
        return ""
    amount = f"is {round(times)} times too {'large' if large else 'small'}"
    if times < 2.5:
        slip = "is there a factor 2 too many?" if large else "is a factor 2 missing?"
    else:
        slip = (
            "did you sum where the mean is wanted?"
            if large
            else "did you take the mean where the sum is wanted, or divide twice?"
        )
    return f"{sign} and {amount}: {slip}" if sign else f"{amount}: {slip}"


def _tensor(value: Any) -> torch.Tensor | None:
    """Return `value` as a detached tensor on the CPU, or None if it isn't numbers."""
    if isinstance(value, torch.Tensor):
        return value.detach().cpu()
    try:
        array = np.asarray(value)
        return torch.from_numpy(array.copy()) if array.dtype.kind in "biufc" else None
    except (ValueError, TypeError, RuntimeError):
        return None


def _widened(values: torch.Tensor) -> torch.Tensor:
    return values.to(torch.complex128 if values.is_complex() else torch.float64)


def _kind(values: torch.Tensor) -> str:
    if values.dtype == torch.bool:
        return "bool"
    if values.is_complex():
        return "complex"
    return "real" if values.is_floating_point() else "whole"


def _dtype(values: torch.Tensor) -> str:
    return str(values.dtype).removeprefix("torch.")


def _described(want: torch.Tensor) -> str:
    return (
        f"one {_kind(want)} number"
        if want.ndim == 0
        else f"{_kind(want)} numbers of shape {tuple(want.shape)}"
    )


def _entries(values: torch.Tensor) -> str:
    return f"{values.numel():,} {'entry' if values.numel() == 1 else 'entries'}"


def _article(got: Any) -> str:
    return "None" if got is None else f"a {type(got).__name__}"
