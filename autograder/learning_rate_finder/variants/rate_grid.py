"""Correct answers to the exercise on the grid of learning rates, in other styles."""

import math

import numpy as np
import torch


def logspace(low, high, count):
    """Uses the library's own grid."""
    return torch.logspace(low, high, count)


def numpy_array(low, high, count):
    """Returns a numpy array."""
    return np.logspace(low, high, count)


def list_of_numbers(low, high, count):
    """Computes each rate in plain Python and returns a list."""
    return [10 ** (low + (high - low) * k / (count - 1)) for k in range(count)]


def multiplied(low, high, count):
    """Multiplies each rate by the same factor to get the next one."""
    factor = 10 ** ((high - low) / (count - 1))
    rates = [10.0**low]
    while len(rates) < count:
        rates.append(rates[-1] * factor)
    return rates


def powers_of_e(low, high, count):
    """Goes through natural exponents and returns float64."""
    return torch.linspace(low * math.log(10), high * math.log(10), count, dtype=torch.float64).exp()


def cumulative_product(low, high, count):
    """Builds the grid by a cumulative product."""
    factors = torch.full((count,), 10.0 ** ((high - low) / (count - 1)), dtype=torch.float64)
    factors[0] = 10.0**low
    return factors.cumprod(0)


def geometric(low, high, count):
    """Gives numpy's geometric grid the ends themselves, and returns a tuple."""
    return tuple(np.geomspace(10.0**low, 10.0**high, count).tolist())
