"""Reference answers in float64 on the CPU, and the tolerances that follow from them.

The model is w · x and the loss the mean of (w · x - y)², so the gradient is the mean of 2 (w · x - y) x.
"""

from collections.abc import Callable

import torch
from torch import Tensor


def train(
    x: Tensor, y: Tensor, lr: float, epochs: int, w: float = 0.0, dtype: torch.dtype = torch.float64
) -> tuple[Tensor, Tensor, Tensor]:
    """Losses and gradients before each step and weights after it, each (epochs,), for x and y (N,)."""
    x, y = (values.detach().to("cpu", dtype) for values in (x, y))
    weight = torch.tensor(w, dtype=dtype)
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        errors = weight * x - y
        losses.append((errors**2).mean())
        gradients.append(2 * (errors * x).mean())
        weight = weight - lr * gradients[-1]
        weights.append(weight)
    return torch.stack(losses), torch.stack(gradients), torch.stack(weights)


def critical_learning_rate(x: Tensor, dtype: torch.dtype = torch.float64) -> Tensor:
    """The rate, a scalar, at which a step takes w to its mirror image beyond the minimum: 1 / mean(x²)."""
    return len(x) / (x.detach().to("cpu", dtype) ** 2).sum()


def descend(
    gradient: Callable[[float], float], start: float, lr: float, steps: int, dtype: torch.dtype = torch.float64
) -> Tensor:
    """The path (steps + 1,) of w ← w - lr · gradient(w), its start first."""
    path = torch.empty(steps + 1, dtype=dtype)
    path[0] = start
    for step in range(steps):
        path[step + 1] = path[step] - lr * gradient(path[step])
    return path


def random_line(n: int) -> tuple[Tensor, Tensor]:
    """Inputs and outputs (n,) near a line through the origin, slope 1 to 3; the inputs aren't all near 0."""
    inputs = torch.randn(n) + 1.5
    return inputs, (1 + 2 * torch.rand(())) * inputs + 0.3 * torch.randn(n)


def tolerances(answer: Callable[..., object], *inputs: object, multiple: float = 100.0) -> tuple[Tensor, ...]:
    """How far a float32 solution may be from ``answer(*inputs)``: a tolerance for each entry of each output.

    It is a multiple of the gap between the reference in float32 and in float64. A number can agree by luck, so
    the gap counts as at least one float32 rounding of the largest number reached so far: what has been large
    once, in a walk that diverges or bounces, has left its rounding in all that follows.
    """
    rounding = torch.finfo(torch.float32).eps
    exact, rough = _outputs(answer(*inputs)), _outputs(answer(*inputs, dtype=torch.float32))
    return tuple(
        multiple * torch.maximum(_so_far(e.double() - r.double()), rounding * _so_far(e))
        for e, r in zip(exact, rough, strict=True)
    )


def assert_agrees(got: object, answer: Callable[..., object], *inputs: object) -> None:
    """Raise AssertionError unless ``got`` is what ``answer(*inputs)`` gives.

    Each output may be a list or a tensor; it must have the reference's exact shape, hold finite real numbers,
    and be close in every entry.
    """
    want, close = _outputs(answer(*inputs)), tolerances(answer, *inputs)
    parts = (got,) if len(want) == 1 else got
    assert isinstance(parts, (tuple, list)), f"expected {len(want)} results, got one {type(got).__name__}"
    assert len(parts) == len(want), f"expected {len(want)} results, got {len(parts)}"
    for number, (one, exact, gap) in enumerate(zip(parts, want, close, strict=True)):
        _assert_close(one, exact, gap, f"result {number}")


def _outputs(result: object) -> tuple[Tensor, ...]:
    return tuple(result) if isinstance(result, tuple) else (result,)


def _so_far(values: Tensor) -> Tensor:
    sizes = values.abs()
    return sizes.cummax(dim=0).values if sizes.ndim else sizes


def _assert_close(got: object, want: Tensor, tolerance: Tensor, name: str) -> None:
    parts = isinstance(got, (list, tuple)) and any(isinstance(part, Tensor) for part in got)
    value = torch.stack([torch.as_tensor(part) for part in got]) if parts else torch.as_tensor(got)
    value = value.detach().to("cpu")
    assert value.shape == want.shape, f"{name} has shape {tuple(value.shape)}, not {tuple(want.shape)}"
    assert value.dtype in (torch.float32, torch.float64), f"{name} has dtype {value.dtype}"
    assert torch.isfinite(value).all(), f"{name} is not finite"
    excess = ((value.double() - want).abs() - tolerance).max().item()
    assert excess <= 0, f"{name} is {excess:.3g} further away than it may be"
