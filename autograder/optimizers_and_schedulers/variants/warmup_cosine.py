"""Correct answers to the exercise on a warm-up and a cosine, in other styles."""

import math
from functools import partial

import numpy as np
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, LinearLR, LRScheduler, SequentialLR


class _Warmed(LRScheduler):
    """The schedule as a class, in closed form."""

    def __init__(self, optimizer, warmup, steps):
        self.warmup, self.steps = warmup, steps
        super().__init__(optimizer)

    def get_lr(self):
        k = self.last_epoch
        if k < self.warmup:
            return [(k + 1) / (self.warmup + 1) * peak for peak in self.base_lrs]
        angle = math.pi * (k - self.warmup) / (self.steps - self.warmup)
        return [0.5 * peak * (1 + math.cos(angle)) for peak in self.base_lrs]


def _factor(k, warmup, steps):
    return min((k + 1) / (warmup + 1), 0.5 + 0.5 * math.cos(math.pi * max(0, k - warmup) / (steps - warmup)))


def one_after_the_other(optimizer, warmup, steps):
    """Joins torch's own two schedulers."""
    rise = LinearLR(optimizer, start_factor=1 / (warmup + 1), end_factor=1.0, total_iters=warmup)
    fall = CosineAnnealingLR(optimizer, T_max=steps - warmup)
    return SequentialLR(optimizer, [rise, fall], milestones=[warmup])


def a_class(optimizer, warmup, steps):
    """Uses a scheduler class of its own."""
    return _Warmed(optimizer, warmup, steps)


def smaller_of_two(optimizer, warmup, steps):
    """Takes the smaller of the rise and the fall, by a partial."""
    return LambdaLR(optimizer, partial(_factor, warmup=warmup, steps=steps))


def from_a_table(optimizer, warmup, steps):
    """Computes all factors beforehand with NumPy, and stays at the last one."""
    rise = np.arange(1, warmup + 1) / (warmup + 1)
    fall = np.cos(np.linspace(0, np.pi, steps - warmup, endpoint=False)) / 2 + 0.5
    factors = np.concatenate([rise, fall])
    return LambdaLR(optimizer, lambda k: factors[min(k, steps - 1)])


def with_tensors(optimizer, warmup, steps):
    """Computes the factor with torch, as squared cosine of half the angle."""

    def factor(k):
        angle = torch.tensor((k - warmup) / (steps - warmup), dtype=torch.float64) * torch.pi
        return (k + 1) / (warmup + 1) if k < warmup else (angle / 2).cos().square().item()

    return LambdaLR(optimizer, lr_lambda=factor)


def a_function_for_each_group(optimizer, warmup, steps):
    """Gives LambdaLR one function for each group, and ends at zero."""

    def factor(k):
        match k:
            case _ if k < warmup:
                return (1 + k) / (1 + warmup)
            case _ if k >= steps:
                return 0.0
        return math.cos(math.pi * (k - warmup) / (2 * (steps - warmup))) ** 2

    return LambdaLR(optimizer, [factor for _ in optimizer.param_groups])
