"""Correct answers to the exercise on a loop for any optimizer and scheduler, in other styles."""

import inspect

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.lr_scheduler import ReduceLROnPlateau


def linear_layer(x, y, optimizer, scheduler=None, epochs=5):
    """Uses nn.Linear, set to zero, and a table of results."""
    layer = nn.Linear(1, 1)
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    opt = optimizer(list(layer.parameters()))
    sched = scheduler(opt) if scheduler else None
    table = torch.zeros(epochs, 4)
    for k in range(epochs):
        loss = F.mse_loss(layer(x[:, None])[:, 0], y)
        opt.zero_grad()
        loss.backward()
        table[k, 3] = opt.param_groups[0]["lr"]
        opt.step()
        table[k, :3] = torch.tensor([loss.item(), layer.weight.item(), layer.bias.item()])
        if sched is not None:
            sched.step(*([loss] if isinstance(sched, ReduceLROnPlateau) else []))
    return tuple(table.T)


def one_parameter_of_two(x, y, optimizer, scheduler=None, epochs=5):
    """Holds w and b in one tensor and clears the gradient at the end of each epoch."""
    theta = torch.zeros(2, requires_grad=True)
    opt = optimizer([theta])
    sched = None if scheduler is None else scheduler(opt)
    losses, path, rates = [], [], []
    for _ in range(epochs):
        loss = F.mse_loss(theta[0] * x + theta[1], y)
        loss.backward()
        losses.append(loss.detach())
        rates += [group["lr"] for group in opt.param_groups]
        opt.step()
        path.append(theta.detach().clone())
        opt.zero_grad()
        if isinstance(sched, ReduceLROnPlateau):
            sched.step(metrics=loss.detach())
        elif sched:
            sched.step()
    ws, bs = torch.stack(path).T
    return losses, ws, bs, rates


def in_float64(x, y, optimizer, scheduler=None, epochs=5):
    """Computes in float64."""
    x, y = x.double(), y.double()
    w, b = (torch.zeros((), dtype=torch.float64, requires_grad=True) for _ in range(2))
    opt = optimizer([w, b])
    sched = scheduler(opt) if scheduler else None
    history = []
    for _ in range(epochs):
        opt.zero_grad()
        loss = (w * x + b - y).pow(2).mean()
        loss.backward()
        rate = opt.param_groups[-1]["lr"]
        opt.step()
        history.append((loss.item(), w.item(), b.item(), rate))
        match sched:
            case None:
                pass
            case ReduceLROnPlateau():
                sched.step(loss.item())
            case _:
                sched.step()
    return [list(column) for column in zip(*history, strict=True)]


def with_a_closure(x, y, optimizer, scheduler=None, epochs=5):
    """Gives the optimizer a closure, and asks the scheduler's signature what it wants."""
    w, b = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))
    opt = optimizer([w, b])
    sched = scheduler(opt) if scheduler else None
    wants_loss = sched is not None and "metrics" in inspect.signature(sched.step).parameters

    def closure():
        opt.zero_grad()
        loss = F.mse_loss(w * x + b, y)
        loss.backward()
        return loss

    losses, ws, bs, rates = [], [], [], []
    for _ in range(epochs):
        rates.append(opt.param_groups[0]["lr"])
        losses.append(closure().item())
        opt.step()
        ws.append(w.item())
        bs.append(b.item())
        if sched is not None:
            _ = sched.step(losses[-1]) if wants_loss else sched.step()
    return losses, ws, bs, rates


def told_by_name(x, y, optimizer, scheduler=None, epochs=5):
    """Tells ReduceLROnPlateau by its class's name, steps it at the top of the next epoch, and returns arrays."""
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    opt = optimizer([w, b])
    sched = scheduler(opt) if scheduler else None
    history = np.empty((4, epochs))
    for k in range(epochs):
        if k and sched is not None:
            if type(sched).__name__ == "ReduceLROnPlateau":
                sched.step(history[0, k - 1])
            else:
                sched.step()
        opt.zero_grad()
        loss = ((y - w * x - b) ** 2).mean()
        loss.backward()
        opt.step()
        history[:, k] = loss.item(), w.item(), b.item(), opt.param_groups[0]["lr"]
    return list(history)


def rates_from_the_scheduler(x, y, optimizer, scheduler=None, epochs=5):
    """Asks the scheduler for the last rate, and calls both recipes in a small class."""

    class Trainer:
        def __init__(self):
            self.w, self.b = nn.Parameter(torch.zeros(())), nn.Parameter(torch.zeros(()))
            self.optimizer = optimizer([self.w, self.b])
            self.scheduler = scheduler(self.optimizer) if scheduler else None

        def epoch(self):
            rate = (self.scheduler or self).get_last_lr()[0]
            self.optimizer.zero_grad()
            loss = nn.MSELoss()(self.w * x + self.b, y)
            loss.backward()
            self.optimizer.step()
            self.lower(loss.item())
            return loss.item(), self.w.item(), self.b.item(), rate

        def get_last_lr(self):
            return [group["lr"] for group in self.optimizer.param_groups]

        def lower(self, loss):
            if isinstance(self.scheduler, ReduceLROnPlateau):
                self.scheduler.step(loss)
            elif self.scheduler:
                self.scheduler.step()

    trainer = Trainer()
    return tuple(zip(*(trainer.epoch() for _ in range(epochs)), strict=True))
