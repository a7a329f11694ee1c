"""The slip that is likely behind wrong numbers."""

from __future__ import annotations

import torch


def likely_slip(got: torch.Tensor, want: torch.Tensor, rtol: float) -> str:
    """Return what turned `want` into `got` everywhere, as the rest of a sentence, or nothing if nothing fits.

    Both are float64 and of the same shape. Tried are zeros, one factor for all (−1, 2, the number of samples)
    and one offset for all; `rtol` says how exactly each must fit, relative to the largest number wanted.
    """
    if want.is_complex() or not want.any() or not (got.isfinite().all() and want.isfinite().all()):
        return ""
    if not got.any():
        return "is zero everywhere." if want.ndim else ""
    scale = rtol * float(want.abs().max())
    ratio = float((got * want).sum() / (want * want).sum())
    if torch.allclose(got, ratio * want, rtol=rtol, atol=scale * abs(ratio)):
        plain = f"is {ratio:.4g} times what is expected." if want.ndim and abs(ratio - 1) > rtol else ""
        return _from_factor(ratio, rtol) or plain
    offset = float((got - want).mean())
    if want.numel() > 2 and torch.allclose(got, want + offset, rtol=0, atol=scale):
        return f"is off by the same amount everywhere, {offset:.4g}."
    return ""


def _from_factor(ratio: float, rtol: float) -> str:
    """Return the slip that makes a result `ratio` times what is wanted, or nothing if it tells nothing."""
    large = abs(ratio) > 1
    times = abs(ratio) if large else 1 / abs(ratio)
    if times - 1 <= rtol:
        return "has the opposite sign: is a minus missing, or one too many?" if ratio < 0 else ""
    if times < 1.5 or abs(times - round(times)) > min(0.05, rtol * times):
        return ""
    if times < 2.5:
        question = "is there a factor 2 too many?" if large else "is a factor 2 missing?"
    elif large:
        question = "did you sum where the mean is wanted?"
    else:
        question = "did you take the mean where the sum is wanted, or divide twice?"
    sign = "has the opposite sign and " if ratio < 0 else ""
    return f"{sign}is {round(times)} times too {'large' if large else 'small'}: {question}"
