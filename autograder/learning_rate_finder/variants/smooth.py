"""Correct answers to the exercise on smoothing a long history, in other styles."""

import math
from itertools import islice
from statistics import fmean

import numpy as np
import torch


def plain_python(losses, window):
    """Uses no library for arrays and returns a list."""
    logarithms = [math.log10(loss) for loss in losses]
    return [fmean(logarithms[first : first + window]) for first in range(0, len(logarithms), window)]


def reduced_at(losses, window):
    """Adds up between given places in a numpy array."""
    logarithms = np.log10(np.asarray(losses, dtype=float))
    starts = np.arange(0, len(logarithms), window)
    return np.add.reduceat(logarithms, starts) / np.diff(np.append(starts, len(logarithms)))


def filled_with_nan(losses, window):
    """Fills the last window with NaN and leaves them out of the mean."""
    logarithms = torch.as_tensor(losses, dtype=torch.float64).log10()
    table = torch.full((-(-len(logarithms) // window) * window,), torch.nan, dtype=torch.float64)
    table[: len(logarithms)] = logarithms
    return table.reshape(-1, window).nanmean(dim=1)


def full_windows_then_rest(losses, window):
    """Reshapes the full windows and appends the rest."""
    logarithms = torch.log10(torch.tensor([float(loss) for loss in losses]))
    full = len(logarithms) // window * window
    means = logarithms[:full].view(-1, window).mean(1)
    return torch.cat([means, logarithms[full:].mean().reshape(1)]) if full < len(logarithms) else means


def taken_from_an_iterator(losses, window):
    """Takes a window at a time from an iterator."""
    remaining, means = iter(losses), []
    while part := list(islice(remaining, window)):
        means.append(sum(math.log10(loss) for loss in part) / len(part))
    return means


def cumulative_sums(losses, window):
    """Subtracts cumulative sums at the windows' ends."""
    sums = np.concatenate([[0.0], np.cumsum(np.log10([float(loss) for loss in losses]))])
    ends = np.unique(np.append(np.arange(0, len(sums) - 1, window), len(sums) - 1))
    return torch.tensor(np.diff(sums[ends]) / np.diff(ends))


def natural_logarithms(losses, window):
    """Divides natural logarithms by that of ten, and returns a tuple of numbers."""
    logarithms = torch.as_tensor(losses).double().log() / math.log(10)
    return tuple(float(part.mean()) for part in torch.split(logarithms, window))
