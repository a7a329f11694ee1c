"""Correct answers to the exercise on ExponentialLR, in other styles."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import SGD, lr_scheduler
from torch.optim.lr_scheduler import ExponentialLR


def linear_layer(x, y, lr, gamma, epochs):
    """Uses nn.Linear, set to zero, and returns tensors."""
    layer = nn.Linear(1, 1)
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    optimizer = SGD(layer.parameters(), lr=lr)
    scheduler = ExponentialLR(optimizer, gamma=gamma)
    rows = torch.zeros(epochs, 3)
    for row in rows:
        loss = F.mse_loss(layer(x[:, None])[:, 0], y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        row[:] = torch.tensor([loss.item(), layer.weight.item(), layer.bias.item()])
    return rows[:, 0], rows[:, 1], rows[:, 2], scheduler


def one_parameter_of_two(x, y, lr, gamma, epochs):
    """Holds w and b in one tensor and clears the gradient at the end of each epoch."""
    theta = torch.zeros(2, requires_grad=True)
    optimizer = SGD([theta], lr)
    scheduler = lr_scheduler.ExponentialLR(optimizer, gamma)
    losses, path = [], []
    for _ in range(epochs):
        loss = F.mse_loss(theta[0] * x + theta[1], y)
        loss.backward()
        losses.append(loss.detach())
        optimizer.step()
        path.append(theta.detach().clone())
        scheduler.step()
        optimizer.zero_grad()
    return losses, [p[0].item() for p in path], [p[1].item() for p in path], scheduler


def in_float64(x, y, lr, gamma, epochs):
    """Computes in float64."""
    x, y = x.to(torch.float64), y.to(torch.float64)
    w, b = (torch.zeros((), dtype=torch.float64, requires_grad=True) for _ in range(2))
    optimizer = SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = (w * x + b - y).pow(2).mean()
        loss.backward()
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, scheduler


def with_a_closure(x, y, lr, gamma, epochs):
    """Gives the optimizer a closure that computes the loss and its gradient."""
    w, b = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))
    optimizer = SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma)

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(w * x + b, y)
        loss.backward()
        return loss

    rows = []
    for _ in range(epochs):
        rows.append((optimizer.step(closure).item(), w.item(), b.item()))
        scheduler.step()
    return *zip(*rows, strict=True), scheduler


def stepped_at_the_top(x, y, lr, gamma, epochs):
    """Steps the scheduler at the top of each epoch but the first, and once more at the end."""
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    optimizer = SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma)
    losses, ws, bs = [], [], []
    for epoch in range(epochs):
        if epoch:
            scheduler.step()
        optimizer.zero_grad()
        loss = ((y - (w * x + b)) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    scheduler.step()
    return losses, ws, bs, scheduler


def gradient_by_formula(x, y, lr, gamma, epochs):
    """Writes the gradient by formula, in two groups of parameters, and returns NumPy arrays."""
    w, b = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = SGD([{"params": [w]}, {"params": [b]}], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma)
    history = np.zeros((3, epochs))
    for k in range(epochs):
        error = w.detach() * x + b.detach() - y
        w.grad, b.grad = 2 * (error * x).mean().reshape(1), 2 * error.mean().reshape(1)
        optimizer.step()
        scheduler.step()
        history[:, k] = error.square().mean().item(), w.item(), b.item()
    return [*history, scheduler]
