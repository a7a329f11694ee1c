"""What of a path can be drawn within given ranges, and the words for what can't."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from descent.minimise import Path

Range = tuple[float, float]
FAR = 1e3  # in half widths of the plot: lines to points further out than this draw no differently


def trail(path: Path, x_range: Range, y_range: Range) -> NDArray[np.float64]:
    """Return the path's points, shape (steps + 1, 2), nan where they are too far out (or not finite) to draw.

    Raises ValueError if the path doesn't have two coordinates.
    """
    if path.points.ndim != 2 or path.points.shape[1] != 2:
        raise ValueError(
            f"A path on a map needs points of shape (steps + 1, 2), not {tuple(path.points.shape)}: is its function "
            "one of two variables?"
        )
    points = path.points.detach().cpu().double().numpy()
    centre, half = _box(x_range, y_range)
    near: NDArray[np.bool_] = np.abs(points - centre) <= FAR * half
    return np.where(near.all(axis=1, keepdims=True), points, np.nan)


def inside(points: NDArray[np.float64], x_range: Range, y_range: Range) -> NDArray[np.bool_]:
    """Return, for each point, whether it lies within both ranges."""
    centre, half = _box(x_range, y_range)
    near: NDArray[np.bool_] = np.abs(points - centre) <= half * (1 + 1e-6)
    return np.asarray(near.all(axis=1))


def outcome(path: Path, x_range: Range, y_range: Range) -> str:
    """Return in a few words how the path ends, such as "50 steps to −1.65"."""
    here = inside(path.points.detach().cpu().double().numpy(), x_range, y_range)
    count = "1 step" if path.steps == 1 else f"{path.steps} steps"
    value = float(path.values[-1])
    if here[-1]:
        return f"{count} to {number(value)}"
    left = len(here) - int(np.argmax(here[::-1])) if here.any() else 0
    when = f"leaves the plot at step {left}" if left else "never within the plot"
    return f"{when}, ends at {number(value)}"


def number(value: float) -> str:
    """Return `value` in four digits at most, with a real minus sign."""
    return f"{0.0 if abs(value) < 1e-12 else value:.4g}".replace("-", "−")


def _box(x_range: Range, y_range: Range) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the centre and the half widths of the ranges."""
    limits = np.array([x_range, y_range], dtype=np.float64)
    return limits.mean(axis=1), (limits[:, 1] - limits[:, 0]) / 2
