"""Two small sets of measurements to fit a straight line to."""

from __future__ import annotations

import torch

_PROPORTIONAL_X = (2.1, 3.4, 1.8, 5.9, 8.3, 9.1, 2.4, 5.6, 7.8)
_PROPORTIONAL_Y = (4.0, 6.2, 3.0, 13.2, 17.8, 17.9, 5.5, 11.7, 14.3)

_LINEAR_X = (-1.5, 0.2, 3.4, 4.1, 7.8, 13.4, 18.0, 21.5, 32.0, 33.5)
_LINEAR_Y = (100.5, 110.2, 133.5, 141.2, 172.8, 225.1, 251.0, 278.9, 366.7, 369.9)


def proportional_data(device: torch.device | str | None = None) -> tuple[torch.Tensor, torch.Tensor]:
    """Return nine points x, y near a line through the origin, y = 2·x or so.

    Both are float32 of shape (9,), on `device`, by default the CPU. The best slope is 2.0207, with a mean
    squared error of 0.7277.
    """
    return _pair(_PROPORTIONAL_X, _PROPORTIONAL_Y, device)


def linear_data(device: torch.device | str | None = None) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ten points x, y near a line that misses the origin, y = 7.9·x + 111 or so.

    Both are float32 of shape (10,), on `device`, by default the CPU.
    """
    return _pair(_LINEAR_X, _LINEAR_Y, device)


def _pair(
    x: tuple[float, ...], y: tuple[float, ...], device: torch.device | str | None
) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tensor(x, device=device or "cpu"), torch.tensor(y, device=device or "cpu")
