"""Common wrong answers to the exercise on the grid of learning rates."""

import torch


def rates_equally_spaced(low, high, count):
    """Your rates are equally spaced; their exponents should be, and nearly all of yours are large."""
    return torch.linspace(10.0**low, 10.0**high, count)


def exponents_returned(low, high, count):
    """You return the exponents; the rates are ten to the power of them."""
    return torch.linspace(low, high, count)


def powers_of_e(low, high, count):
    """You raise e to the exponents, and not ten."""
    return torch.linspace(low, high, count).exp()


def powers_of_two(low, high, count):
    """You raise two to the exponents, and not ten."""
    return 2.0 ** torch.linspace(low, high, count)


def last_left_out(low, high, count):
    """Your grid ends one rate before the last: the upper end is included."""
    return 10.0 ** (low + (high - low) * torch.arange(count) / count)


def first_left_out(low, high, count):
    """Your grid begins one rate after the first: the lower end is included."""
    return 10.0 ** (low + (high - low) * torch.arange(1, count + 1) / count)


def one_too_many(low, high, count):
    """There is one rate too many: `count` counts the rates, not the gaps between them."""
    return 10.0 ** torch.linspace(low, high, count + 1)


def backwards(low, high, count):
    """Your rates run from the largest to the smallest."""
    return 10.0 ** torch.linspace(high, low, count)


def sign_of_exponent(low, high, count):
    """Your exponents have the wrong sign: they are negative already where they should be."""
    return 10.0 ** -torch.linspace(low, high, count)


def ends_written_in(low, high, count):
    """Your grid is the same whatever exponents are asked for."""
    return 10.0 ** torch.linspace(-3, 0, count)


def count_written_in(low, high, count):
    """Your grid has a thousand rates, however many are asked for."""
    return 10.0 ** torch.linspace(low, high, 1000)


def whole_exponents(low, high, count):
    """Your exponents are rounded to whole numbers, so many rates come several times."""
    return 10.0 ** torch.linspace(low, high, count).round()


def ends_taken_for_rates(low, high, count):
    """You take the logarithm of the ends, but they are exponents already."""
    return torch.logspace(float(torch.tensor(abs(low) + 1e-9).log10()), float(high), count)
