"""Common wrong answers to the exercise on a loop for any optimizer and scheduler."""

import torch
from torch import Tensor
from torch.optim import SGD
from torch.optim.lr_scheduler import ReduceLROnPlateau


def _line() -> tuple[Tensor, Tensor]:
    return torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)


def _loss(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ((w * x + b - y) ** 2).mean()


def _lower(schedule, loss):
    if isinstance(schedule, ReduceLROnPlateau):
        schedule.step(loss)
    elif schedule is not None:
        schedule.step()


def _rate(stepper):
    return stepper.param_groups[0]["lr"]


def _run(x, y, stepper, schedule, epochs, w, b, lower=_lower):
    losses, ws, bs, rates = [], [], [], []
    for _ in range(epochs):
        stepper.zero_grad()
        loss = _loss(x, y, w, b)
        loss.backward()
        rates.append(_rate(stepper))
        stepper.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
        lower(schedule, loss.item())
    return losses, ws, bs, rates


def always_sgd(x, y, optimizer, scheduler=None, epochs=5):
    """You use SGD whatever you are given: call the recipe `optimizer` with a list of parameters."""
    w, b = _line()
    stepper = SGD([w, b], lr=_rate(optimizer([w, b])))
    return _run(x, y, stepper, scheduler(stepper) if scheduler else None, epochs, w, b)


def scheduler_ignored(x, y, optimizer, scheduler=None, epochs=5):
    """You never use the scheduler."""
    w, b = _line()
    return _run(x, y, optimizer([w, b]), None, epochs, w, b)


def plateau_not_stepped(x, y, optimizer, scheduler=None, epochs=5):
    """You leave ReduceLROnPlateau out: it is stepped too, with the loss."""
    w, b = _line()
    stepper = optimizer([w, b])
    schedule = scheduler(stepper) if scheduler else None

    def lower(schedule, loss):
        if schedule is not None and not isinstance(schedule, ReduceLROnPlateau):
            schedule.step()

    return _run(x, y, stepper, schedule, epochs, w, b, lower)


def loss_for_every_scheduler(x, y, optimizer, scheduler=None, epochs=5):
    """You hand the loss to every scheduler; all but ReduceLROnPlateau take it for a number of epochs."""
    w, b = _line()
    stepper = optimizer([w, b])
    schedule = scheduler(stepper) if scheduler else None
    return _run(x, y, stepper, schedule, epochs, w, b, lambda s, loss: s.step(loss) if s else None)


def loss_for_none(x, y, optimizer, scheduler=None, epochs=5):
    """You step every scheduler without the loss, but ReduceLROnPlateau needs it."""
    w, b = _line()
    stepper = optimizer([w, b])
    schedule = scheduler(stepper) if scheduler else None
    return _run(x, y, stepper, schedule, epochs, w, b, lambda s, loss: s.step() if s else None)


def plateau_sees_the_next_loss(x, y, optimizer, scheduler=None, epochs=5):
    """You tell ReduceLROnPlateau the loss after the step; it wants the one that you recorded."""
    w, b = _line()
    stepper = optimizer([w, b])
    schedule = scheduler(stepper) if scheduler else None
    return _run(x, y, stepper, schedule, epochs, w, b, lambda s, loss: _lower(s, _loss(x, y, w, b).item()))


def plateau_sees_the_mean_loss(x, y, optimizer, scheduler=None, epochs=5):
    """You tell ReduceLROnPlateau the mean of all losses so far; it wants the last one."""
    w, b = _line()
    stepper = optimizer([w, b])
    schedule = scheduler(stepper) if scheduler else None
    seen = []

    def lower(schedule, loss):
        seen.append(loss)
        _lower(schedule, sum(seen) / len(seen))

    return _run(x, y, stepper, schedule, epochs, w, b, lower)


def scheduler_required(x, y, optimizer, scheduler=None, epochs=5):
    """You call the scheduler's recipe even when it is None."""
    w, b = _line()
    stepper = optimizer([w, b])
    return _run(x, y, stepper, scheduler(stepper), epochs, w, b)


def scheduler_first(x, y, optimizer, scheduler=None, epochs=5):
    """You step the scheduler before the optimizer, so that the first step has the second rate."""
    w, b = _line()
    stepper = optimizer([w, b])
    schedule = scheduler(stepper) if scheduler else None
    losses, ws, bs, rates = [], [], [], []
    for _ in range(epochs):
        stepper.zero_grad()
        loss = _loss(x, y, w, b)
        loss.backward()
        _lower(schedule, loss.item())
        rates.append(_rate(stepper))
        stepper.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, rates


def rate_after_the_change(x, y, optimizer, scheduler=None, epochs=5):
    """Your rates are those after the scheduler's step; the one that each step was taken with is wanted."""
    w, b = _line()
    stepper = optimizer([w, b])
    schedule = scheduler(stepper) if scheduler else None
    losses, ws, bs, rates = [], [], [], []
    for _ in range(epochs):
        stepper.zero_grad()
        loss = _loss(x, y, w, b)
        loss.backward()
        stepper.step()
        _lower(schedule, loss.item())
        rates.append(_rate(stepper))
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, rates


def first_rate_repeated(x, y, optimizer, scheduler=None, epochs=5):
    """Your rates are all the first one: read the rate anew in each epoch."""
    w, b = _line()
    stepper = optimizer([w, b])
    first = _rate(stepper)
    losses, ws, bs, _ = _run(x, y, stepper, scheduler(stepper) if scheduler else None, epochs, w, b)
    return losses, ws, bs, [first] * epochs


def new_optimizer_each_epoch(x, y, optimizer, scheduler=None, epochs=5):
    """You make a new optimizer in every epoch, and it forgets what it has averaged: make one, before the loop."""
    w, b = _line()
    losses, ws, bs, rates = [], [], [], []
    for _ in range(epochs):
        stepper = optimizer([w, b])
        schedule = scheduler(stepper) if scheduler else None
        stepper.zero_grad()
        loss = _loss(x, y, w, b)
        loss.backward()
        rates.append(_rate(stepper))
        stepper.step()
        _lower(schedule, loss.item())
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, rates


def scheduler_of_another_optimizer(x, y, optimizer, scheduler=None, epochs=5):
    """You call the recipe `optimizer` twice: the scheduler steers one, and the other takes the steps."""
    w, b = _line()
    schedule = scheduler(optimizer([w, b])) if scheduler else None
    return _run(x, y, optimizer([w, b]), schedule, epochs, w, b)


def gradients_pile_up(x, y, optimizer, scheduler=None, epochs=5):
    """Your gradients pile up from step to step: clear them before backward."""
    w, b = _line()
    stepper = optimizer([w, b])
    schedule = scheduler(stepper) if scheduler else None
    losses, ws, bs, rates = [], [], [], []
    for _ in range(epochs):
        loss = _loss(x, y, w, b)
        loss.backward()
        rates.append(_rate(stepper))
        stepper.step()
        _lower(schedule, loss.item())
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return losses, ws, bs, rates


def one_epoch_short(x, y, optimizer, scheduler=None, epochs=5):
    """You take one step too few."""
    w, b = _line()
    stepper = optimizer([w, b])
    return _run(x, y, stepper, scheduler(stepper) if scheduler else None, epochs - 1, w, b)
