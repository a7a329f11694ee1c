"""Correct answers to the exercise on gradient descent for a line, in other styles."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class _Line:
    """A line through the origin that can take a step."""

    def __init__(self, w):
        self.w = float(w)

    def step(self, x, y, lr):
        errors = self.w * x - y
        loss, gradient = errors.square().mean().item(), 2 * (errors * x).mean().item()
        self.w -= lr * gradient
        return loss, gradient, self.w


def fresh_leaf_each_epoch(x, y, lr, epochs, w=0.0):
    """Starts each epoch with a new leaf, so that there is nothing to clear."""
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        leaf = torch.tensor(w, requires_grad=True, device=x.device)
        loss = F.mse_loss(leaf * x, y)
        loss.backward()
        w = (leaf - lr * leaf.grad).item()
        losses += [loss.item()]
        gradients += [leaf.grad.item()]
        weights += [w]
    return losses, gradients, weights


def update_through_data(x, y, lr, epochs, w=0.0):
    """Updates w.data, clears in place, and returns 1-D tensors."""
    w = torch.full((1,), float(w), device=x.device).requires_grad_()
    losses, gradients, weights = torch.zeros(3, epochs)
    for epoch in range(epochs):
        loss = torch.mean((x * w - y) ** 2)
        loss.backward()
        w.data -= lr * w.grad
        losses[epoch], gradients[epoch], weights[epoch] = loss.detach(), w.grad[0], w.detach()[0]
        w.grad.zero_()
    return losses, gradients, weights


def torch_optimizer(x, y, lr, epochs, w=0.0):
    """Lets torch.optim.SGD take the steps."""
    w = nn.Parameter(torch.tensor(float(w), device=x.device))
    optimizer, rows = torch.optim.SGD([w], lr=lr), []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        rows.append((loss.item(), w.grad.item(), w.item()))
    return tuple(zip(*rows, strict=True))


def gradient_on_paper(x, y, lr, epochs, w=0.0):
    """Uses the formula for the gradient in place of autograd."""
    line, rows = _Line(w), []
    while len(rows) < epochs:
        rows.append(line.step(x, y, lr))
    return [[row[column] for row in rows] for column in range(3)]


def autograd_grad(x, y, lr, epochs, w=0.0):
    """Asks torch.autograd.grad and keeps the results as lists of tensors."""
    w, losses, gradients, weights = torch.tensor(float(w), device=x.device), [], [], []
    for _ in range(epochs):
        leaf = w.detach().requires_grad_()
        loss = (leaf * x - y).pow(2).mean()
        (gradient,) = torch.autograd.grad(loss, leaf)
        w = w - lr * gradient
        losses.append(loss.detach())
        gradients.append(gradient)
        weights.append(w)
    return losses, gradients, weights


def functional_gradient(x, y, lr, epochs, w=0.0):
    """Asks torch.func for gradient and value in one go, in float64."""
    both = torch.func.grad_and_value(lambda w: ((w * x.double() - y.double()) ** 2).mean())
    w, rows = torch.tensor(w, dtype=torch.float64, device=x.device), []
    for _ in range(epochs):
        gradient, loss = both(w)
        w = w - lr * gradient
        rows.append(torch.stack([loss, gradient, w]))
    return tuple(torch.stack(rows, dim=1))


def numpy_inside(x, y, lr, epochs, w=0.0):
    """Computes with numpy and returns arrays."""
    x, y = x.cpu().numpy().astype(float), y.cpu().numpy().astype(float)
    losses, gradients, weights = np.empty((3, epochs))
    for epoch in range(epochs):
        losses[epoch] = np.mean((w * x - y) ** 2)
        gradients[epoch] = 2 * np.mean((w * x - y) * x)
        w = weights[epoch] = w - lr * gradients[epoch]
    return losses, gradients, weights


def linear_layer(x, y, lr, epochs, w=0.0):
    """Trains a torch layer without a bias."""
    layer = nn.Linear(1, 1, bias=False, device=x.device)
    nn.init.constant_(layer.weight, w)
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        layer.zero_grad()
        loss = nn.MSELoss()(layer(x[:, None])[:, 0], y)
        loss.backward()
        with torch.no_grad():
            layer.weight.sub_(layer.weight.grad, alpha=lr)
        losses.append(loss.item())
        gradients.append(layer.weight.grad.item())
        weights.append(layer.weight.item())
    return losses, gradients, weights


def closed_form(x, y, lr, epochs, w=0.0):
    """Knows that the distance from the best weight shrinks by the same factor each time."""
    x, y = x.double(), y.double()
    m, best = (x * x).mean(), (x * y).sum() / (x * x).sum()
    before = best + (w - best) * (1 - 2 * lr * m) ** torch.arange(epochs + 1, device=x.device)
    losses = ((before[:-1, None] * x - y) ** 2).mean(dim=1)
    return losses, 2 * m * (before[:-1] - best), before[1:]
