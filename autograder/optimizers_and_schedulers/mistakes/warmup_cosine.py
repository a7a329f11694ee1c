"""Common wrong answers to the exercise on a warm-up and a cosine."""

import math

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, LinearLR, SequentialLR


def _cosine(k: int, warmup: int, steps: int) -> float:
    return (1 + math.cos(math.pi * (k - warmup) / (steps - warmup))) / 2


def rate_for_a_factor(optimizer, warmup, steps):
    """LambdaLR multiplies each group's rate by what your function returns: return a factor, not a rate."""
    peak = optimizer.param_groups[0]["lr"]
    return LambdaLR(optimizer, lambda k: peak * ((k + 1) / (warmup + 1) if k < warmup else _cosine(k, warmup, steps)))


def starts_at_zero(optimizer, warmup, steps):
    """Your first step has a rate of 0 and is wasted."""
    return LambdaLR(optimizer, lambda k: k / warmup if k < warmup else _cosine(k, warmup, steps))


def peak_one_step_early(optimizer, warmup, steps):
    """Your rate reaches its peak one step too early: there are warmup + 1 equal parts up to it."""
    return LambdaLR(optimizer, lambda k: (k + 1) / warmup if k < warmup else _cosine(k, warmup, steps))


def cosine_from_the_start(optimizer, warmup, steps):
    """Your cosine counts from step 0, so the rate jumps where the warm-up ends."""
    return LambdaLR(optimizer, lambda k: (k + 1) / (warmup + 1) if k < warmup else _cosine(k, 0, steps))


def cosine_too_long(optimizer, warmup, steps):
    """Your cosine takes all the steps after the warm-up again, so it isn't down at the end."""
    return LambdaLR(
        optimizer,
        lambda k: (k + 1) / (warmup + 1) if k < warmup else (1 + math.cos(math.pi * (k - warmup) / steps)) / 2,
    )


def linear_fall(optimizer, warmup, steps):
    """Your rate falls along a straight line; half a cosine is wanted."""
    return LambdaLR(optimizer, lambda k: (k + 1) / (warmup + 1) if k < warmup else 1 - (k - warmup) / (steps - warmup))


def quarter_cosine(optimizer, warmup, steps):
    """Your fall is a quarter of a cosine: it starts slowly but ends steeply."""
    return LambdaLR(
        optimizer,
        lambda k: (k + 1) / (warmup + 1) if k < warmup else math.cos(math.pi / 2 * (k - warmup) / (steps - warmup)),
    )


def not_halved(optimizer, warmup, steps):
    """Your cosine runs from 1 to −1: raise it by one and halve it."""
    return LambdaLR(
        optimizer,
        lambda k: (k + 1) / (warmup + 1) if k < warmup else math.cos(math.pi * (k - warmup) / (steps - warmup)),
    )


def whole_cosine(optimizer, warmup, steps):
    """Your rate goes down and up again: that is a whole cosine, and half of one is wanted."""
    return LambdaLR(
        optimizer,
        lambda k: (
            (k + 1) / (warmup + 1) if k < warmup else (1 + math.cos(2 * math.pi * (k - warmup) / (steps - warmup))) / 2
        ),
    )


def no_warmup(optimizer, warmup, steps):
    """You leave the warm-up out."""
    return CosineAnnealingLR(optimizer, T_max=steps)


def warmup_only(optimizer, warmup, steps):
    """Your rate stays at its peak after the warm-up."""
    return LambdaLR(optimizer, lambda k: min(1.0, (k + 1) / (warmup + 1)))


def library_defaults(optimizer, warmup, steps):
    """LinearLR starts at a third of the rate unless you tell it another factor."""
    rise = LinearLR(optimizer, total_iters=max(warmup, 1))
    fall = CosineAnnealingLR(optimizer, T_max=steps - warmup)
    return SequentialLR(optimizer, [rise, fall], milestones=[warmup])


def first_group_only(optimizer, warmup, steps):
    """You give every group of parameters the first group's peak."""
    peaks = [group["lr"] for group in optimizer.param_groups]

    def factor(k):
        return (k + 1) / (warmup + 1) if k < warmup else _cosine(k, warmup, steps)

    return LambdaLR(optimizer, [lambda k, peak=peak: factor(k) * peaks[0] / peak for peak in peaks])


def breaks_without_warmup(optimizer, warmup, steps):
    """You divide by warmup, which may be 0."""
    return LambdaLR(
        optimizer,
        lambda k: min((k + 1) / (warmup + 1), (k + 1) / warmup) if k < max(warmup, 1) else _cosine(k, warmup, steps),
    )


def a_list_of_rates(optimizer, warmup, steps):
    """You return a list of rates; a scheduler for the optimizer is wanted."""
    peak = optimizer.param_groups[0]["lr"]
    return [peak * ((k + 1) / (warmup + 1) if k < warmup else _cosine(k, warmup, steps)) for k in range(steps)]


def a_fresh_optimizer(optimizer, warmup, steps):
    """Your scheduler steers an optimizer of its own, with a rate of its own, instead of the one given."""
    other = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    return LambdaLR(other, lambda k: (k + 1) / (warmup + 1) if k < warmup else _cosine(k, warmup, steps))
