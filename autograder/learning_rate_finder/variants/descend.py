"""Correct answers to the exercise on descent with a rate for each step, in other styles."""

import torch
from torch import nn


class _Descent:
    """Tensors that move step by step, and the losses so far."""

    def __init__(self, loss_of, params):
        self.loss_of, self.losses = loss_of, []
        self.params = [nn.Parameter(value.detach().clone()) for value in params]

    def step(self, X, y, rate):
        loss = self.loss_of(self.params, X, y)
        for value, gradient in zip(self.params, torch.autograd.grad(loss, self.params), strict=True):
            value.data.sub_(gradient, alpha=float(rate))
        self.losses.append(loss.detach())


def backward(loss_of, params, batches, rates):
    """Calls backward and clears the gradients by setting them to None."""
    params, losses = [value.clone().requires_grad_(True) for value in params], []
    for (X, y), rate in zip(batches, rates, strict=False):
        for value in params:
            value.grad = None
        loss = loss_of(params, X, y)
        loss.backward()
        for value in params:
            value.data += -rate * value.grad
        losses.append(loss.item())
    return params, losses


def torch_optimizer(loss_of, params, batches, rates):
    """Sets the rate of torch.optim.SGD anew at each step and returns leaves that require gradients."""
    params = [nn.Parameter(value.clone()) for value in params]
    optimizer, losses = torch.optim.SGD(params, lr=0.0), []
    for (X, y), rate in zip(batches, rates, strict=True):
        optimizer.param_groups[0]["lr"] = float(rate)
        optimizer.zero_grad()
        loss = loss_of(params, X, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return params, losses


def new_tensors_each_step(loss_of, params, batches, rates):
    """Makes new tensors at each step in place of changing any, and returns tuples."""
    current, losses = tuple(params), ()
    for batch, rate in zip(batches, rates, strict=True):
        leaves = [value.detach().requires_grad_() for value in [old.clone() for old in current]]
        loss = loss_of(leaves, *batch)
        gradients = torch.autograd.grad(loss, leaves)
        current = tuple(value.detach() - rate * gradient for value, gradient in zip(leaves, gradients, strict=True))
        losses += (loss.item(),)
    return current, losses


def functional(loss_of, params, batches, rates):
    """Uses torch.func and returns the losses as a tensor."""
    current, losses = [value.detach() for value in params], []
    for (X, y), rate in zip(batches, rates, strict=True):
        gradients, loss = torch.func.grad_and_value(loss_of)(current, X, y)
        current = [value - rate * gradient for value, gradient in zip(current, gradients, strict=True)]
        losses.append(loss)
    return current, torch.stack(losses)


def float64_inside(loss_of, params, batches, rates):
    """Computes and returns float64."""
    params, losses = [value.detach().double().requires_grad_() for value in params], []
    for (X, y), rate in zip(batches, rates, strict=True):
        X, y = (part.double() if part.is_floating_point() else part for part in (X, y))
        loss = loss_of(params, X, y)
        gradients = torch.autograd.grad(loss, params)
        params = [(p - rate * g).detach().requires_grad_() for p, g in zip(params, gradients, strict=True)]
        losses.append(loss.item())
    return [value.detach() for value in params], losses


def as_class(loss_of, params, batches, rates):
    """Keeps the state in an object and returns the losses as a list of tensors."""
    descent = _Descent(loss_of, params)
    for (X, y), rate in zip(batches, rates, strict=True):
        descent.step(X, y, rate)
    return [value.detach() for value in descent.params], descent.losses


def while_loop(loss_of, params, batches, rates):
    """Asks for the next batch and the next rate until there is none."""
    batches, rates = iter(batches), iter(rates)
    params, losses = [value.clone().requires_grad_() for value in params], []
    while (rate := next(rates, None)) is not None:
        X, y = next(batches)
        loss = loss_of(params, X, y)
        with torch.no_grad():
            for value, gradient in zip(params, torch.autograd.grad(loss, params), strict=True):
                value.copy_(value - float(rate) * gradient)
        losses.append(loss.item())
    return [value.detach() for value in params], torch.tensor(losses)


def lists_first(loss_of, params, batches, rates):
    """Makes lists of both and counts the steps."""
    batches, rates = list(batches), list(rates)
    leaves, losses = [torch.empty_like(value).copy_(value).requires_grad_() for value in params], []
    for k in range(len(rates)):
        loss = loss_of(leaves, batches[k][0], batches[k][1])
        loss.backward()
        with torch.no_grad():
            for value in leaves:
                value -= rates[k] * value.grad
                value.grad.zero_()
        losses.append(loss.detach().item())
    return [value.detach() for value in leaves], losses
