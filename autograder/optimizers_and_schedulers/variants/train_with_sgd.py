"""Correct answers to the exercise on torch's SGD, in other styles."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import SGD


class _Line(nn.Module):
    """A line through the origin until it is trained."""

    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.zeros(1))
        self.b = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        return self.w * x + self.b


def linear_layer(x, y, lr, momentum, epochs):
    """Uses nn.Linear, set to zero, and returns tensors."""
    layer = nn.Linear(1, 1)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimizer = SGD(layer.parameters(), lr=lr, momentum=momentum)
    losses, ws, bs = torch.zeros(epochs), torch.zeros(epochs), torch.zeros(epochs)
    for k in range(epochs):
        loss = F.mse_loss(layer(x.unsqueeze(1)).squeeze(1), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses[k], ws[k], bs[k] = loss.detach(), layer.weight.item(), layer.bias.item()
    return losses, ws, bs, optimizer


def one_parameter_of_two(x, y, lr, momentum, epochs):
    """Holds w and b in one tensor and clears the gradient after the step."""
    theta = torch.zeros(2, requires_grad=True)
    optimizer = SGD([theta], lr, momentum)
    losses, path = [], []
    for _ in range(epochs):
        loss = F.mse_loss(theta[0] * x + theta[1], y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
        path.append(theta.detach().clone())
    return losses, [p[0] for p in path], [p[1] for p in path], optimizer


def in_float64(x, y, lr, momentum, epochs):
    """Computes in float64."""
    x, y = x.double(), y.double()
    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    b = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = SGD([w, b], lr=lr, momentum=momentum)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = (w * x + b - y).pow(2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, optimizer


def with_a_closure(x, y, lr, momentum, epochs):
    """Gives the optimizer a closure that computes the loss and its gradient."""
    line = _Line()
    optimizer = SGD(line.parameters(), lr=lr, momentum=momentum)

    def closure():
        optimizer.zero_grad()
        loss = nn.MSELoss()(line(x), y)
        loss.backward()
        return loss

    rows = []
    for _ in range(epochs):
        loss = optimizer.step(closure)
        rows.append((loss.item(), line.w.item(), line.b.item()))
    losses, ws, bs = zip(*rows, strict=True)
    return losses, ws, bs, optimizer


def gradient_by_formula(x, y, lr, momentum, epochs):
    """Writes the gradient by formula; the optimizer still takes the steps."""
    w, b = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = SGD([{"params": [w]}, {"params": [b]}], lr=lr, momentum=momentum)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        error = w.detach() * x + b.detach() - y
        losses.append(error.square().mean().item())
        w.grad, b.grad = 2 * (error * x).mean().reshape(1), 2 * error.mean().reshape(1)
        optimizer.step()
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, optimizer


def numpy_results(x, y, lr, momentum, epochs):
    """Returns NumPy arrays in a list, and sums before it divides."""
    w, b = (torch.zeros((), requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD((w, b), lr=lr, momentum=momentum, foreach=False)
    history = np.zeros((3, epochs))
    for k in range(epochs):
        optimizer.zero_grad(set_to_none=False)
        loss = torch.sum((y - w * x - b) ** 2) / len(x)
        loss.backward()
        optimizer.step()
        history[:, k] = loss.item(), w.item(), b.item()
    return [*history, optimizer]


def a_subclass(x, y, lr, momentum, epochs):
    """Uses a subclass of SGD that keeps a record of its steps."""

    class Recording(SGD):
        def step(self, closure=None):
            super().step(closure)
            ws.append(self.param_groups[0]["params"][0].item())
            bs.append(self.param_groups[0]["params"][1].item())

    w, b = torch.tensor(0.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    losses, ws, bs = [], [], []
    optimizer = Recording([w, b], lr=lr, momentum=momentum)
    while len(losses) < epochs:
        loss = F.mse_loss(torch.addcmul(b, w, x), y)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.detach().item())
        optimizer.step()
    return losses, ws, bs, optimizer
