"""Correct answers to the exercise on learning from points with the mean squared error, in other styles."""

import torch
from torch import Tensor, nn


def _f(x: Tensor, y: Tensor, first: Tensor, second: Tensor) -> Tensor:
    return torch.sin(first * second) * torch.cos(x.square()).square() / (1 + (second * y).square())


class _Model(nn.Module):
    """The function with its two parameters inside."""

    def __init__(self, start: tuple[float, float] | Tensor) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.as_tensor(start, dtype=torch.float32).clone())

    def forward(self, points: Tensor) -> Tensor:
        return _f(points[:, 0], points[:, 1], self.theta[0], self.theta[1])


def ready_made_loss(points, targets, start, optimizer, steps):
    """Uses a ready-made function for the loss."""
    theta = torch.tensor([float(value) for value in start], requires_grad=True)
    walker = optimizer([theta])
    thetas, losses = [], []
    for step in range(steps + 1):
        walker.zero_grad()
        loss = torch.nn.functional.mse_loss(_f(*points.T, *theta), targets)
        thetas.append(theta.detach().clone())
        losses.append(loss.detach())
        if step < steps:
            loss.backward()
            walker.step()
    return torch.stack(thetas), torch.stack(losses)


def module(points, targets, start, optimizer, steps):
    """A module, its parameters() and a loss that is a class."""
    model, criterion = _Model(start), torch.nn.MSELoss()
    walker = optimizer(list(model.parameters()))
    thetas, losses = [model.theta.detach().clone()], [criterion(model(points), targets).item()]
    for _ in range(steps):
        walker.zero_grad()
        criterion(model(points), targets).backward()
        walker.step()
        thetas += [model.theta.detach().clone()]
        losses += [criterion(model(points), targets).item()]
    return torch.stack(thetas), losses


def two_leaves(points, targets, start, optimizer, steps):
    """Keeps each parameter in a leaf of its own."""
    first, second = (torch.tensor(float(value), requires_grad=True) for value in start)
    walker, rows, losses = optimizer([first, second]), [], []
    for step in range(steps + 1):
        r = _f(points[:, 0], points[:, 1], first, second) - targets
        loss = (r**2).mean()
        rows.append([first.item(), second.item()])
        losses.append(loss.item())
        if step < steps:
            walker.zero_grad()
            loss.backward()
            walker.step()
    return torch.tensor(rows), torch.tensor(losses)


def float64_inside(points, targets, start, optimizer, steps):
    """Computes and returns float64."""
    points, targets = points.double(), targets.double()
    theta = torch.as_tensor(start, dtype=torch.float64).clone().requires_grad_()
    walker, thetas, losses = optimizer([theta]), torch.empty(steps + 1, 2).double(), torch.empty(steps + 1).double()
    for step in range(steps + 1):
        r = _f(points[:, 0], points[:, 1], theta[0], theta[1]) - targets
        loss = r @ r / len(r)
        thetas[step], losses[step] = theta.detach(), loss.detach()
        if step < steps:
            walker.zero_grad()
            loss.backward()
            walker.step()
    return thetas, losses


def closure(points, targets, start, optimizer, steps):
    """Gives the optimizer a closure that returns the loss."""
    theta = nn.Parameter(torch.as_tensor(start).detach().clone())
    walker, thetas, losses = optimizer([theta]), [theta.data.clone()], []

    def loss():
        walker.zero_grad()
        r = _f(points[:, 0], points[:, 1], theta[0], theta[1]) - targets
        value = (r**2).mean()
        value.backward()
        return value

    for _ in range(steps):
        losses.append(walker.step(loss).detach())
        thetas.append(theta.data.clone())
    losses.append(loss().detach())
    return torch.stack(thetas), torch.stack(losses)


def gradient_set_by_hand(points, targets, start, optimizer, steps):
    """Computes the gradient with torch.func and puts it into grad."""

    def loss(theta):
        r = _f(points[:, 0], points[:, 1], theta[0], theta[1]) - targets
        return torch.stack([one * one for one in r]).sum() / len(r)

    theta = torch.as_tensor(start).detach().clone()
    walker, path, step = optimizer([theta]), [theta.clone()], 0
    while step < steps:
        theta.grad = torch.func.grad(loss)(theta)
        walker.step()
        path.append(theta.clone())
        step += 1
    return torch.stack(path), [float(loss(one)) for one in path]


def lists(points, targets, start, optimizer, steps):
    """Returns lists of tensors."""
    theta = torch.as_tensor(start).detach().clone().requires_grad_()
    walker, thetas, losses = optimizer([theta]), [], []
    for step in range(steps + 1):
        r = torch.stack([_f(x, y, theta[0], theta[1]) - t for (x, y), t in zip(points, targets, strict=True)])
        loss = (r**2).mean()
        thetas.append(theta.detach().clone())
        losses.append(loss.detach())
        if step < steps:
            (theta.grad,) = torch.autograd.grad(loss, theta)
            walker.step()
    return thetas, losses
