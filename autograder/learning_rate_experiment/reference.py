"""Reference answers in float64 on the CPU, and the tolerances that follow from them.

The model: score = v · activation(w1 x1 + w2 x2 + b) + c for theta = (w1, w2, b, v, c), its loss the mean binary
cross-entropy, log(1 + e^score) - t · score. Each model is trained by itself, however many there are.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Activation = Callable[[Tensor], Tensor]
Problem = tuple[Tensor, Tensor, Tensor, float, int, Activation]
Sweep = tuple[Tensor, Tensor, Tensor, Tensor, int, Activation]

# Closer than this to a kink of the activation, or to one half, float32 may fall on the other side than float64.
CLEAR = 1e-4


def train(
    X: Tensor,
    t: Tensor,
    theta: Tensor,
    lr: float,
    epochs: int,
    activation: Activation = torch.relu,
    dtype: torch.dtype = torch.float64,
) -> tuple[Tensor, Tensor, Tensor]:
    """Losses (epochs,) before each step, final accuracy in percent (a scalar) and final theta (5,)."""
    X, t, theta = (value.detach().to("cpu", dtype) for value in (X, t, theta))
    lr = torch.as_tensor(lr, dtype=dtype).cpu()
    losses = []
    for _ in range(epochs):
        leaf = theta.clone().requires_grad_()
        z = _scores(leaf, X, activation)
        loss = (torch.logaddexp(torch.zeros_like(z), z) - t * z).mean()
        (gradient,) = torch.autograd.grad(loss, leaf)
        theta = theta - lr * gradient
        losses.append(loss.detach())
    right = (_scores(theta, X, activation) > 0) == (t > 0.5)
    return torch.stack(losses), 100 * right.to(dtype).mean(), theta


def sweep(
    X: Tensor,
    t: Tensor,
    starts: Tensor,
    lrs: Tensor,
    epochs: int,
    activation: Activation = torch.relu,
    dtype: torch.dtype = torch.float64,
) -> tuple[Tensor, Tensor, Tensor]:
    """The same for R models, starts (R, 5) and lrs (R,): losses (R, epochs), accuracies (R,), thetas (R, 5)."""
    each = [train(X, t, start, lr, epochs, activation, dtype) for start, lr in zip(starts, lrs, strict=True)]
    losses, accuracies, thetas = (torch.stack(values) for values in zip(*each, strict=True))
    return losses, accuracies, thetas


def random_problem(n: int, epochs: int, activation: Activation = torch.relu) -> Problem:
    """The arguments of ``train`` for n points, drawn until the answer doesn't hang on a rounding."""
    while True:
        X, t, theta = torch.randn(n, 2) + 0.5, (torch.rand(n) > 0.4).float(), torch.randn(5)
        theta = theta + 0.2 * theta.sign()  # no number of it near 0
        lr = 0.05 + 0.25 * float(torch.rand(()))
        if _is_clear(X, t, theta, lr, epochs, activation):
            return X, t, theta, lr, epochs, activation


def fresh(problem: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same arguments, tensors copied: a function that changes what it is given is judged by its results."""
    return tuple(value.clone() if isinstance(value, Tensor) else value for value in problem)


def random_sweep(n: int, models: int, epochs: int, activation: Activation = torch.relu) -> Sweep:
    """The arguments of ``sweep``; each model is drawn until its answer doesn't hang on a rounding."""
    X, t = torch.randn(n, 2) + 0.5, (torch.rand(n) > 0.4).float()
    starts, lrs = [], []
    while len(starts) < models:
        start, lr = torch.randn(5), 0.01 + 0.3 * float(torch.rand(()))
        if _is_clear(X, t, start, lr, epochs, activation):
            starts.append(start)
            lrs.append(lr)
    return X, t, torch.stack(starts), torch.tensor(lrs), epochs, activation


def tolerances(answer: Callable[..., tuple[Tensor, ...]], *inputs: object, multiple: float = 100.0) -> list[float]:
    """How far a float32 solution may be from ``answer(*inputs)``, one absolute tolerance for each output.

    It is a multiple of the largest gap between the reference in float32 and in float64. A number can agree by
    luck, so the gap counts as at least one float32 rounding of the output's largest entry.
    """
    rounding = torch.finfo(torch.float32).eps
    exact, rough = answer(*inputs), answer(*inputs, dtype=torch.float32)
    return [
        multiple * max((e - r).abs().max().item(), rounding * max(1.0, e.abs().max().item()))
        for e, r in zip(exact, rough, strict=True)
    ]


def assert_agrees(got: object, answer: Callable[..., tuple[Tensor, ...]], *inputs: object) -> None:
    """Raise AssertionError unless ``got`` is what ``answer(*inputs)`` gives: three results, in order.

    Each must have the reference's exact shape, hold finite real numbers, and be close in every entry.
    """
    want, close = answer(*inputs), tolerances(answer, *inputs)
    assert isinstance(got, (tuple, list)), f"expected {len(want)} results, got one {type(got).__name__}"
    assert len(got) == len(want), f"expected {len(want)} results, got {len(got)}"
    for number, (one, exact, gap) in enumerate(zip(got, want, close, strict=True)):
        _assert_close(one, exact, gap, f"result {number}")


def _scores(theta: Tensor, X: Tensor, activation: Activation) -> Tensor:
    return theta[3] * activation(X @ theta[:2] + theta[2]) + theta[4]


def _is_clear(X: Tensor, t: Tensor, start: Tensor, lr: float, epochs: int, activation: Activation) -> bool:
    """Whether no point comes too near to a kink at 0 on the way, nor to a probability of one half at the end."""
    nearest = []

    def watched(z: Tensor) -> Tensor:
        nearest.append(z.detach().abs().min())
        return activation(z)

    theta = train(X, t, start, lr, epochs, watched)[2]
    nearest.append(_scores(theta, X.double(), activation).abs().min())
    return bool(min(nearest) > CLEAR)


def _assert_close(got: object, want: Tensor, tolerance: float, name: str) -> None:
    parts = isinstance(got, (list, tuple)) and any(isinstance(part, Tensor) for part in got)
    value = torch.stack([torch.as_tensor(part) for part in got]) if parts else torch.as_tensor(got)
    value = value.detach().to("cpu")
    assert value.shape == want.shape, f"{name} has shape {tuple(value.shape)}, not {tuple(want.shape)}"
    assert value.dtype in (torch.float32, torch.float64), f"{name} has dtype {value.dtype}"
    assert torch.isfinite(value).all(), f"{name} is not finite"
    gap = (value.double() - want).abs().max().item()
    assert gap <= tolerance, f"{name} is {gap:.3g} away, more than {tolerance:.3g}"
