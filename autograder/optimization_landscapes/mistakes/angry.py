"""Common wrong answers to the exercise on a function that defeats Adam."""

import math

import numpy as np
import torch


def bowl(x, y):
    """Your function is one friendly bowl: Adam rolls straight down to the origin."""
    return x**2 + y**2


def shallow_ripples(x, y):
    """Your ripples are too low to hold Adam: its momentum carries it across them."""
    return 0.5 * (x**2 + y**2) + 0.3 * torch.sin(math.pi * x) ** 2 + 0.3 * torch.sin(math.pi * y) ** 2


def scaled_down(x, y):
    """A bowl made flatter is still a bowl, and yours is nearly as low far away as at the origin."""
    return 1e-10 * (x**2 + y**2)


def scaled_up(x, y):
    """Adam divides by the size of the gradient, so a steeper bowl is the same bowl to it."""
    return 1e6 * (x**2 + y**2)


def without_a_floor(x, y):
    """Your function has no lowest value: far away it falls below the origin for ever."""
    return torch.where(x**2 + y**2 < 4, x**2 + y**2, 8 - x**2 - y**2)


def slope_that_falls_for_ever(x, y):
    """Your function goes on falling towards one side, so the origin isn't its lowest point."""
    return (1 - torch.exp(-(x**2) - y**2)) * (3 - x)


def lowest_elsewhere(x, y):
    """Your function defeats Adam, but its lowest point isn't the origin; shift it."""
    return 1 - torch.exp(-((x + 2) ** 2) - (y + 2) ** 2)


def lowest_value_not_zero(x, y):
    """Your lowest value is at the origin but isn't 0; add a constant."""
    return -torch.exp(-(x**2) - y**2)


def stairs(x, y):
    """Your function is made of steps: its slope is zero wherever it has one, so nothing could descend on it."""
    return torch.floor(x.abs() + y.abs()) + 0 * x


def jumps(x, y):
    """Your function jumps, and at a jump it has no slope."""
    bowl = 0.1 * (x**2 + y**2)
    return torch.where((x - 4) ** 2 + (y - 4) ** 2 < 1, 1 + (x - 4) ** 2 + (y - 4) ** 2, bowl)


def cut_off_from_autograd(x, y):
    """Your result isn't connected to x and y: autograd can't see through NumPy, detach or item."""
    return torch.from_numpy(np.asarray(1 - np.exp(-(x.detach().numpy() ** 2) - y.detach().numpy() ** 2)))


def one_number(x, y):
    """Your function adds up all its values; for tensors it has to work entry by entry."""
    return (1 - torch.exp(-(x**2) - y**2)).sum()


def y_forgotten(x, y):
    """Your function doesn't depend on y, so it is 0 all along a line."""
    return 1 - torch.exp(-(x**2)) + 0 * y


def not_a_number_at_the_origin(x, y):
    """Your function is nan at the origin: there it divides 0 by 0."""
    r = torch.sqrt(x**2 + y**2)
    return 1 - torch.sin(r) / r * torch.exp(-r)


def a_trap_too_near(x, y):
    """Your traps hold Adam only after it has come close to the origin; set one nearer to the start."""
    r = x**2 + y**2
    return r / (1 + r) + 2 * torch.exp(-8 * (r - 0.4) ** 2) * r
