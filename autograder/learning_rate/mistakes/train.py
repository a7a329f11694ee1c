"""Common wrong answers to the exercise on gradient descent for a line."""

import torch
from torch import Tensor


def _walk(x: Tensor, y: Tensor, lr: float, epochs: int, w: float) -> tuple[list[float], list[float], list[float]]:
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        errors = w * x - y
        losses.append((errors**2).mean().item())
        gradients.append(2 * (errors * x).mean().item())
        w = w - lr * gradients[-1]
        weights.append(w)
    return losses, gradients, weights


def gradients_pile_up(x, y, lr, epochs, w=0.0):
    """Your gradients pile up from epoch to epoch: clear w.grad before each call of backward."""
    w = torch.tensor(float(w), requires_grad=True)
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        losses.append(loss.item())
        gradients.append(w.grad.item())
        weights.append(w.item())
    return losses, gradients, weights


def cleared_before_it_is_used(x, y, lr, epochs, w=0.0):
    """You clear the gradient between backward and the step, so the step sees zero and w never moves."""
    losses, _, weights = _walk(x, y, 0.0, epochs, w)
    return losses, [0.0] * epochs, weights


def uphill(x, y, lr, epochs, w=0.0):
    """Your steps go uphill: the gradient points to where the loss grows."""
    return _walk(x, y, -lr, epochs, w)


def sum_for_mean(x, y, lr, epochs, w=0.0):
    """Your loss is the sum of the squared errors; it should be their mean."""
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        errors = w * x - y
        losses.append((errors**2).sum().item())
        gradients.append(2 * (errors * x).sum().item())
        w = w - lr * gradients[-1]
        weights.append(w)
    return losses, gradients, weights


def factor_two_forgotten(x, y, lr, epochs, w=0.0):
    """Your gradient is half of what it should be: what does the square bring down when you differentiate?"""
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        errors = w * x - y
        losses.append((errors**2).mean().item())
        gradients.append((errors * x).mean().item())
        w = w - lr * gradients[-1]
        weights.append(w)
    return losses, gradients, weights


def root_of_the_mean_square(x, y, lr, epochs, w=0.0):
    """Your loss is the root of the mean squared error, and so its gradient is another one too."""
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        errors = w * x - y
        losses.append((errors**2).mean().sqrt().item())
        gradients.append((errors * x).mean().item() / losses[-1])
        w = w - lr * gradients[-1]
        weights.append(w)
    return losses, gradients, weights


def absolute_errors(x, y, lr, epochs, w=0.0):
    """Your loss is the mean of the absolute errors; it should be that of the squared ones."""
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        errors = w * x - y
        losses.append(errors.abs().mean().item())
        gradients.append((errors.sign() * x).mean().item())
        w = w - lr * gradients[-1]
        weights.append(w)
    return losses, gradients, weights


def weight_before_the_step(x, y, lr, epochs, w=0.0):
    """Your weights are taken before each step; they should be those after it."""
    losses, gradients, weights = _walk(x, y, lr, epochs, w)
    return losses, gradients, [float(w), *weights[:-1]]


def loss_after_the_step(x, y, lr, epochs, w=0.0):
    """Your losses are taken after each step; they should be those from before it."""
    losses, gradients, weights = _walk(x, y, lr, epochs + 1, w)
    return losses[1:], gradients[:epochs], weights[:epochs]


def start_included(x, y, lr, epochs, w=0.0):
    """Your weights begin with the start, so there is one too many: each epoch gives one, after its step."""
    losses, gradients, weights = _walk(x, y, lr, epochs, w)
    return losses, gradients, [float(w), *weights]


def epoch_missing(x, y, lr, epochs, w=0.0):
    """You make one epoch fewer than asked: check where your range begins and ends."""
    return _walk(x, y, lr, epochs - 1, w)


def epoch_too_many(x, y, lr, epochs, w=0.0):
    """You make one epoch more than asked: check where your range begins and ends."""
    return _walk(x, y, lr, epochs + 1, w)


def start_ignored(x, y, lr, epochs, w=0.0):
    """You always start from 0, whatever start is given."""
    return _walk(x, y, lr, epochs, 0.0)


def learning_rate_ignored(x, y, lr, epochs, w=0.0):
    """The result doesn't depend on lr: a learning rate is written into your code."""
    return _walk(x, y, 0.001, epochs, w)


def gradient_of_the_first_epoch(x, y, lr, epochs, w=0.0):
    """You compute the gradient once, before the loop; it changes with w, so each epoch needs its own."""
    losses, gradients, weights = [], [], []
    gradient = 2 * ((w * x - y) * x).mean().item()
    for _ in range(epochs):
        losses.append(((w * x - y) ** 2).mean().item())
        gradients.append(gradient)
        w = w - lr * gradient
        weights.append(w)
    return losses, gradients, weights


def one_sample_at_a_time(x, y, lr, epochs, w=0.0):
    """You take a step for each point; an epoch here is one step, along the gradient of the mean over all points."""
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        for one, target in zip(x, y, strict=True):
            loss, gradient, weight = _walk(one[None], target[None], lr, 1, w)
            w = weight[0]
        losses += loss
        gradients += gradient
        weights.append(w)
    return losses, gradients, weights


def a_bias_too_many(x, y, lr, epochs, w=0.0):
    """Your model has a bias as well; here it is just w * x, a line through the origin."""
    b, losses, gradients, weights = 0.0, [], [], []
    for _ in range(epochs):
        errors = w * x + b - y
        losses.append((errors**2).mean().item())
        gradients.append(2 * (errors * x).mean().item())
        b = b - lr * 2 * errors.mean().item()
        w = w - lr * gradients[-1]
        weights.append(w)
    return losses, gradients, weights


def results_exchanged(x, y, lr, epochs, w=0.0):
    """Your results come in another order: losses first, then gradients, then weights."""
    losses, gradients, weights = _walk(x, y, lr, epochs, w)
    return weights, losses, gradients


def last_numbers_only(x, y, lr, epochs, w=0.0):
    """You return the numbers of the last epoch; there should be one of each for every epoch."""
    losses, gradients, weights = _walk(x, y, lr, epochs, w)
    return losses[-1:], gradients[-1:], weights[-1:]


def step_times_the_loss(x, y, lr, epochs, w=0.0):
    """You step by the loss; the step is the learning rate times the gradient."""
    losses, gradients, weights = [], [], []
    for _ in range(epochs):
        errors = w * x - y
        losses.append((errors**2).mean().item())
        gradients.append(2 * (errors * x).mean().item())
        w = w - lr * losses[-1]
        weights.append(w)
    return losses, gradients, weights
