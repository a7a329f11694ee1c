"""Reference answers in float64 on the CPU, and the tolerances that follow from them.

Momentum is torch's: v ← m·v + g from v = 0, then θ ← θ − lr·v. A learning rate that decays is multiplied by gamma
after each step, as ExponentialLR does.
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

Landscape = Callable[..., Tensor]
LOWEST = -1.649278854538308  # fancy's, at (0, -1.11051)


def momentum_descent(
    fn: Landscape,
    start: tuple[float, ...] | Tensor,
    lr: float,
    momentum: float,
    steps: int,
    dtype: torch.dtype = torch.float64,
) -> Tensor:
    """All points, (steps + 1, n), of gradient descent with momentum on fn of n numbers, the start first."""
    point = torch.as_tensor(start).detach().to("cpu", dtype)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        velocity = momentum * velocity + gradient(fn, point)
        point = point - lr * velocity
        points.append(point)
    return torch.stack(points)


def gradient(fn: Landscape, point: Tensor) -> Tensor:
    """The gradient (n,) of fn at a point (n,), by autograd."""
    leaf = point.detach().requires_grad_()
    (found,) = torch.autograd.grad(fn(*leaf), leaf)
    return found


def fancy(x: Tensor, y: Tensor) -> Tensor:
    """−cos x + sin y + 0.1·(x² + 2y²)."""
    return -torch.cos(x) + torch.sin(y) + 0.1 * (x**2 + 2 * y**2)


def above_lowest(scale: float, lr: float, gamma: float, steps: int) -> Tensor:
    """How far each iterate of descent on scale·fancy from (−4, 4) lies above the minimum, in units of scale."""
    point = torch.tensor([-4.0, 4.0], dtype=torch.float64)
    points = [point]
    for step in range(steps):
        slope = scale * gradient(fancy, point)
        point = point - float(lr) * float(gamma) ** step * slope
        points.append(point)
    return fancy(*torch.stack(points).T) - LOWEST


def assert_settles(answer: object, scale: float, most: int = 49, within: float = 1e-3) -> None:
    """Raise AssertionError unless the settings (lr, gamma, steps) end within reach of the minimum in time."""
    assert isinstance(answer, (tuple, list)), "three numbers are asked for"
    assert len(answer) == 3, "three numbers are asked for"
    lr, gamma, steps = (float(value) for value in answer)
    assert steps == round(steps), "the number of steps is a whole number"
    assert 1 <= steps <= most, f"{steps:g} steps are too many or too few"
    assert lr > 0, "the learning rate is positive"
    assert 0 < gamma <= 1, "gamma lies between 0 and 1"
    left = above_lowest(scale, lr, gamma, int(steps))[-1].item()
    assert left <= within, f"with a scale of {scale:g} it ends {left:.3g} above the minimum"


def assert_path(got: object, fn: Landscape, start: object, lr: float, momentum: float, steps: int) -> None:
    """Raise AssertionError unless ``got`` holds the reference's points.

    The tolerance is 100 times the largest gap between the reference in float32 and in float64, and that counts
    as at least one float32 rounding of the largest coordinate.
    """
    problem = fn, start, lr, momentum, steps
    want = momentum_descent(*problem)
    rough = momentum_descent(*problem, dtype=torch.float32)
    rounding = torch.finfo(torch.float32).eps * want.abs().max().item()
    tolerance = 100 * max((want - rough).abs().max().item(), rounding)
    if isinstance(got, (list, tuple)):
        rows = [torch.stack(tuple(torch.as_tensor(x) for x in row)) if _nested(row) else row for row in got]
        got = torch.stack([torch.as_tensor(row) for row in rows])
    points = torch.as_tensor(got).detach().to("cpu")
    assert points.shape == want.shape, f"the points have shape {tuple(points.shape)}, not {tuple(want.shape)}"
    assert points.dtype in (torch.float32, torch.float64), f"the points are {points.dtype}"
    assert torch.isfinite(points).all(), "a point is not finite"
    gap = (points.double() - want).abs().max().item()
    assert gap <= tolerance, f"a coordinate is {gap:.3g} away, more than {tolerance:.3g}"


def _nested(row: object) -> bool:
    return isinstance(row, (list, tuple))


START = 4.0, 4.0  # where Adam begins on an angry function
STEP = 1e-5  # of central differences in float64: their error is about 1e-10


def values(fn: Landscape, x: Tensor, y: Tensor) -> Tensor:
    """fn at the points (x, y), float64, without any graph."""
    return torch.as_tensor(fn(x, y)).detach().to("cpu", torch.float64)


def slopes(fn: Landscape, x: Tensor, y: Tensor) -> Tensor:
    """Both partial derivatives (2, ...) of fn by central differences: nothing but values is asked of it."""
    along_x = values(fn, x + STEP, y) - values(fn, x - STEP, y)
    along_y = values(fn, x, y + STEP) - values(fn, x, y - STEP)
    return torch.stack([along_x, along_y]) / (2 * STEP)


def adam_path(fn: Landscape, lr: float = 0.5, steps: int = 50) -> Tensor:
    """The points (steps + 1, 2) of torch's Adam on fn from (4, 4), with gradients by central differences."""
    point = torch.tensor(START, dtype=torch.float64)
    optimizer, points = torch.optim.Adam([point], lr=lr), [point.clone()]
    for _ in range(steps):
        point.grad = slopes(fn, point[0], point[1])
        optimizer.step()
        points.append(point.clone())
    return torch.stack(points)


def assert_broadcasts(fn: Landscape) -> None:
    """Raise AssertionError unless fn works entry by entry for arguments of any shapes that broadcast."""
    x, y = torch.rand(5, 1, dtype=torch.float64) * 8 - 4, torch.rand(1, 7, dtype=torch.float64) * 8 - 4
    table = torch.as_tensor(fn(x, y)).detach()
    assert table.shape == (5, 7), f"(5, 1) with (1, 7) gives {tuple(table.shape)}"
    assert torch.isfinite(table).all(), "a value is not finite"
    assert table.double().std() > 1e-6, "it is the same everywhere"
    one_by_one = torch.stack([values(fn, a, b) for a in x.flatten() for b in y.flatten()]).reshape(5, 7)
    assert (table.double() - one_by_one).abs().max() <= 1e-6 * one_by_one.abs().max().clamp(min=1)


def assert_smooth(fn: Landscape) -> None:
    """Raise AssertionError unless autograd follows fn and its slope accounts for its differences in height.

    Along lines between random points the integral of the slope has to be the difference of the values: a jump,
    or a step made with round or floor, has a slope of zero and a difference all the same. Both x and y count.
    """
    x, y = (torch.randn(6, dtype=torch.float64, requires_grad=True) for _ in range(2))
    assert fn(x, y).requires_grad, "the result is not connected to x and y"
    ends = torch.rand(5, 2, dtype=torch.float64) * 8 - 4
    ends[0], ends[-1] = torch.tensor(START), torch.tensor([0.0, 0.0])
    share, steepest = torch.linspace(0, 1, 20_001, dtype=torch.float64), torch.zeros(2, dtype=torch.float64)
    for begin, end in pairwise(ends):
        x, y = (begin + share[:, None] * (end - begin)).T
        partial, height = slopes(fn, x, y), values(fn, x, y)
        steepest = torch.maximum(steepest, partial.abs().amax(dim=1))
        gap = torch.trapezoid(((end - begin) @ partial), share) - (height[-1] - height[0])
        assert gap.abs() <= 0.01 * (height.max() - height.min()) + 1e-6, "it jumps"
    assert steepest.min() > 0, "it doesn't depend on both x and y"


def assert_lowest_at_origin(fn: Landscape) -> None:
    """Raise AssertionError unless fn is 0 at the origin, nowhere below, and at least 0.1 from a distance of 1 on."""
    origin = torch.zeros((), dtype=torch.float64)
    assert values(fn, origin, origin).abs() <= 1e-6, "it is not 0 at the origin"
    grid = torch.linspace(-6, 6, 241, dtype=torch.float64)
    for reach in (1.0, 10.0, 1000.0):
        x, y = (reach * part.flatten() for part in torch.meshgrid(grid, grid, indexing="ij"))
        jitter = torch.rand(2, len(x), dtype=torch.float64) * 0.05 * reach
        x, y = x + jitter[0], y + jitter[1]
        height = values(fn, x, y)
        assert not height.isnan().any(), "it is not a number somewhere"
        assert height.min() >= -1e-6, "it is lower somewhere than at the origin"
        far = x**2 + y**2 >= 1
        assert height[far].min() >= 0.1 - 1e-6, "it is nearly as low far away as at the origin"
