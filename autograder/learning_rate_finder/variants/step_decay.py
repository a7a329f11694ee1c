"""Correct answers to the exercise on step decay, in other styles."""

import numpy as np
import torch


def filled_tensor(steps, high=0.1, low=0.01):
    """Fills a tensor and overwrites its end."""
    rates = torch.full((steps,), high)
    rates[steps - steps // 4 :] = low
    return rates


def concatenated(steps, high=0.1, low=0.01):
    """Joins two float64 tensors."""
    quarter = steps // 4
    parts = torch.ones(steps - quarter, dtype=torch.float64) * high, torch.ones(quarter, dtype=torch.float64) * low
    return torch.cat(parts)


def numpy_where(steps, high=0.1, low=0.01):
    """Asks of each step in a numpy array which side it is on."""
    return np.where(np.arange(steps) >= steps - steps // 4, low, high)


def comprehension(steps, high=0.1, low=0.01):
    """Decides step by step, and returns a tuple."""
    return tuple(high if steps - step > steps // 4 else low for step in range(steps))


def scheduler(steps, high=0.1, low=0.01):
    """Lets a scheduler of torch lower the rate."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=high)
    drop = torch.optim.lr_scheduler.MultiStepLR(optimizer, [steps - steps // 4], gamma=low / high)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        drop.step()
    return rates


def appended(steps, high=0.1, low=0.01):
    """Appends one rate after the other."""
    rates = []
    while len(rates) < steps - int(steps / 4):
        rates.append(high)
    while len(rates) < steps:
        rates.append(low)
    return rates


def by_fours(steps, high=0.1, low=0.01):
    """Grows the schedule by four steps at a time."""
    rates = [high] * (steps % 4)
    for _ in range(steps // 4):
        rates = [high, high, high, *rates, low]
    return rates
