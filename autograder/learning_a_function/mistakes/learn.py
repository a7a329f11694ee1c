"""Common wrong answers to the exercise on learning from points with the mean squared error."""

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
    return (r**2).mean()


def summed(points, targets, start, optimizer, steps):
    """Your loss is the sum over the points; ask whether it should grow when there are more of them."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return (r**2).sum()

    return _walk(loss, start, optimizer, steps)


def absolute(points, targets, start, optimizer, steps):
    """Your loss takes absolute values; here the residuals are squared."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return r.abs().mean()

    return _walk(loss, start, optimizer, steps)


def halved(points, targets, start, optimizer, steps):
    """Your loss is half of what is asked for; there is no factor of one half in the mean of the squares."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return (r**2).mean() / 2

    return _walk(loss, start, optimizer, steps)


def root(points, targets, start, optimizer, steps):
    """You take a root of the mean square; the mean square itself is asked for."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return (r**2).mean().sqrt()

    return _walk(loss, start, optimizer, steps)


def squared_mean(points, targets, start, optimizer, steps):
    """You square the mean of the residuals, so that they can cancel; square each, then take the mean."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return r.mean() ** 2

    return _walk(loss, start, optimizer, steps)


def first_point_only(points, targets, start, optimizer, steps):
    """You use the first point only, however many there are."""

    def loss(theta):
        r = _residual(points, targets, theta)
        return (r[:1] ** 2).mean()

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
        return (r**2).mean()

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


def start_moved(points, targets, start, optimizer, steps):
    """You change the start that was given to you; the caller still needs it."""

    theta = torch.as_tensor(start).detach().requires_grad_()
    walker, thetas, losses = optimizer([theta]), [theta.detach().clone()], [_loss(points, targets, theta).item()]
    for _ in range(steps):
        walker.zero_grad()
        _loss(points, targets, theta).backward()
        walker.step()
        thetas.append(theta.detach().clone())
        losses.append(_loss(points, targets, theta).item())
    return torch.stack(thetas), losses
