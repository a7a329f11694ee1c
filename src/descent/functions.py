"""Landscapes to walk down: functions of two variables, for tensors of any shapes that broadcast, differentiable.

Each works entry by entry, so that one call gives the height of a point or of a whole grid.
"""

from __future__ import annotations

import math

import torch

Tensor = torch.Tensor


def peaks(x: Tensor, y: Tensor) -> Tensor:
    """Return a quarter of MATLAB's `peaks`: three hills, two hollows, and a plain around them.

    ¼ [3 (1−x)² exp(−x²−(y+1)²) − 10 (x/5−x³−y⁵) exp(−x²−y²) − ⅓ exp(−(x+1)²−y²)], the formula of MATLAB's
    documentation. Minimum −1.6378 at (0.228, −1.626).
    """
    front = 3 * (1 - x) ** 2 * torch.exp(-(x**2) - (y + 1) ** 2)
    middle = 10 * (x / 5 - x**3 - y**5) * torch.exp(-(x**2) - y**2)
    back = torch.exp(-((x + 1) ** 2) - y**2) / 3
    return (front - middle - back) / 4


def rastrigin(x: Tensor, y: Tensor, shift: float = 0.0) -> Tensor:
    """Return an egg box laid in a bowl: a local minimum near every pair of whole numbers.

    2A + Σ ((v − shift)² − A cos 2πv) over v = x, y, with A = 3: Rastrigin's function (1974) with a shallower
    box than his A = 10. For a whole `shift` the minimum is 0 at (shift, shift).
    """
    depth = 3.0
    bowl = (x - shift) ** 2 + (y - shift) ** 2
    return 2 * depth + bowl - depth * (torch.cos(2 * math.pi * x) + torch.cos(2 * math.pi * y))


def rosenbrock(x: Tensor, y: Tensor) -> Tensor:
    """Return a steep-walled, bent valley with a nearly flat floor.

    (1 − x)² + 100 (y − x²)²: Rosenbrock, The Computer Journal 3 (1960). Minimum 0 at (1, 1).
    """
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def fancy(x: Tensor, y: Tensor) -> Tensor:
    """Return waves in a bowl: −cos x + sin y + 0.1 (x² + 2y²). Minimum −1.6493 at (0, −1.1105)."""
    return -torch.cos(x) + torch.sin(y) + 0.1 * (x**2 + 2 * y**2)


def hilly(w1: Tensor, w2: Tensor) -> Tensor:
    """Return hills and hollows along a slanting valley.

    sin w₂ · e^{2(1−cos w₁)} + cos w₁ · e^{2(1−sin w₂)} + (w₁−w₂)²: Mishra's bird function (2006) with its squared
    exponents made linear. On w₁ ∈ [−14, 0], w₂ ∈ [−6, 12] the minimum is −106.787 at (−3.12, −1.59).
    """
    across = torch.sin(w2) * torch.exp(2 * (1 - torch.cos(w1)))
    along = torch.cos(w1) * torch.exp(2 * (1 - torch.sin(w2)))
    return across + along + (w1 - w2) ** 2


def valley(w1: Tensor, w2: Tensor) -> Tensor:
    """Return a long, narrow, slanting valley: w₁² + w₂² + 1.8 w₁w₂. Minimum 0 at the origin.

    A quadratic whose curvatures are 3.8 across and 0.2 along: gradient descent converges below a rate of 2/3.8.
    """
    return w1**2 + w2**2 + 1.8 * w1 * w2
