"""Common wrong answers to the exercise on settings that converge."""


def learning_rate_fixed(scale):
    """Your learning rate is the same for every scale, but a function 10 times as steep makes steps 10 times as long."""
    return 1.0, 1.0, 18


def learning_rate_multiplied(scale):
    """You make the learning rate larger where the function is steeper; think of what that does to the step."""
    return 1.0 * scale, 1.0, 18


def root_of_scale(scale):
    """Your learning rate does shrink where the function is steeper, but not by as much as the gradient grows."""
    return 1.0 / scale**0.5, 1.0, 18


def too_large(scale):
    """With your learning rate the steps are so long that descent leaps across the bowl and never settles."""
    return 3.0 / scale, 1.0, 49


def never_settles(scale):
    """Your descent comes to the bowl but the steps stay too long to settle there; they never get shorter."""
    return 2.0 / scale, 1.0, 49


def too_small(scale):
    """Your steps are so short that 49 of them don't reach the bowl."""
    return 0.2 / scale, 1.0, 49


def fifty_steps(scale):
    """You take 50 steps, and fewer than 50 are asked for."""
    return 1.0 / scale, 1.0, 50


def decays_too_fast(scale):
    """Your learning rate decays so fast that descent freezes before it has arrived: add up all the rates it uses."""
    return 1.0 / scale, 0.8, 49


def grows(scale):
    """Your gamma is above 1, so the learning rate grows from step to step."""
    return 0.05 / scale, 1.1, 45


def decay_subtracted(scale):
    """Your gamma is the part that is taken away; the learning rate is multiplied by gamma, so it is the part kept."""
    return 1.0 / scale, 0.05, 18


def order_exchanged(scale):
    """Your numbers are right but in another order: the learning rate comes first, then gamma, then the steps."""
    return 18, 1.0, 1.0 / scale


def stops_early(scale):
    """Your steps are of a good length, but you stop before descent has come down; look at the path's last points."""
    return 1.0 / scale, 1.0, 9


def uphill(scale):
    """Your learning rate is negative: with it each step goes uphill."""
    return -1.0 / scale, 1.0, 18


def slow_everywhere(scale):
    """You arrive in fewer than 50 steps, but not in 20; a larger learning rate is safe here."""
    return 0.4 / scale, 1.0, 45
