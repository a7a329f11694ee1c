"""Common wrong answers to the exercise on smoothing a long history."""

import math

import torch


def _logarithms(losses):
    return torch.tensor([math.log10(float(loss)) for loss in losses], dtype=torch.float64)


def logarithm_of_mean(losses, window):
    """You take the logarithm of the mean; the mean of the logarithms is wanted."""
    parts = torch.tensor([float(loss) for loss in losses]).split(window)
    return torch.stack([part.mean().log10() for part in parts])


def natural_logarithm(losses, window):
    """Your logarithms are natural ones; base 10 is wanted."""
    return torch.stack([part.mean() for part in (_logarithms(losses) * math.log(10)).split(window)])


def no_logarithm(losses, window):
    """You average the losses themselves; their logarithms are wanted."""
    parts = torch.tensor([float(loss) for loss in losses]).split(window)
    return torch.stack([part.mean() for part in parts])


def moving(losses, window):
    """Your windows overlap; each loss belongs to one window only."""
    logarithms = _logarithms(losses)
    ends = range(min(window, len(logarithms)), len(logarithms) + 1)
    return torch.stack([logarithms[max(end - window, 0) : end].mean() for end in ends])


def rest_dropped(losses, window):
    """You drop the losses that are left at the end: they form a last, shorter window."""
    logarithms = _logarithms(losses)
    count = len(logarithms) // window
    return logarithms[: count * window].reshape(count, window).mean(dim=1)


def rest_filled_with_zeros(losses, window):
    """The mean over your last window counts losses that aren't there: divide by how many are left."""
    return torch.stack([part.sum() / window for part in _logarithms(losses).split(window)])


def rest_joined(losses, window):
    """You add the losses left at the end to the window before; they form a window of their own."""
    parts = list(_logarithms(losses).split(window))
    if len(parts) > 1 and len(parts[-1]) < window:
        parts[-2:] = [torch.cat(parts[-2:])]
    return torch.stack([part.mean() for part in parts])


def strided(losses, window):
    """Your windows take every so-many-th loss; a window is a run of consecutive ones."""
    logarithms = _logarithms(losses)
    count = -(-len(logarithms) // window)
    return torch.stack([logarithms[first::count].mean() for first in range(count)])


def window_taken_for_count(losses, window):
    """You cut the history into `window` parts; `window` is the length of each part."""
    return torch.stack([part.mean() for part in _logarithms(losses).chunk(window)])


def one_number(losses, window):
    """You return the mean of everything; there is one mean for each window."""
    return _logarithms(losses).mean()


def summed(losses, window):
    """You add the logarithms up; their mean is wanted."""
    return torch.stack([part.sum() for part in _logarithms(losses).split(window)])


def first_of_each(losses, window):
    """You keep the first loss of each window; the mean over the window is wanted."""
    return _logarithms(losses)[::window]


def medians(losses, window):
    """You take the median of each window; the mean is wanted."""
    return torch.stack([part.median() for part in _logarithms(losses).split(window)])


def tensors_only(losses, window):
    """You ask a list for a method of a tensor: turn what is given into a tensor first."""
    return torch.stack([part.mean() for part in losses.log10().split(window)])
