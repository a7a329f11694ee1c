"""Reference answers in float64 on the CPU, and the tolerances that follow from them."""

import math
from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

Loss = Callable[[list[Tensor], Tensor, Tensor], Tensor]
Batches = Sequence[tuple[Tensor, Tensor]]


def rate_grid(low: float, high: float, count: int) -> Tensor:
    """`count` rates (count,) whose exponents are equally spaced from low to high, both included."""
    return 10.0 ** torch.linspace(low, high, count, dtype=torch.float64)


def descend(
    loss_of: Loss,
    params: Sequence[Tensor],
    batches: Batches,
    rates: Iterable[float],
    dtype: torch.dtype = torch.float64,
) -> tuple[list[Tensor], Tensor]:
    """Parameters after a step of plain gradient descent for each batch and rate, and the losses before the steps."""
    current, losses = [value.detach().to("cpu", dtype) for value in params], []
    for (X, y), rate in zip(batches, rates, strict=True):
        X, y = (part.to("cpu", dtype) if part.is_floating_point() else part.cpu() for part in (X, y))
        leaves = [value.clone().requires_grad_() for value in current]
        loss = loss_of(leaves, X, y)
        gradients = torch.autograd.grad(loss, leaves)
        current = [value - float(rate) * gradient for value, gradient in zip(current, gradients, strict=True)]
        losses.append(loss.detach())
    return current, torch.stack(losses)


def noisy_sweep(bottom: float, count: int = 1000, low: float = -3.0, high: float = 0.0) -> tuple[Tensor, Tensor]:
    """Rates (count,) and losses like a sweep's, lowest at the exponent `bottom`, with noise and lucky batches.

    The losses without noise are 2.5 + 6 (exponent - bottom)²; the noise has a standard deviation of 0.3; six
    steps at least 0.6 away from the bottom have a loss of 0.4, far below all others.
    """
    exponents = torch.linspace(low, high, count, dtype=torch.float64)
    losses = 2.5 + 6 * (exponents - bottom) ** 2 + 0.3 * torch.randn(count, dtype=torch.float64)
    away = torch.nonzero((exponents - bottom).abs() > 0.6).flatten()
    losses[away[torch.randperm(len(away))[:6]]] = 0.4
    return 10**exponents, losses.clamp(min=0.4)


def step_decay(steps: int, high: float = 0.1, low: float = 0.01) -> Tensor:
    """A rate for each step: low for the last steps // 4 of them, high for all before."""
    return torch.tensor([high] * (steps - steps // 4) + [low] * (steps // 4), dtype=torch.float64)


def smooth(losses: Sequence[float], window: int) -> Tensor:
    """Means of log10(loss) over consecutive windows; the last is over what is left."""
    logarithms = [math.log10(float(loss)) for loss in losses]
    parts = [logarithms[first : first + window] for first in range(0, len(logarithms), window)]
    return torch.tensor([math.fsum(part) / len(part) for part in parts], dtype=torch.float64)


def assert_close(got: object, want: Tensor, rtol: float = 1e-5, atol: float = 1e-9) -> None:
    """Raise AssertionError unless ``got``, a tensor, an array or a list of numbers, has want's shape and is close.

    An entry may be away by rtol, some hundred float32 roundings, of the number wanted, and by atol.
    """
    value = torch.as_tensor(got).detach().to("cpu", torch.float64)
    assert value.shape == want.shape, f"the result has shape {tuple(value.shape)}, not {tuple(want.shape)}"
    wrong = ~torch.isclose(value, want, rtol=rtol, atol=atol)
    assert not wrong.any(), f"{int(wrong.sum())} of {want.numel()} entries are wrong"


def fresh(problem: tuple[Sequence[Tensor], Batches, list[float]]) -> tuple[list[Tensor], Batches, list[float]]:
    """The same parameters, batches and rates, parameters copied: who changes them is judged by the results."""
    params, batches, rates = problem
    return [value.clone() for value in params], batches, rates


def assert_descends(got: object, loss_of: Loss, params: Sequence[Tensor], batches: Batches, rates: list[float]) -> None:
    """Raise AssertionError unless ``got`` is what `descend` gives for the same arguments.

    A result may be away by a hundred times the gap between the reference in float32 and in float64, which
    counts as at least one rounding of its largest entry.
    """
    assert isinstance(got, (tuple, list)), f"expected two results, got one {type(got).__name__}"
    assert len(got) == 2, f"expected two results, got {len(got)}"
    (moved, losses), (rough, rough_losses) = (
        descend(loss_of, params, batches, rates, dtype) for dtype in (torch.float64, torch.float32)
    )
    assert isinstance(got[0], (tuple, list)), f"expected a list of parameters, got one {type(got[0]).__name__}"
    assert len(got[0]) == len(moved), f"expected {len(moved)} parameters, got {len(got[0])}"
    taken = torch.stack(list(got[1])) if len(got[1]) and isinstance(got[1][0], Tensor) else torch.as_tensor(got[1])
    results = [*zip(got[0], moved, rough, strict=True), (taken, losses, rough_losses)]
    for number, (one, exact, single) in enumerate(results):
        value = torch.as_tensor(one).detach().to("cpu")
        assert value.shape == exact.shape, f"result {number} has shape {tuple(value.shape)}, not {tuple(exact.shape)}"
        assert torch.isfinite(value).all(), f"result {number} is not finite"
        rounding = torch.finfo(torch.float32).eps * exact.abs().max().item()
        allowed = 100 * max((exact - single).abs().max().item(), rounding)
        gap = (value.double() - exact).abs().max().item()
        assert gap <= allowed, f"result {number} is {gap:.3g} away, more than {allowed:.3g}"
