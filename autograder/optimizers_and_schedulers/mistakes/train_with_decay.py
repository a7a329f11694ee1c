"""Common wrong answers to the exercise on ExponentialLR."""

import torch
from torch import Tensor
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, StepLR


def _line() -> tuple[Tensor, Tensor]:
    return torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)


def _loss(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ((w * x + b - y) ** 2).mean()


def _run(x, y, w, b, optimizer, scheduler, epochs, lower):
    losses, ws, bs = [], [], []
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = _loss(x, y, w, b)
        loss.backward()
        optimizer.step()
        lower(epoch)
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, scheduler


def scheduler_first(x, y, lr, gamma, epochs):
    """You step the scheduler before the optimizer, so that the first step is too short already."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma=gamma)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = _loss(x, y, w, b)
        loss.backward()
        scheduler.step()
        optimizer.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, scheduler


def scheduler_never_stepped(x, y, lr, gamma, epochs):
    """You make a scheduler but never step it, so the rate stays what it was."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    return _run(x, y, w, b, optimizer, ExponentialLR(optimizer, gamma), epochs, lambda epoch: None)


def stepped_twice(x, y, lr, gamma, epochs):
    """You step the scheduler twice an epoch, so the rate shrinks by gamma squared."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma)
    return _run(x, y, w, b, optimizer, scheduler, epochs, lambda epoch: (scheduler.step(), scheduler.step()))


def not_after_the_last(x, y, lr, gamma, epochs):
    """You don't step the scheduler after the last epoch."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma)
    return _run(x, y, w, b, optimizer, scheduler, epochs, lambda k: scheduler.step() if k < epochs - 1 else None)


def scheduler_of_another_optimizer(x, y, lr, gamma, epochs):
    """Your scheduler steers another optimizer than the one that takes the steps."""
    w, b = _line()
    optimizer, other = SGD([w, b], lr=lr), SGD([torch.zeros(2, requires_grad=True)], lr=lr)
    scheduler = ExponentialLR(other, gamma)
    return _run(x, y, w, b, optimizer, scheduler, epochs, lambda epoch: scheduler.step())


def linear_decay(x, y, lr, gamma, epochs):
    """Your rate falls by the same amount each time; multiply it by gamma instead."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda k: max(0.0, 1 - (1 - gamma) * k))
    return _run(x, y, w, b, optimizer, scheduler, epochs, lambda epoch: scheduler.step())


def gamma_fixed(x, y, lr, gamma, epochs):
    """Your scheduler has a gamma of its own, 0.95, instead of the one it is given."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma=0.95)
    return _run(x, y, w, b, optimizer, scheduler, epochs, lambda epoch: scheduler.step())


def step_lr(x, y, lr, gamma, epochs):
    """You use StepLR with its long steps; ExponentialLR lowers the rate in every epoch."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    scheduler = StepLR(optimizer, step_size=10, gamma=gamma)
    return _run(x, y, w, b, optimizer, scheduler, epochs, lambda epoch: scheduler.step())


def cosine(x, y, lr, gamma, epochs):
    """You use a cosine for the rate; ExponentialLR is wanted."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)
    return _run(x, y, w, b, optimizer, scheduler, epochs, lambda epoch: scheduler.step())


def rate_set_by_hand(x, y, lr, gamma, epochs):
    """You lower the rate by hand, and the scheduler beside it does nothing: step it instead."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)

    def lower(epoch):
        optimizer.param_groups[0]["lr"] = lr * gamma ** (epoch + 1)

    return _run(x, y, w, b, optimizer, ExponentialLR(optimizer, gamma), epochs, lower)


def new_scheduler_each_epoch(x, y, lr, gamma, epochs):
    """You make a new scheduler in every epoch; make one, before the loop."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        scheduler = ExponentialLR(optimizer, gamma)
        optimizer.zero_grad()
        loss = _loss(x, y, w, b)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    scheduler.step()
    return losses, ws, bs, scheduler


def gradients_pile_up(x, y, lr, gamma, epochs):
    """Your gradients pile up from step to step: clear them before backward."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        loss = _loss(x, y, w, b)
        loss.backward()
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, scheduler


def optimizer_returned(x, y, lr, gamma, epochs):
    """You return the optimizer; the scheduler is wanted."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma)
    return _run(x, y, w, b, optimizer, optimizer, epochs, lambda epoch: scheduler.step())


def loss_given_to_the_scheduler(x, y, lr, gamma, epochs):
    """You hand the loss to the scheduler's step, which takes it for a number of epochs."""
    w, b = _line()
    optimizer = SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma)
    losses, ws, bs = [], [], []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = _loss(x, y, w, b)
        loss.backward()
        optimizer.step()
        scheduler.step(loss.item())
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, scheduler
