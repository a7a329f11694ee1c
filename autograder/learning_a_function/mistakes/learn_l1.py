"""Common wrong answers to the exercise on learning from points with the mean absolute error."""

import torch
from torch import Tensor


def _f(x: Tensor, y: Tensor, theta: Tensor) -> Tensor:
    return torch.sin(theta[0] * theta[1]) * torch.cos(x**2) ** 2 / (1 + (theta[1] * y) ** 2)


def _residual(points: Tensor, targets: Tensor, theta: Tensor) -> Tensor:
    return _f(points[:, 0], points[:, 1], theta) - targets


def _leaf(start: tuple[float, float] | Tensor) -> Tensor:
    return torch.as_tensor(start).detach().clone().requires_grad_()


def _walk(loss, start, optimizer, steps):
    theta = _leaf(start)
    walker, thetas, losses = optimizer([theta]), [theta.detach().clone()], [loss(theta).item()]
    for _ in range(steps):
        walker.zero_grad()
        loss(theta).backward()
        walker.step()
        thetas.append(theta.detach().clone())
        losses.append(loss(theta).item())
    return torch.stack(thetas), losses


def _loss(points: Tensor, targets: Tensor, theta: Tensor) -> Tensor:
    r = _residual(points, targets, theta)
    return r.abs().mean()


def summed(points, targets, start, optimizer, steps):
    """Your loss is the sum over the points; ask whether it should grow when there are more of them."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return r.abs().sum()

    return _walk(loss, start, optimizer, steps)


def squared(points, targets, start, optimizer, steps):
    """Your loss still squares the residuals; here their absolute values count."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return (r**2).mean()

    return _walk(loss, start, optimizer, steps)


def without_absolute_values(points, targets, start, optimizer, steps):
    """Your residuals cancel each other: each counts with its absolute value."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return r.mean()

    return _walk(loss, start, optimizer, steps)


def absolute_mean(points, targets, start, optimizer, steps):
    """You take the absolute value of the mean; take each residual's own, then the mean."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return r.mean().abs()

    return _walk(loss, start, optimizer, steps)


def rounded_off(points, targets, start, optimizer, steps):
    """Your loss is smooth near zero: a ready-made function with a Huber corner isn't the absolute value."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return torch.nn.functional.smooth_l1_loss(r, torch.zeros_like(r))

    return _walk(loss, start, optimizer, steps)


def largest(points, targets, start, optimizer, steps):
    """Your loss is the largest residual only; each of them counts."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return r.abs().max()

    return _walk(loss, start, optimizer, steps)


def first_point_only(points, targets, start, optimizer, steps):
    """You use the first point only, however many there are."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return r[:1].abs().mean()

    return _walk(loss, start, optimizer, steps)


def coordinates_exchanged(points, targets, start, optimizer, steps):
    """You have exchanged the two columns of points: the first is x, the second y."""

    def loss(theta):
        return _loss(points.flip(1), targets, theta)

    return _walk(loss, start, optimizer, steps)


def a_table_of_residuals(points, targets, start, optimizer, steps):
    """A column (k, 1) minus a row (k,) makes a table (k, k): keep predictions and targets in the same shape."""

    def loss(theta):
        r = _f(points[:, :1], points[:, 1:], theta) - targets
        return r.abs().mean()

    return _walk(loss, start, optimizer, steps)


def gradients_pile_up(points, targets, start, optimizer, steps):
    """Your gradients pile up from step to step: backward adds to what is in grad, so clear it first."""

    theta = _leaf(start)
    walker, thetas, losses = optimizer([theta]), [], []
    for step in range(steps + 1):
        loss = _loss(points, targets, theta)
        thetas.append(theta.detach().clone())
        losses.append(loss.item())
        if step < steps:
            loss.backward()
            walker.step()
    return torch.stack(thetas), losses


def optimizer_ignored(points, targets, start, optimizer, steps):
    """You make an optimizer of your own; use the one that you are given."""

    def loss(theta):
        return _loss(points, targets, theta)

    return _walk(loss, start, lambda parameters: torch.optim.Adam(parameters, lr=0.025), steps)


def optimizer_made_again_each_step(points, targets, start, optimizer, steps):
    """You make the optimizer again in every step, so it forgets what it has gathered; make it once."""

    theta = _leaf(start)
    thetas, losses = [theta.detach().clone()], [_loss(points, targets, theta).item()]
    for _ in range(steps):
        walker = optimizer([theta])
        walker.zero_grad()
        _loss(points, targets, theta).backward()
        walker.step()
        thetas.append(theta.detach().clone())
        losses.append(_loss(points, targets, theta).item())
    return torch.stack(thetas), losses


def uphill(points, targets, start, optimizer, steps):
    """Your parameters climb: the loss that you differentiate has the wrong sign."""

    theta = _leaf(start)
    walker, thetas, losses = optimizer([theta]), [theta.detach().clone()], [_loss(points, targets, theta).item()]
    for _ in range(steps):
        walker.zero_grad()
        (-_loss(points, targets, theta)).backward()
        walker.step()
        thetas.append(theta.detach().clone())
        losses.append(_loss(points, targets, theta).item())
    return torch.stack(thetas), losses


def start_missing(points, targets, start, optimizer, steps):
    """Your results begin after the first step; the start and its loss belong to them too."""

    def loss(theta):
        return _loss(points, targets, theta)

    thetas, losses = _walk(loss, start, optimizer, steps)
    return thetas[1:], losses[1:]


def last_missing(points, targets, start, optimizer, steps):
    """Your results end before the last step; the parameters after it, and their loss, belong to them too."""

    def loss(theta):
        return _loss(points, targets, theta)

    thetas, losses = _walk(loss, start, optimizer, steps)
    return thetas[:-1], losses[:-1]


def losses_one_step_late(points, targets, start, optimizer, steps):
    """Your losses lag behind: entry k has to be the loss at the parameters in row k."""

    def loss(theta):
        return _loss(points, targets, theta)

    thetas, losses = _walk(loss, start, optimizer, steps)
    return thetas, [losses[0], *losses[:-1]]


def same_tensor_kept(points, targets, start, optimizer, steps):
    """All rows of your parameters are the last ones: you keep one tensor many times; keep copies."""

    theta = _leaf(start)
    walker, thetas, losses = optimizer([theta]), [theta.detach()], [_loss(points, targets, theta).item()]
    for _ in range(steps):
        walker.zero_grad()
        _loss(points, targets, theta).backward()
        walker.step()
        thetas.append(theta.detach())
        losses.append(_loss(points, targets, theta).item())
    return torch.stack(thetas), losses
