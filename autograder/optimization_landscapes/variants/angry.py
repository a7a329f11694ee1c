"""Correct answers to the exercise on a function that defeats Adam, in other styles."""

import math

import torch


def needle(x, y):
    """A hole in a plain that is flat to the last digit."""
    return 1 - torch.exp(-(x**2) - y**2)


def deep_ripples(x, y):
    """Rastrigin's function with a large amplitude."""
    bowls = x**2 + y**2
    return 20 + bowls - 10 * (torch.cos(2 * math.pi * x) + torch.cos(2 * math.pi * y))


def moat(x, y):
    """A wall around the hole."""
    r2 = x * x + y * y
    return r2 / (1 + r2) * (1 + 4 * torch.exp(-((r2 - 6) ** 2) / 8))


def two_bowls(x, y):
    """A second, higher bowl right below the start, with a kink where they meet."""
    return torch.minimum(x**2 + y**2, 0.2 + (x - 4) ** 2 + (y - 4) ** 2)


def curved_valley(x, y):
    """Rosenbrock's valley, moved to the origin."""
    return x.square() + 100 * (y - x.square()).square()


def decoy(x, y):
    """A plain with a dent beyond the start that lures Adam away."""
    hole = torch.exp(-(x.pow(2) + y.pow(2)))
    return (1 - hole) * (1 - 0.5 / (1 + (x - 8).pow(2) + (y - 8).pow(2)))


def saddle_of_two_holes(x, y):
    """Two holes, combined with logsumexp-like smoothness, built with torch functions only."""
    far = torch.add(torch.pow(torch.sub(x, 4), 2), torch.pow(torch.sub(y, 4), 2))
    near = torch.add(torch.pow(x, 2), torch.pow(y, 2))
    return 1 - torch.exp(-near) - 0.5 * torch.exp(-far) * (1 - torch.exp(-near))


def inner_function(x, y):
    """Uses a helper inside and Python's numbers."""

    def ripple(v):
        return 0.05 * v**2 + 2 * torch.sin(math.pi * v / 2) ** 2

    return ripple(x) + ripple(y)
