"""Gradients by finite differences, to hold beside the ones worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import torch


def numeric_gradient(
    fn: Callable[[torch.Tensor], torch.Tensor | float], theta: torch.Tensor, eps: float = 1e-4
) -> torch.Tensor:
    """Return the gradient of `fn` at `theta` by central differences, float64 and of theta's shape.

    Entry i is (fn(θ + eps·eᵢ) − fn(θ − eps·eᵢ)) / (2·eps), exact up to a term in eps². `fn` is called twice
    per entry, with a float64 tensor of theta's shape, and returns one number; data that it multiplies with
    theta should be float64 too.

    Raises ValueError if `fn` returns anything but one number.
    """
    theta = theta.detach().double().contiguous()
    gradient = torch.zeros_like(theta)
    for i in range(theta.numel()):
        up, down = theta.clone(), theta.clone()
        up.view(-1)[i] += eps
        down.view(-1)[i] -= eps
        gradient.view(-1)[i] = (_number(fn(up)) - _number(fn(down))) / (2 * eps)
    return gradient


def _number(value: torch.Tensor | float) -> float:
    """Return `value` as a float."""
    if isinstance(value, torch.Tensor) and value.numel() != 1:
        raise ValueError(f"numeric_gradient needs a function that returns one number, not shape {tuple(value.shape)}.")
    return float(value)
