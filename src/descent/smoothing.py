"""Moving averages, to see the trend of a noisy loss."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike


def moving_average(values: torch.Tensor | Sequence[float] | ArrayLike, window: int = 51) -> torch.Tensor:
    """Return the mean of the `window` values around each one: float64 on the CPU, of the same shape (N,).

    At both ends, where fewer neighbours are left, the mean is over those. A NaN or an infinity reaches only the
    windows that hold it.

    Raises ValueError if values isn't of shape (N,), or window isn't odd and at least 1.
    """
    numbers = values.detach().cpu().numpy() if isinstance(values, torch.Tensor) else np.asarray(values)
    if numbers.ndim != 1:
        raise ValueError(f"moving_average takes one row of values, shape (N,), not {numbers.shape}.")
    if window < 1 or window % 2 == 0:
        raise ValueError(f"moving_average needs an odd window of at least 1, so that it has a middle, not {window}.")
    half = window // 2
    means = [numbers[max(i - half, 0) : i + half + 1].mean(dtype=np.float64) for i in range(len(numbers))]
    return torch.tensor(means, dtype=torch.float64)
