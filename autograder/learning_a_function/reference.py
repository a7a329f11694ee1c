"""Reference answers in float64 on the CPU, and the tolerances that follow from them.

The function that learns is f(x, y; θ₁, θ₂) = sin(θ₁θ₂) cos²(x²) / (1 + (θ₂y)²).
"""

from collections.abc import Callable

import torch
from torch import Tensor

Make = Callable[[list[Tensor]], torch.optim.Optimizer]
Own = Callable[[Tensor, Tensor, Tensor], Tensor]


def f(x: Tensor, y: Tensor, theta1: Tensor, theta2: Tensor) -> Tensor:
    """The function that learns, entry by entry."""
    return torch.sin(theta1 * theta2) * torch.cos(x**2) ** 2 / (1 + (theta2 * y) ** 2)


def squared(residual: Tensor) -> Tensor:
    """The mean of the squares."""
    return (residual**2).mean()


def absolute(residual: Tensor) -> Tensor:
    """The mean of the absolute values."""
    return residual.abs().mean()


def learn(
    loss: Callable[[Tensor], Tensor],
    points: Tensor,
    targets: Tensor,
    start: tuple[float, float] | Tensor,
    optimizer: Make,
    steps: int,
    dtype: torch.dtype = torch.float64,
) -> tuple[Tensor, Tensor]:
    """All parameters, (steps + 1, 2), and the loss at each, (steps + 1,), for points (k, 2) and targets (k,)."""
    points, targets = (value.detach().to("cpu", dtype) for value in (points, targets))
    theta = torch.as_tensor(start).detach().to("cpu", dtype).clone().requires_grad_()
    walker, thetas, losses = optimizer([theta]), [], []
    for step in range(steps + 1):
        walker.zero_grad()
        value = loss(f(points[:, 0], points[:, 1], theta[0], theta[1]) - targets)
        thetas.append(theta.detach().clone())
        losses.append(value.detach())
        if step < steps:
            value.backward()
            walker.step()
    return torch.stack(thetas), torch.stack(losses)


def assert_learned(got: object, loss: Callable[[Tensor], Tensor], *problem: object) -> None:
    """Raise AssertionError unless ``got`` is what ``learn(loss, *problem)`` returns.

    The tolerance is 100 times the largest gap between the reference in float32 and in float64, and that counts
    as at least one float32 rounding of the largest entry.
    """
    assert isinstance(got, (tuple, list)), "two results are asked for"
    assert len(got) == 2, "two results are asked for"
    want = learn(loss, *problem)  # type: ignore[arg-type]
    rough = learn(loss, *problem, dtype=torch.float32)  # type: ignore[arg-type, misc]
    for name, one, exact, single in zip(("thetas", "losses"), got, want, rough, strict=True):
        rounding = torch.finfo(torch.float32).eps * exact.abs().max().item()
        _assert_close(one, exact, 100 * max((exact - single).abs().max().item(), rounding), name)


def _assert_close(got: object, want: Tensor, tolerance: float, name: str) -> None:
    if isinstance(got, (list, tuple)):
        rows = [
            torch.stack([torch.as_tensor(v) for v in row]) if isinstance(row, (list, tuple)) else row for row in got
        ]
        got = torch.stack([torch.as_tensor(row, dtype=None).detach().cpu() for row in rows])
    value = torch.as_tensor(got).detach().to("cpu")
    assert value.shape == want.shape, f"{name} has shape {tuple(value.shape)}, not {tuple(want.shape)}"
    assert value.dtype in (torch.float32, torch.float64), f"{name} has dtype {value.dtype}"
    assert torch.isfinite(value).all(), f"{name} is not finite"
    gap = (value.double() - want).abs().max().item()
    assert gap <= tolerance, f"{name} is {gap:.3g} away, more than {tolerance:.3g}"


def problem(count: int) -> tuple[Tensor, Tensor, tuple[float, float]]:
    """Random points (count, 2), targets (count,) and a start away from zero."""
    points, targets = torch.rand(count, 2) * 3 - 1.5, torch.rand(count) * 1.6 - 0.8
    first, second = (torch.rand(2) + 0.8).tolist()
    return points, targets, (first, -second)


STEP = 1e-5  # of central differences in float64


def values(fn: Own, x: Tensor, y: Tensor, theta: Tensor) -> Tensor:
    """fn without any graph, float64; its shape has to be that of x and y broadcast. It may change its theta."""
    found = torch.as_tensor(fn(x, y, theta.clone())).detach().to("cpu", torch.float64)
    wanted = torch.broadcast_shapes(x.shape, y.shape)
    assert found.shape == wanted, f"the shape is {tuple(found.shape)}, not {tuple(wanted)}"
    assert torch.isfinite(found).all(), "a value is not finite"
    return found


def random_theta() -> Tensor:
    """Three parameters between 0.5 and 1.5."""
    return torch.rand(3, dtype=torch.float64) + 0.5


def assert_broadcasts(fn: Own) -> None:
    """Raise AssertionError unless fn works entry by entry, and autograd reaches theta."""
    x, y = torch.rand(5, 1, dtype=torch.float64) * 4 - 2, torch.rand(1, 7, dtype=torch.float64) * 4 - 2
    theta = random_theta()
    table = values(fn, x, y, theta)
    assert table.std() > 1e-9, "it is the same everywhere"
    one_by_one = torch.stack([values(fn, a, b, theta) for a in x.flatten() for b in y.flatten()]).reshape(5, 7)
    assert (table - one_by_one).abs().max() <= 1e-6 * one_by_one.abs().max().clamp(min=1)
    assert fn(x, y, theta.requires_grad_()).requires_grad, "the result is not connected to theta"


def slopes(fn: Own, x: Tensor, y: Tensor, theta: Tensor) -> Tensor:
    """The derivative of fn by each parameter, (3, ...), by central differences."""
    sides = [
        [values(fn, x, y, theta + sign * STEP * unit) for sign in (1, -1)] for unit in torch.eye(3, dtype=torch.float64)
    ]
    return torch.stack([(up - down) / (2 * STEP) for up, down in sides])


def assert_everything_counts(fn: Own) -> None:
    """Raise AssertionError unless x, y and each parameter change fn, at random places."""
    theta = random_theta()
    x, y = (torch.rand(30, dtype=torch.float64) * 4 - 2 for _ in range(2))
    height = values(fn, x, y, theta)
    for name, other in (("x", values(fn, x.flip(0), y, theta)), ("y", values(fn, x, y.flip(0), theta))):
        assert (other - height).abs().max() > 1e-6, f"it doesn't depend on {name}"
    largest = slopes(fn, x, y, theta).abs().amax(dim=1)
    assert largest.min() > 1e-6, f"it doesn't depend on parameter {int(largest.argmin())}"


def assert_learns(fn: Own, steps: int = 80) -> None:
    """Raise AssertionError unless descent on fn brings a squared error down to a fifth.

    The targets are fn's own values for other parameters, an eighth of a unit away in each; gradients come from
    central differences, so that nothing but values is asked of fn.
    """
    x, y = (torch.rand(20, dtype=torch.float64) * 4 - 2 for _ in range(2))
    truth = torch.rand(3, dtype=torch.float64) * 0.6 + 0.7
    targets = values(fn, x, y, truth)
    theta = truth + 0.125 * torch.randint(0, 2, (3,)).mul(2).sub(1)
    optimizer, losses = torch.optim.Adam([theta], lr=0.02), []
    for _ in range(steps):
        residual = values(fn, x, y, theta) - targets
        losses.append((residual**2).mean().item())
        theta.grad = 2 * (slopes(fn, x, y, theta) @ residual) / len(x)
        optimizer.step()
    assert losses[0] > 1e-12, "other parameters give the same values"
    assert losses[-1] <= 0.2 * losses[0], f"the loss goes from {losses[0]:.3g} to {losses[-1]:.3g} only"
