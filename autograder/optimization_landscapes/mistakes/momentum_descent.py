"""Common wrong answers to the exercise on gradient descent with momentum."""

import torch
from torch import Tensor


def _start(start: tuple[float, ...] | Tensor) -> Tensor:
    point = torch.as_tensor(start).detach().clone()
    return point if point.is_floating_point() else point.float()


def _gradient(fn: object, point: Tensor) -> Tensor:
    leaf = point.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(fn(*leaf), leaf)
    return gradient


def momentum_ignored(fn, start, lr, momentum, steps):
    """Your path is the same for every momentum: the velocity has to carry over from step to step."""
    point = _start(start)
    points = [point]
    for _ in range(steps):
        point = point - lr * _gradient(fn, point)
        points.append(point)
    return torch.stack(points)


def averaged(fn, start, lr, momentum, steps):
    """You weigh the new gradient with 1 - momentum, which is an average; here it counts in full."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        velocity = momentum * velocity + (1 - momentum) * _gradient(fn, point)
        point = point - lr * velocity
        points.append(point)
    return torch.stack(points)


def looks_ahead(fn, start, lr, momentum, steps):
    """You step along gradient plus momentum times velocity, which is Nesterov's way; here it is the velocity alone."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        gradient = _gradient(fn, point)
        velocity = momentum * velocity + gradient
        point = point - lr * (gradient + momentum * velocity)
        points.append(point)
    return torch.stack(points)


def uphill(fn, start, lr, momentum, steps):
    """Your steps go uphill: the gradient points to where the function grows."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        velocity = momentum * velocity + _gradient(fn, point)
        point = point + lr * velocity
        points.append(point)
    return torch.stack(points)


def momentum_with_the_wrong_sign(fn, start, lr, momentum, steps):
    """Your velocity brakes: what is left of the old velocity has to be added, with the sign it has."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        velocity = _gradient(fn, point) - momentum * velocity
        point = point - lr * velocity
        points.append(point)
    return torch.stack(points)


def velocity_forgotten(fn, start, lr, momentum, steps):
    """You remember one gradient only; a velocity holds all earlier ones, each fainter than the next."""
    point = _start(start)
    previous, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        gradient = _gradient(fn, point)
        point = point - lr * (gradient + momentum * previous)
        previous = gradient
        points.append(point)
    return torch.stack(points)


def velocity_reset(fn, start, lr, momentum, steps):
    """You set the velocity to zero inside the loop, so it never builds up."""
    point = _start(start)
    points = [point]
    for _ in range(steps):
        velocity = torch.zeros_like(point)
        velocity = momentum * velocity + _gradient(fn, point)
        point = point - lr * velocity
        points.append(point)
    return torch.stack(points)


def old_velocity_used(fn, start, lr, momentum, steps):
    """You move before you update the velocity, so each gradient takes effect one step late."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        gradient = _gradient(fn, point)
        point = point - lr * velocity
        velocity = momentum * velocity + gradient
        points.append(point)
    return torch.stack(points)


def momentum_scales_all(fn, start, lr, momentum, steps):
    """Your momentum also scales the new gradient; it belongs to the old velocity only."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        velocity = momentum * (velocity + _gradient(fn, point))
        point = point - lr * velocity
        points.append(point)
    return torch.stack(points)


def start_missing(fn, start, lr, momentum, steps):
    """Your points begin after the first step; the start belongs to the path too."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), []
    for _ in range(steps):
        velocity = momentum * velocity + _gradient(fn, point)
        point = point - lr * velocity
        points.append(point)
    return torch.stack(points) if points else torch.empty(0, len(point))


def step_missing(fn, start, lr, momentum, steps):
    """You take one step fewer than asked: check where your range begins and ends."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(1, steps):
        velocity = momentum * velocity + _gradient(fn, point)
        point = point - lr * velocity
        points.append(point)
    return torch.stack(points)


def last_point_only(fn, start, lr, momentum, steps):
    """You return where the path ends; all its points are asked for, one in each row."""
    point = _start(start)
    velocity = torch.zeros_like(point)
    for _ in range(steps):
        velocity = momentum * velocity + _gradient(fn, point)
        point = point - lr * velocity
    return point


def same_tensor_kept(fn, start, lr, momentum, steps):
    """All rows of your path are the last point: you keep one tensor many times and change it in place."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        velocity = momentum * velocity + _gradient(fn, point)
        point -= lr * velocity
        points.append(point)
    return torch.stack(points)


def gradients_pile_up(fn, start, lr, momentum, steps):
    """Your gradients pile up from step to step: backward adds to what is in grad, so clear it first."""
    point = _start(start).requires_grad_()
    velocity, points = torch.zeros_like(point), [point.detach().clone()]
    for _ in range(steps):
        fn(*point).backward()
        with torch.no_grad():
            velocity = momentum * velocity + point.grad
            point -= lr * velocity
        points.append(point.detach().clone())
    return torch.stack(points)


def one_coordinate_after_the_other(fn, start, lr, momentum, steps):
    """You move the first coordinate before you take the slope along the second; both belong to the same point."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        for axis in range(len(point)):
            slope = _gradient(fn, point)[axis]
            velocity, point = velocity.clone(), point.clone()
            velocity[axis] = momentum * velocity[axis] + slope
            point[axis] = point[axis] - lr * velocity[axis]
        points.append(point)
    return torch.stack(points)


def two_coordinates_only(fn, start, lr, momentum, steps):
    """Your function works for two coordinates only; the start says how many there are."""
    x, y = _start(start)[:2]
    point = torch.stack([x, y])
    velocity, points = torch.zeros(2), [point]
    for _ in range(steps):
        velocity = momentum * velocity + _gradient(fn, point)
        point = point - lr * velocity
        points.append(point)
    return torch.stack(points)


def start_moved(fn, start, lr, momentum, steps):
    """You change the start that was given to you; the caller still needs it."""
    point = start if isinstance(start, torch.Tensor) else torch.tensor(start)
    velocity, points = torch.zeros_like(point), [point.clone()]
    for _ in range(steps):
        velocity = momentum * velocity + _gradient(fn, point)
        point -= lr * velocity
        points.append(point.clone())
    return torch.stack(points)


def columns_for_rows(fn, start, lr, momentum, steps):
    """Your result has one row for each coordinate; one row for each point is asked for."""
    point = _start(start)
    velocity, points = torch.zeros_like(point), [point]
    for _ in range(steps):
        velocity = momentum * velocity + _gradient(fn, point)
        point = point - lr * velocity
        points.append(point)
    return torch.stack(points, dim=1)
