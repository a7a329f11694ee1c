"""Common wrong answers to the exercise on descent for any function."""

from itertools import pairwise


def _path(gradient, start, lr, steps):
    path = [float(start)]
    for _ in range(steps):
        path.append(path[-1] - lr * float(gradient(path[-1])))
    return path


def uphill(gradient, start, lr, steps):
    """Your steps go uphill: subtract what the gradient says."""
    return _path(gradient, start, -lr, steps)


def start_missing(gradient, start, lr, steps):
    """Your path lacks the start, which comes first."""
    return _path(gradient, start, lr, steps)[1:]


def step_missing(gradient, start, lr, steps):
    """You take one step fewer than asked: steps + 1 numbers, the start included."""
    return _path(gradient, start, lr, max(steps - 1, 0))


def step_too_many(gradient, start, lr, steps):
    """You take one step more than asked: steps + 1 numbers, the start included."""
    return _path(gradient, start, lr, steps + 1)


def last_place_only(gradient, start, lr, steps):
    """You return where the walk ends; the whole path is wanted."""
    return _path(gradient, start, lr, steps)[-1:]


def gradient_of_the_square(gradient, start, lr, steps):
    """You use 2x whatever function is given: call the gradient that you get."""
    return _path(lambda x: 2 * x, start, lr, steps)


def gradient_at_the_start_only(gradient, start, lr, steps):
    """You ask for the gradient once, at the start; each step needs the one where it stands."""
    slope = float(gradient(start))
    return [start - number * lr * slope for number in range(steps + 1)]


def every_step_from_the_start(gradient, start, lr, steps):
    """Each step of yours begins at the start again; it should go on from where the last one ended."""
    path = [float(start)]
    for _ in range(steps):
        path.append(start - lr * float(gradient(path[-1])))
    return path


def learning_rate_forgotten(gradient, start, lr, steps):
    """Your step is the whole gradient: multiply it by the learning rate."""
    return _path(gradient, start, 1.0, steps)


def rate_times_place(gradient, start, lr, steps):
    """You subtract the learning rate times the place; it is times the gradient at that place."""
    return _path(lambda x: x, start, lr, steps)


def sign_of_the_gradient_only(gradient, start, lr, steps):
    """Your steps are all equally long: a step is as long as the gradient is large."""
    return _path(lambda x: (gradient(x) > 0) - (gradient(x) < 0), start, lr, steps)


def rate_shrinks(gradient, start, lr, steps):
    """You divide the learning rate by the number of the step; it stays the same here."""
    path = [float(start)]
    for number in range(steps):
        path.append(path[-1] - lr / (number + 1) * float(gradient(path[-1])))
    return path


def stopped_early(gradient, start, lr, steps):
    """You stop when a step is small; take as many as are asked for."""
    path = _path(gradient, start, lr, steps)
    for number, (here, there) in enumerate(pairwise(path)):
        if abs(here - there) < 0.02:
            return path[: number + 1]
    return path


def slopes_for_places(gradient, start, lr, steps):
    """You return the gradients along the path; the places are wanted."""
    return [float(gradient(place)) for place in _path(gradient, start, lr, steps)]


def newest_first(gradient, start, lr, steps):
    """Your path runs backwards: the start comes first."""
    return _path(gradient, start, lr, steps)[::-1]
