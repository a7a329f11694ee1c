"""Common wrong answers to the exercise on torch's SGD."""

import torch
from torch import Tensor
from torch.optim import SGD


def _line() -> tuple[Tensor, Tensor]:
    return torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)


def _loss(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ((w * x + b - y) ** 2).mean()


def _run(x, y, optimizer, w, b, epochs, loss=_loss):
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        found = loss(x, y, w, b)
        found.backward()
        optimizer.step()
        losses.append(found.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, optimizer


def gradients_pile_up(x, y, lr, momentum, epochs):
    """Your gradients pile up from step to step: backward adds to them, so clear them before it."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr, momentum=momentum)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        loss = _loss(x, y, w, b)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, optimizer


def cleared_after_backward(x, y, lr, momentum, epochs):
    """You clear the gradients between backward and step, so that nothing is left to step along."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr, momentum=momentum)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        loss = _loss(x, y, w, b)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, optimizer


def momentum_forgotten(x, y, lr, momentum, epochs):
    """Your optimizer isn't told about the momentum."""
    w, b = _line()
    return _run(x, y, SGD([w, b], lr=lr), w, b, epochs)


def dampened(x, y, lr, momentum, epochs):
    """Your velocity takes only a part of each gradient: torch's dampening isn't wanted here."""
    w, b = _line()
    return _run(x, y, SGD([w, b], lr=lr, momentum=momentum, dampening=momentum), w, b, epochs)


def nesterov(x, y, lr, momentum, epochs):
    """You use Nesterov's momentum, which looks ahead; the plain one is wanted."""
    w, b = _line()
    return _run(x, y, SGD([w, b], lr=lr, momentum=momentum, nesterov=momentum > 0), w, b, epochs)


def intercept_not_given(x, y, lr, momentum, epochs):
    """Your intercept never moves: the optimizer only moves the parameters that it is given."""
    w, b = _line()
    return _run(x, y, SGD([w], lr=lr, momentum=momentum), w, b, epochs)


def new_optimizer_each_epoch(x, y, lr, momentum, epochs):
    """You make a new optimizer in every epoch, and it forgets the velocity: make one, before the loop."""
    w, b = _line()
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer = SGD([w, b], lr=lr, momentum=momentum)
        optimizer.zero_grad()
        loss = _loss(x, y, w, b)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, optimizer


def summed_loss(x, y, lr, momentum, epochs):
    """Your loss is the sum of the squared errors, not their mean."""
    w, b = _line()
    return _run(x, y, SGD([w, b], lr=lr, momentum=momentum), w, b, epochs, lambda *a: _loss(*a) * len(x))


def loss_after_the_step(x, y, lr, momentum, epochs):
    """Your losses are those after each step; the ones before it are wanted."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr, momentum=momentum)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        _loss(x, y, w, b).backward()
        optimizer.step()
        losses.append(_loss(x, y, w, b).item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, optimizer


def recorded_before_the_step(x, y, lr, momentum, epochs):
    """Your w and b are those before each step; the ones after it are wanted."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr, momentum=momentum)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = _loss(x, y, w, b)
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
        loss.backward()
        optimizer.step()
    return losses, ws, bs, optimizer


def one_tensor_many_times(x, y, lr, momentum, epochs):
    """Your ws and bs hold one and the same tensor many times, and it moves on: record plain numbers."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr, momentum=momentum)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = _loss(x, y, w, b)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        ws.append(w.detach())
        bs.append(b.detach())
    return losses, ws, bs, optimizer


def random_start(x, y, lr, momentum, epochs):
    """Your line doesn't start at w = b = 0: nn.Linear draws its parameters at random."""
    line = torch.nn.Linear(1, 1)
    optimizer = SGD(line.parameters(), lr=lr, momentum=momentum)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = ((line(x[:, None])[:, 0] - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        ws.append(line.weight.item())
        bs.append(line.bias.item())
    return losses, ws, bs, optimizer


def outer_product(x, y, lr, momentum, epochs):
    """Your prediction has shape (N, 1) and y has (N,): their difference is a whole N by N table."""
    line = torch.nn.Linear(1, 1)
    torch.nn.init.zeros_(line.weight)
    torch.nn.init.zeros_(line.bias)
    optimizer = SGD(line.parameters(), lr=lr, momentum=momentum)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = ((line(x[:, None]) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        ws.append(line.weight.item())
        bs.append(line.bias.item())
    return losses, ws, bs, optimizer


def still_by_hand(x, y, lr, momentum, epochs):
    """You make an optimizer, but still move w and b by hand: let it take the steps."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr, momentum=momentum)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        loss = _loss(x, y, w, b)
        optimizer.zero_grad()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, optimizer


def another_optimizer(x, y, lr, momentum, epochs):
    """You use Adam; torch.optim.SGD is wanted."""
    w, b = _line()
    return _run(x, y, torch.optim.Adam([w, b], lr=lr), w, b, epochs)


def copies_in_the_optimizer(x, y, lr, momentum, epochs):
    """The optimizer holds copies of your w and b, so its steps move nothing that you use."""
    w, b = _line()
    copies = [w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()]
    return _run(x, y, SGD(copies, lr=lr, momentum=momentum), w, b, epochs)


def optimizer_not_returned(x, y, lr, momentum, epochs):
    """You return three results; the optimizer is missing."""
    w, b = _line()
    return _run(x, y, SGD([w, b], lr=lr, momentum=momentum), w, b, epochs)[:3]
