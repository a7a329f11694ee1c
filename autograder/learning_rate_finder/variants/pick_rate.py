"""Correct answers to the exercise on picking a learning rate, in other styles."""

import math
import statistics

import numpy as np
import pandas as pd
import torch

from descent import moving_average


def moving_average_filled(rates, losses):
    """Puts a large number in place of what isn't finite, then smooths with a longer window."""
    losses = torch.as_tensor(losses, dtype=torch.float32).nan_to_num(nan=100.0, posinf=100.0)
    return rates[moving_average(losses, 81).argmin()]


def running_medians(rates, losses):
    """Takes the median in place of the mean."""
    losses = [math.inf if math.isnan(loss) else float(loss) for loss in losses]
    smoothed = [statistics.median(losses[max(k - 40, 0) : k + 41]) for k in range(len(losses))]
    return float(rates[smoothed.index(min(smoothed))])


def only_finite_ones(rates, losses):
    """Leaves the losses that aren't finite out, and their rates too."""
    kept = [(float(rate), float(loss)) for rate, loss in zip(rates, losses, strict=True) if math.isfinite(loss)]
    return kept[int(moving_average([loss for _, loss in kept], 61).argmin())][0]


def parabola_around_it(rates, losses):
    """Fits a parabola to the averages near their lowest one and takes its bottom."""
    smoothed = moving_average(losses, 51).nan_to_num(nan=math.inf, posinf=1e3).numpy()
    exponents = np.log10(np.asarray(rates, dtype=float))
    lowest = int(smoothed.argmin())
    near = slice(max(lowest - 100, 0), lowest + 100)
    a, b, _ = np.polyfit(exponents[near], smoothed[near], 2)
    return float(10 ** np.clip(-b / (2 * a), exponents[near].min(), exponents[near].max()))


def rolling_frame(rates, losses):
    """Uses a centred rolling mean of pandas, which leaves NaN out."""
    losses = pd.Series([float(loss) if math.isfinite(loss) else math.nan for loss in losses])
    smoothed = losses.rolling(51, center=True, min_periods=26).mean()
    return float(rates[int(smoothed.argmin())])


def twice_exponential(rates, losses):
    """Smooths exponentially, forwards and backwards so that nothing lags."""
    losses = [20.0 if not math.isfinite(loss) else min(float(loss), 20.0) for loss in losses]
    for _ in range(2):
        level, levels = losses[0], []
        for loss in losses:
            level = 0.95 * level + 0.05 * loss
            levels.append(level)
        losses = levels[::-1]
    return float(rates[losses.index(min(losses))])


def bins(rates, losses):
    """Cuts the losses into bins of forty and returns the middle rate of the best, as a tensor."""
    losses = torch.tensor([math.inf if math.isnan(loss) else float(loss) for loss in losses])
    count = len(losses) // 40
    best = int(losses[: count * 40].reshape(count, 40).mean(dim=1).argmin())
    return torch.as_tensor(rates)[best * 40 + 20]
