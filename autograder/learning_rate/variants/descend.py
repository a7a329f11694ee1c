"""Correct answers to the exercise on descent for any function, in other styles."""

from itertools import accumulate

import numpy as np
import torch


def _steps(gradient, place, lr):
    while True:
        yield place
        place = place - lr * gradient(place)


class _Walker:
    def __init__(self, place):
        self.path = [place]

    def step(self, gradient, lr):
        self.path.append(self.path[-1] - lr * gradient(self.path[-1]))


def place_in_a_variable(gradient, start, lr, steps):
    """Keeps the place in a variable of its own."""
    place, path = start, [start]
    for _ in range(steps):
        place -= lr * gradient(place)
        path.append(place)
    return path


def tensor_filled_step_by_step(gradient, start, lr, steps):
    """Fills a float32 tensor and hands tensors to the gradient."""
    path = torch.empty(steps + 1)
    path[0] = start
    for step in range(steps):
        path[step + 1] = path[step] - lr * gradient(path[step])
    return path


def float64_array(gradient, start, lr, steps):
    """Returns a numpy array."""
    path = np.full(steps + 1, float(start))
    for step in range(1, steps + 1):
        path[step] = path[step - 1] - lr * gradient(path[step - 1])
    return path


def list_of_tensors(gradient, start, lr, steps):
    """Returns a list of tensors, one for each place."""
    path = [torch.tensor(float(start), dtype=torch.float64)]
    while len(path) <= steps:
        path.append(path[-1] - lr * gradient(path[-1]))
    return path


def generator(gradient, start, lr, steps):
    """Takes the places from an endless generator."""
    places = _steps(gradient, float(start), lr)
    return [next(places) for _ in range(steps + 1)]


def accumulated(gradient, start, lr, steps):
    """Lets itertools carry the place along."""
    return list(accumulate(range(steps), lambda place, _: place - lr * gradient(place), initial=float(start)))


def walker_as_class(gradient, start, lr, steps):
    """Keeps the path in an object and returns a tuple."""
    walker = _Walker(float(start))
    for _ in range(steps):
        walker.step(gradient, lr)
    return tuple(walker.path)


def recursive(gradient, start, lr, steps):
    """Walks on from the first place with one step fewer."""

    def walk(place, left):
        return [place] if left == 0 else [place, *walk(place - lr * gradient(place), left - 1)]

    return walk(float(start), steps)


def torch_optimizer(gradient, start, lr, steps):
    """Sets the gradient of a parameter and lets torch.optim.SGD take the steps."""
    place = torch.nn.Parameter(torch.tensor(float(start), dtype=torch.float64))
    optimizer, path = torch.optim.SGD([place], lr=lr), [place.item()]
    for _ in range(steps):
        place.grad = torch.as_tensor(gradient(place.item()), dtype=torch.float64).reshape(())
        optimizer.step()
        path.append(place.item())
    return path
