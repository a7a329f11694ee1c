"""Correct answers to the exercise on gradient descent with momentum, in other styles."""

import numpy as np
import torch
from torch import Tensor


def _gradient(fn: object, point: Tensor) -> Tensor:
    leaf = point.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(fn(*leaf), leaf)
    return gradient


class _Ball:
    """A position and a velocity."""

    def __init__(self, start: Tensor) -> None:
        self.position, self.velocity = start, 0.0

    def roll(self, gradient: Tensor, lr: float, momentum: float) -> None:
        self.velocity = momentum * self.velocity + gradient
        self.position = self.position - lr * self.velocity


def torch_optimizer(fn, start, lr, momentum, steps):
    """Lets torch.optim.SGD take the steps."""
    point = torch.nn.Parameter(torch.as_tensor(start, dtype=torch.float32).clone())
    optimizer = torch.optim.SGD([point], lr=lr, momentum=momentum)
    points = [point.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        fn(*point).backward()
        optimizer.step()
        points.append(point.detach().clone())
    return torch.stack(points)


def two_points_back(fn, start, lr, momentum, steps):
    """Needs no velocity: momentum times the last difference of the points."""
    points = [torch.as_tensor(start, dtype=torch.float32)]
    for step in range(steps):
        last = points[-1] - points[-2] if step else 0.0
        points.append(points[-1] - lr * _gradient(fn, points[-1]) + momentum * last)
    return torch.stack(points)


def rate_inside_the_velocity(fn, start, lr, momentum, steps):
    """Keeps the step itself as the velocity; the same as long as the rate is constant."""
    point = torch.as_tensor(start, dtype=torch.float64)
    step, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        step = momentum * step - lr * _gradient(fn, point)
        point = point + step
        points.append(point)
    return torch.stack(points)


def backward_on_a_leaf(fn, start, lr, momentum, steps):
    """Calls backward on one leaf, clears its gradient and moves it in place."""
    point = torch.tensor([float(value) for value in start], requires_grad=True)
    velocity = torch.zeros_like(point)
    points = torch.empty(steps + 1, len(point))
    points[0] = point.detach()
    for step in range(steps):
        fn(*point).backward()
        with torch.no_grad():
            velocity.mul_(momentum).add_(point.grad)
            point.sub_(velocity, alpha=lr)
        point.grad = None
        points[step + 1] = point.detach()
    return points


def list_of_tensors(fn, start, lr, momentum, steps):
    """Returns a list with one tensor for each point."""
    ball = _Ball(torch.as_tensor(start, dtype=torch.float32).clone())
    points = [ball.position]
    for _ in range(steps):
        ball.roll(_gradient(fn, ball.position), lr, momentum)
        points += [ball.position]
    return points


def numpy_inside(fn, start, lr, momentum, steps):
    """Keeps points and velocity in NumPy and uses torch for the gradient only."""
    point = np.array([float(value) for value in start], dtype=np.float32)
    velocity, points = np.zeros_like(point), [point]
    for _ in range(steps):
        velocity = momentum * velocity + _gradient(fn, torch.from_numpy(point.astype(np.float32))).numpy()
        point = point - lr * velocity
        points.append(point)
    return torch.from_numpy(np.stack(points).astype(np.float32))


def functional_gradient(fn, start, lr, momentum, steps):
    """Uses torch.func.grad and a while loop, and keeps the graph's result detached."""
    slope = torch.func.grad(lambda point: fn(*point))
    path, velocity = torch.as_tensor(start, dtype=torch.float32)[None].clone(), 0
    while len(path) <= steps:
        velocity = slope(path[-1]) + momentum * velocity
        path = torch.cat([path, (path[-1] - lr * velocity)[None]])
    return path


def separate_coordinates(fn, start, lr, momentum, steps):
    """Keeps each coordinate in a leaf of its own."""
    leaves = [torch.tensor(float(value), requires_grad=True) for value in start]
    velocities = [0.0] * len(leaves)
    points = [torch.stack(leaves).detach()]
    for _ in range(steps):
        gradients = torch.autograd.grad(fn(*leaves), leaves)
        velocities = [momentum * v + g for v, g in zip(velocities, gradients, strict=True)]
        moved = [(leaf - lr * v).detach() for leaf, v in zip(leaves, velocities, strict=True)]
        leaves = [leaf.requires_grad_() for leaf in moved]
        points.append(torch.stack(leaves).detach())
    return torch.stack(points)
