"""Common wrong answers to the exercise on picking a learning rate."""

import math

import numpy as np
import torch


def _floats(values):
    return [float(value) for value in values]


def _smoothed(losses, window=51):
    """A moving average in which a NaN counts as infinite."""
    losses, half = [math.inf if math.isnan(loss) else loss for loss in _floats(losses)], window // 2
    return [float(np.mean(losses[max(k - half, 0) : k + half + 1])) for k in range(len(losses))]


def _lowest(losses):
    smoothed = _smoothed(losses)
    return smoothed.index(min(smoothed))


def lowest_single_loss(rates, losses):
    """You pick the rate of the lowest single loss, which may only have been an easy batch: smooth first."""
    losses = [math.inf if math.isnan(loss) else loss for loss in _floats(losses)]
    return float(rates[losses.index(min(losses))])


def place_returned(rates, losses):
    """You return the place in the list; the rate at that place is wanted."""
    return _lowest(losses)


def exponent_returned(rates, losses):
    """You return the exponent; the rate is ten to the power of it."""
    return math.log10(float(rates[_lowest(losses)]))


def loss_returned(rates, losses):
    """You return the lowest loss; the rate at which it was reached is wanted."""
    return min(_smoothed(losses))


def highest_loss(rates, losses):
    """You pick the rate at which the losses are highest."""
    smoothed = [-math.inf if math.isinf(loss) else loss for loss in _smoothed(losses)]
    return float(rates[smoothed.index(max(smoothed))])


def fooled_by_nan(rates, losses):
    """You fall for a nan: argmin takes it for the lowest number of all."""
    losses = torch.tensor(_floats(losses))
    half = 25
    smoothed = torch.stack([losses[max(k - half, 0) : k + half + 1].mean() for k in range(len(losses))])
    return float(rates[int(smoothed.argmin())])


def fooled_by_infinity(rates, losses):
    """An infinite loss reaches all your averages: one running sum over everything never recovers from it."""
    sums = np.concatenate([[0.0], np.cumsum(_floats(losses)[::-1])])
    with np.errstate(invalid="ignore"):
        smoothed = ((sums[51:] - sums[:-51]) / 51)[::-1]
    return float(rates[int(np.argmin(smoothed)) + 25])


def window_not_centred(rates, losses):
    """Your averages are shifted against the rates by half a window: put each at the middle of its window."""
    losses = [10.0 if not math.isfinite(loss) else loss for loss in _floats(losses)]
    smoothed = np.convolve(losses, np.full(301, 1 / 301), mode="valid")
    return float(rates[int(smoothed.argmin())])


def ends_averaged_with_zeros(rates, losses):
    """At both ends your averages take in zeros, so the first or the last rate looks best."""
    losses = [10.0 if not math.isfinite(loss) else loss for loss in _floats(losses)]
    smoothed = np.convolve(losses, np.full(201, 1 / 201), mode="same")
    return float(rates[int(smoothed.argmin())])


def backed_off(rates, losses):
    """You go back to a tenth of the rate; here the rate at the lowest smoothed loss itself is wanted."""
    return float(rates[_lowest(losses)]) / 10


def steepest(rates, losses):
    """You pick the rate at which the loss falls most steeply; here the one at which it is lowest is wanted."""
    smoothed = np.array(_smoothed(losses, 101))
    slopes = np.diff(smoothed[:-1][:600])
    return float(rates[int(np.nanargmin(slopes))])


def last_rate(rates, losses):
    """You return the last rate, not the one at which the losses are lowest."""
    return float(rates[-1])


def middle_rate(rates, losses):
    """Your answer doesn't depend on the losses."""
    return float(rates[len(rates) // 2])
