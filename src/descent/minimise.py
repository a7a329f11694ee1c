"""Walking down a function with any optimizer and scheduler of torch, and keeping every step."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.optim import Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

Function = Callable[..., torch.Tensor]
Start = Sequence[float] | torch.Tensor | float


@dataclass(frozen=True)
class Path:
    """The way an optimizer went: where it was before each step and after the last."""

    points: torch.Tensor  # (steps + 1, n)
    values: torch.Tensor  # (steps + 1,), the function at each point
    rates: torch.Tensor  # (steps,), the learning rate that each step was taken with

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.points) - 1


def minimise(
    fn: Function,
    start: Start,
    optimizer: Callable[[list[torch.Tensor]], Optimizer],
    scheduler: Callable[[Any], Any] | None = None,
    steps: int = 50,
) -> Path:
    """Take `steps` steps down `fn` from `start` and return the whole path, inf and nan included.

    `fn` takes the coordinates as separate arguments, as in fn(x, y), and returns one number. `optimizer` makes a
    torch optimizer for a list of parameters (here one, of shape (n,)): `partial(torch.optim.SGD, lr=0.1)`.
    `scheduler` makes a scheduler for that optimizer and is stepped after it; ReduceLROnPlateau is stepped with
    the loss that the step was taken at. Computes in float32, in float64 if `start` is a float64 tensor.

    Raises ValueError if `start` isn't a list of as many numbers as `fn` takes, `steps` isn't a whole number
    above 0, `fn` doesn't return one number that depends on its arguments, or `optimizer` makes no optimizer.
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ValueError(f"minimise needs a whole number of steps, 1 or more, not {steps!r}.")
    point = _parameter(fn, start)
    walker = _checked(optimizer([point]))
    schedule = scheduler(walker) if scheduler is not None else None
    points, values, rates = [point.detach().clone()], [], []
    for _ in range(steps):
        walker.zero_grad()
        loss = _value(fn, point)
        loss.backward()  # type: ignore[no-untyped-call]
        rates.append(float(walker.param_groups[0]["lr"]))
        walker.step()
        if isinstance(schedule, ReduceLROnPlateau):
            schedule.step(loss.detach())
        elif schedule is not None:
            schedule.step()
        points.append(point.detach().clone())
        values.append(loss.detach().clone())
    values.append(_value(fn, point).detach())
    return Path(torch.stack(points), torch.stack(values), torch.tensor(rates, dtype=point.dtype))


def _parameter(fn: Function, start: Start) -> torch.Tensor:
    """Return `start` as a parameter of shape (n,), n the number of arguments that `fn` takes."""
    try:
        point = torch.as_tensor(start).detach().clone()
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"minimise needs a start like (-4, 4), not {start!r}.") from None
    point = point.reshape(1) if point.ndim == 0 else point
    if point.ndim != 1 or not len(point) or not all(map(math.isfinite, point.tolist())):
        raise ValueError(f"minimise needs a start of finite numbers, one for each coordinate, not {start!r}.")
    try:
        inspect.signature(fn).bind(*point)
    except TypeError:
        name = getattr(fn, "__name__", "the function")
        raise ValueError(
            f"minimise starts from {len(point)} number(s), {tuple(point.tolist())}, but {name} takes another number of "
            "arguments: give it one start coordinate for each."
        ) from None
    except ValueError:  # built in, without a signature to ask
        pass
    return point.to(point.dtype if point.dtype == torch.float64 else torch.float32).requires_grad_()


def _checked(optimizer: Optimizer) -> Optimizer:
    """Return `optimizer` if it is one."""
    if not isinstance(optimizer, Optimizer):
        raise ValueError(
            f"minimise needs a function that makes an optimizer, such as partial(torch.optim.SGD, lr=0.1); "
            f"this one made a {type(optimizer).__name__}."
        )
    return optimizer


def _value(fn: Function, point: torch.Tensor) -> torch.Tensor:
    """Return `fn` at `point` as a tensor of shape () with a gradient."""
    value = fn(*point)
    name = getattr(fn, "__name__", "the function")
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        raise ValueError(f"minimise can't differentiate {name}: it has to compute with torch from its arguments alone.")
    if value.numel() != 1:
        raise ValueError(f"minimise needs one number at each point; {name} returns shape {tuple(value.shape)}.")
    return value.reshape(())
