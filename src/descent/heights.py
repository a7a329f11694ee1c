"""A function of two variables on a grid, and the shades that make both its hollows and its hills visible."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

Function = Callable[..., torch.Tensor]
Range = tuple[float, float]
Floats = NDArray[np.float32]

STEEPEST = 500  # how many times finer, at most, shades are at the bottom than a linear scale


@dataclass(frozen=True)
class Heights:
    """The values z, shape (len(y), len(x)), of a function at every x and y of a grid; nan where not finite."""

    x: Floats
    y: Floats
    z: Floats
    lowest: float
    highest: float
    bend: float  # shade = log(1 + (z − lowest) / bend); infinite where shade is z itself

    def shade(self, z: Floats) -> Floats:
        """Return 0 for the lowest value of the grid and 1 for the highest.

        Equal steps in shade are equal steps in value where these are spread evenly, and finer ones towards the
        minimum where a few high walls would leave all that matters in a single colour.
        """
        rise = np.clip((z - self.lowest) / (self.highest - self.lowest), 0, 1)
        if math.isinf(self.bend):
            return np.asarray(rise, dtype=np.float32)
        share = (self.highest - self.lowest) / self.bend
        return np.asarray(np.log1p(rise * share) / np.log1p(share), dtype=np.float32)

    def value(self, shade: float) -> float:
        """Return the value that has this shade."""
        span = self.highest - self.lowest
        if math.isinf(self.bend):
            return self.lowest + shade * span
        return self.lowest + self.bend * math.expm1(shade * math.log1p(span / self.bend))


def heights(fn: Function, x_range: Range, y_range: Range, count: int = 101) -> Heights:
    """Return `fn` on a grid of `count` by `count` points.

    Raises ValueError if a range isn't a pair of finite numbers, the smaller first, or if `fn`, called with two
    tensors of shape (count, count), doesn't return one number for each point.
    """
    x, y = _line(x_range, "x_range", count), _line(y_range, "y_range", count)
    grid_y, grid_x = torch.meshgrid(y, x, indexing="ij")
    with torch.no_grad():
        z = fn(grid_x, grid_y)
    if not isinstance(z, torch.Tensor) or z.shape != grid_x.shape:
        shape = tuple(z.shape) if isinstance(z, torch.Tensor) else type(z).__name__
        raise ValueError(
            f"{getattr(fn, '__name__', 'The function')} has to return one number for each point: for x and y of shape "
            f"{tuple(grid_x.shape)} it returns {shape}. Is there a sum or a mean in it?"
        )
    values = z.detach().cpu().double().numpy()
    values = np.where(np.abs(values) < 1e30, values, np.nan)  # also where it is nan
    if np.isnan(values).all():
        raise ValueError(f"{getattr(fn, '__name__', 'The function')} is finite nowhere in these ranges.")
    lowest, middle, highest = (float(v) for v in np.nanquantile(values, [0, 0.5, 1]))
    if highest == lowest:
        highest = lowest + 1
    below, span = middle - lowest, highest - lowest
    # The first bend gives the median a shade of exactly one half: (1 + below/bend)² = 1 + span/bend.
    bend = max(below**2 / (span - 2 * below), span / STEEPEST) if span > 2 * below else math.inf
    return Heights(x.numpy(), y.numpy(), values.astype(np.float32), lowest, highest, float(bend))


def _line(limits: Range, name: str, count: int) -> torch.Tensor:
    """Return `count` evenly spaced numbers between the limits."""
    try:
        low, high = (float(limit) for limit in limits)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"{name} has to be two numbers, the smaller first, such as (-5, 5), not {limits!r}.")
    return torch.linspace(low, high, count)
