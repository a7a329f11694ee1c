"""Two clouds of points in the plane, to be told apart."""

from __future__ import annotations

import torch

CENTRES = ((1.0, 1.0), (5.0, 1.0))


def blobs(
    points: int = 100,
    centres: tuple[tuple[float, float], ...] = CENTRES,
    seed: int = 0,
    device: torch.device | str | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return Gaussian clouds of unit variance, `points` around each centre, as points X and labels t.

    X is float32 of shape (points·centres, 2), t float32 of shape (points·centres,) and numbers the centres
    from 0; cloud follows cloud. Both lie on `device`, by default the CPU. The same seed gives the same points
    on every device.

    Raises ValueError if there is no point or no centre.
    """
    if points < 1 or not centres:
        raise ValueError(f"blobs needs at least one point and one centre, not {points} and {len(centres)}.")
    noise = torch.randn(len(centres), points, 2, generator=torch.Generator().manual_seed(seed))
    X = (torch.tensor(centres)[:, None, :] + noise).reshape(-1, 2)
    t = torch.arange(len(centres), dtype=torch.float32).repeat_interleave(points)
    return X.to(device or "cpu"), t.to(device or "cpu")
