"""Reference answers in float64 on the CPU, and the tolerances that follow from them.

The model: ŷ = w·x + b, loss = mean((ŷ − y)²), so that dw = 2·mean((ŷ − y)·x) and db = 2·mean(ŷ − y). Momentum is
heavy-ball, as torch's SGD has it: v ← m·v + g, θ ← θ − lr·v.
"""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

Run = tuple[Tensor, ...]


def problem(n: int = 8) -> tuple[Tensor, Tensor, float]:
    """Random x and y, shape (n,), away from zero, and a learning rate at which descent neither stalls nor diverges."""
    x = 3 + 2 * torch.randn(n)
    y = (1 + 2 * torch.rand(1)) * x + 10 * torch.rand(1) + 2 + torch.randn(n)
    return x, y, (0.2 + 0.2 * torch.rand(1).item()) / (1 + x.square().mean().item())


def loss_and_gradient(x: Tensor, y: Tensor, theta: Tensor) -> tuple[Tensor, Tensor]:
    """The mean squared error (scalar) of the line theta = (w, b), and its gradient, shape (2,)."""
    error = theta[0] * x + theta[1] - y
    return error.square().mean(), 2 * torch.stack([(error * x).mean(), error.mean()])


def train_with_sgd(
    x: Tensor, y: Tensor, lr: float, momentum: float, epochs: int, dtype: torch.dtype = torch.float64
) -> Run:
    """Losses before each step, w and b after it, each of shape (epochs,)."""
    return _descend(x, y, [lr] * epochs, momentum, dtype)


def train_with_decay(
    x: Tensor, y: Tensor, lr: float, gamma: float, epochs: int, dtype: torch.dtype = torch.float64
) -> Run:
    """Losses before each step, w and b after it, each of shape (epochs,); step k has the rate lr·gamma**k."""
    return _descend(x, y, [lr * gamma**k for k in range(epochs)], 0.0, dtype)


def _descend(x: Tensor, y: Tensor, rates: Sequence[float], momentum: float, dtype: torch.dtype) -> Run:
    x, y = x.to("cpu", dtype), y.to("cpu", dtype)
    theta, velocity = torch.zeros(2, dtype=dtype), torch.zeros(2, dtype=dtype)
    losses, lines = [], []
    for rate in rates:
        loss, gradient = loss_and_gradient(x, y, theta)
        velocity = momentum * velocity + gradient
        theta = theta - rate * velocity
        losses.append(loss)
        lines.append(theta)
    return torch.stack(losses), *torch.stack(lines).T


def train(
    x: Tensor,
    y: Tensor,
    optimizer: Callable[[list[Tensor]], Optimizer],
    scheduler: Callable[[Optimizer], LRScheduler] | None,
    epochs: int,
    dtype: torch.dtype = torch.float64,
) -> Run:
    """Losses before each step, w and b after it, and the rate of each step, each of shape (epochs,)."""
    x, y = x.to("cpu", dtype), y.to("cpu", dtype)
    theta = torch.zeros(2, dtype=dtype, requires_grad=True)
    stepper = optimizer([theta])
    schedule = scheduler(stepper) if scheduler else None
    losses, lines, rates = [], [], []
    for _ in range(epochs):
        loss, theta.grad = loss_and_gradient(x, y, theta.detach())
        rates.append(stepper.param_groups[0]["lr"])
        stepper.step()
        losses.append(loss)
        lines.append(theta.detach().clone())
        if isinstance(schedule, ReduceLROnPlateau):
            schedule.step(loss)
        elif schedule:
            schedule.step()
    return torch.stack(losses), *torch.stack(lines).T, torch.tensor(rates, dtype=torch.float64)


def warmup_cosine(peak: float, warmup: int, steps: int) -> list[float]:
    """The rate of each step: in equal parts up to the peak, which step number ``warmup`` has, then half a cosine."""
    up = [(k + 1) / (warmup + 1) for k in range(warmup)]
    length = steps - warmup
    down = [(1 + math.cos(math.pi * k / length)) / 2 for k in range(length)]
    return [peak * factor for factor in up + down]


def tolerances(answer: Callable[..., Run], *inputs: object, multiple: float = 100.0) -> tuple[float, ...]:
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


def assert_agrees(got: Sequence[object], answer: Callable[..., Run], *inputs: object, skip: int = 0) -> None:
    """Raise AssertionError unless ``got`` is what ``answer(*inputs)`` gives, from its output number ``skip`` on.

    Each output must be numbers in the reference's exact shape, floating point and finite, and then be close.
    """
    want, close = answer(*inputs)[skip:], tolerances(answer, *inputs)[skip:]
    assert len(got) == len(want), f"expected {len(want)} results, got {len(got)}"
    for number, (one, exact, gap) in enumerate(zip(got, want, close, strict=True), skip):
        value = numbers(one)
        assert value.shape == exact.shape, f"result {number} has shape {tuple(value.shape)}, not {tuple(exact.shape)}"
        assert value.is_floating_point(), f"result {number} has dtype {value.dtype}"
        assert torch.isfinite(value).all(), f"result {number} is not finite"
        far = (value.double() - exact).abs().max().item()
        assert far <= gap, f"result {number} is {far:.3g} away, more than {gap:.3g}"


def assert_figures(got: Sequence[object], *want: Sequence[float]) -> None:
    """Raise AssertionError unless each output rounds to the given figures, to 2 in the last of their decimals."""
    for one, figures in zip(got, want, strict=True):
        decimals = max(len(str(figure).partition(".")[2]) for figure in figures)
        gap = (numbers(one).double() - torch.tensor(figures, dtype=torch.float64)).abs().max().item()
        assert gap <= 2 * 10**-decimals, f"{gap:.3g} away from the course's figures"


def numbers(value: object) -> Tensor:
    """A list of numbers or of scalar tensors, an array or a tensor, as a tensor on the CPU."""
    if isinstance(value, (list, tuple)) and value and all(isinstance(one, Tensor) for one in value):
        value = torch.stack(tuple(value))
    return torch.as_tensor(value).detach().to("cpu")


def assert_rates(scheduler: LRScheduler, want: Sequence[Sequence[float]], steps: int) -> None:
    """Raise AssertionError unless the first ``steps`` rates of each parameter group are those wanted, to 1e-5.

    Steps the optimizer and the scheduler. Both compute in Python's float64, but may do so step by step.
    """
    take, lower = scheduler.optimizer.step, scheduler.step
    for k in range(steps):
        rates = [float(rate) for rate in scheduler.get_last_lr()]
        assert len(rates) == len(want), f"{len(rates)} rates for {len(want)} groups of parameters"
        for rate, wanted in zip(rates, want, strict=True):
            # Where the cosine is nearly down, rounding counts against the peak.
            assert abs(rate - wanted[k]) <= 1e-5 * wanted[k] + 1e-9 * max(wanted), f"step {k}: {rate}, not {wanted[k]}"
        take()
        lower()
