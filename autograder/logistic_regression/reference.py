"""Reference answers in float64 on the CPU, and the tolerances that follow from them.

The model: pred = sigmoid(z) with z = x · weights + bias; the loss of one sample is -log pred for a one and
-log(1 - pred) for a seven. Both are written as log(1 + e^z) - t z, which stays finite for every z.
"""

from collections.abc import Callable

import torch
from torch import Tensor

Numbers = tuple[Tensor, ...]


def lr_predictions_and_gradient(
    theta: Tensor, X: Tensor, t: Tensor, dtype: torch.dtype = torch.float64
) -> tuple[Tensor, Tensor, Tensor]:
    """Mean loss (scalar), its gradient (785,) and predictions (N,) for theta (785,), X (N,28,28), t (N,)."""
    theta, X, t = (value.detach().to("cpu", dtype) for value in (theta, X, t))
    pixels = X.flatten(1)
    z = pixels @ theta[:-1] + theta[-1]
    pred = torch.sigmoid(z)
    residual = (pred - t) / len(t)
    loss = (torch.logaddexp(torch.zeros_like(z), z) - t * z).mean()
    return loss, torch.cat([residual @ pixels, residual.sum().reshape(1)]), pred


def train(
    X: Tensor,
    t: Tensor,
    theta: Tensor,
    lr: float,
    epochs: int,
    batch_size: int,
    dtype: torch.dtype = torch.float64,
) -> tuple[Tensor, Tensor]:
    """Final theta (785,) and the loss before each update, over consecutive batches in the given order."""
    theta, losses = theta.detach().to("cpu", dtype), []
    for _ in range(epochs):
        for images, labels in zip(X.split(batch_size), t.split(batch_size), strict=True):
            loss, gradient, _ = lr_predictions_and_gradient(theta, images, labels, dtype)
            theta = theta - lr * gradient
            losses.append(loss)
    return theta, torch.stack(losses)


def tolerances(answer: Callable[..., Numbers], *inputs: object, multiple: float = 100.0) -> tuple[float, ...]:
    """How far a float32 solution may be from ``answer(*inputs)``, one absolute tolerance for each output.

    It is a multiple of the largest gap between the reference in float32 and in float64. A single number can
    agree by luck, so the gap counts as at least one float32 rounding of the output's largest entry.
    """
    rounding = torch.finfo(torch.float32).eps
    exact, rough = answer(*inputs), answer(*inputs, dtype=torch.float32)
    return tuple(
        multiple * max((e - r).abs().max().item(), rounding * e.abs().max().item())
        for e, r in zip(exact, rough, strict=True)
    )


def assert_agrees(got: object, answer: Callable[..., Numbers], *inputs: object, result: int | None = None) -> None:
    """Raise AssertionError unless ``got`` is what ``answer(*inputs)`` gives, or its output number ``result``.

    Each output must have the reference's exact shape, be float32 or float64 and finite, and then be close.
    """
    want, close = answer(*inputs), tolerances(answer, *inputs)
    if result is not None:
        _assert_close(got, want[result], close[result], f"result {result}")
        return
    assert isinstance(got, (tuple, list)), f"expected {len(want)} results, got one {type(got).__name__}"
    assert len(got) == len(want), f"expected {len(want)} results, got {len(got)}"
    for number, (one, exact, gap) in enumerate(zip(got, want, close, strict=True)):
        _assert_close(one, exact, gap, f"result {number}")


def _assert_close(got: object, want: Tensor, tolerance: float, name: str) -> None:
    value = torch.as_tensor(got).detach().to("cpu")
    assert value.shape == want.shape, f"{name} has shape {tuple(value.shape)}, not {tuple(want.shape)}"
    assert value.dtype in (torch.float32, torch.float64), f"{name} has dtype {value.dtype}"
    assert torch.isfinite(value).all(), f"{name} is not finite"
    gap = (value.double() - want).abs().max().item()
    assert gap <= tolerance, f"{name} is {gap:.3g} away, more than {tolerance:.3g}"
