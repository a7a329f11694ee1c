"""Common wrong answers to the exercise on the mini-batch loop."""

import torch
from torch import Tensor
from torch.nn import functional as F


def _loss_and_gradient(theta: Tensor, X: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    pixels = X.flatten(1)
    z = pixels @ theta[:-1] + theta[-1]
    error = (torch.sigmoid(z) - t) / len(t)
    loss = F.binary_cross_entropy_with_logits(z, t)
    return loss, torch.cat([error @ pixels, error.sum().reshape(1)])


def _batches(X: Tensor, t: Tensor, batch_size: int) -> zip:
    return zip(X.split(batch_size), t.split(batch_size), strict=True)


def _descend(
    X: Tensor, t: Tensor, theta: Tensor, lr: float, epochs: int, batch_size: int
) -> tuple[Tensor, list[float]]:
    losses = []
    for _ in range(epochs):
        for images, labels in _batches(X, t, batch_size):
            loss, gradient = _loss_and_gradient(theta, images, labels)
            theta = theta - lr * gradient
            losses.append(loss.item())
    return theta, losses


def uphill(X, t, theta, lr, epochs, batch_size):
    """Your steps go uphill: the gradient points to where the loss grows."""
    return _descend(X, t, theta, -lr, epochs, batch_size)


def last_batch_dropped(X, t, theta, lr, epochs, batch_size):
    """The images left over at the end of an epoch are never used: they make one more, smaller batch."""
    losses = []
    for _ in range(epochs):
        for k in range(len(X) // batch_size):
            batch = slice(k * batch_size, (k + 1) * batch_size)
            loss, gradient = _loss_and_gradient(theta, X[batch], t[batch])
            theta = theta - lr * gradient
            losses.append(loss.item())
    return theta, losses


def whole_set_each_step(X, t, theta, lr, epochs, batch_size):
    """You count the batches, but each step uses the gradient of all images."""
    losses = []
    for _ in range(epochs):
        for _ in range(0, len(X), batch_size):
            loss, gradient = _loss_and_gradient(theta, X, t)
            theta = theta - lr * gradient
            losses.append(loss.item())
    return theta, losses


def first_batch_only(X, t, theta, lr, epochs, batch_size):
    """Every step of yours uses the first batch again; ask where the next one begins."""
    losses = []
    for _ in range(epochs):
        for _ in range(0, len(X), batch_size):
            loss, gradient = _loss_and_gradient(theta, X[:batch_size], t[:batch_size])
            theta = theta - lr * gradient
            losses.append(loss.item())
    return theta, losses


def one_epoch_only(X, t, theta, lr, epochs, batch_size):
    """You go through the images once, however many epochs are asked for."""
    return _descend(X, t, theta, lr, 1, batch_size)


def epoch_missing(X, t, theta, lr, epochs, batch_size):
    """You make one epoch fewer than asked: check where your range begins and ends."""
    return _descend(X, t, theta, lr, epochs - 1, batch_size)


def epoch_too_many(X, t, theta, lr, epochs, batch_size):
    """You make one epoch more than asked: check where your range begins and ends."""
    return _descend(X, t, theta, lr, epochs + 1, batch_size)


def start_updated_in_place(X, t, theta, lr, epochs, batch_size):
    """You change the theta that was given to you; the caller still needs it."""
    losses = []
    for _ in range(epochs):
        for images, labels in _batches(X, t, batch_size):
            loss, gradient = _loss_and_gradient(theta, images, labels)
            theta -= lr * gradient
            losses.append(loss.item())
    return theta, losses


def restarted_each_epoch(X, t, theta, lr, epochs, batch_size):
    """Each epoch of yours begins at the given theta again and forgets what the one before has learned."""
    losses = []
    for _ in range(epochs):
        current = theta
        for images, labels in _batches(X, t, batch_size):
            loss, gradient = _loss_and_gradient(current, images, labels)
            current = current - lr * gradient
            losses.append(loss.item())
    return current, losses


def gradient_at_start_of_epoch(X, t, theta, lr, epochs, batch_size):
    """Your batches all use the theta from the start of the epoch, so the steps don't build on each other."""
    losses = []
    for _ in range(epochs):
        moved = theta
        for images, labels in _batches(X, t, batch_size):
            loss, gradient = _loss_and_gradient(theta, images, labels)
            moved = moved - lr * gradient
            losses.append(loss.item())
        theta = moved
    return theta, losses


def loss_per_epoch(X, t, theta, lr, epochs, batch_size):
    """You return one loss for each epoch; there should be one for each step."""
    kept = []
    for _ in range(epochs):
        losses = []
        for images, labels in _batches(X, t, batch_size):
            loss, gradient = _loss_and_gradient(theta, images, labels)
            theta = theta - lr * gradient
            losses.append(loss.item())
        kept.append(sum(losses) / len(losses))
    return theta, kept


def loss_after_step(X, t, theta, lr, epochs, batch_size):
    """Your losses are taken after the step; they should be those from just before it."""
    losses = []
    for _ in range(epochs):
        for images, labels in _batches(X, t, batch_size):
            theta = theta - lr * _loss_and_gradient(theta, images, labels)[1]
            losses.append(_loss_and_gradient(theta, images, labels)[0].item())
    return theta, losses


def loss_on_everything(X, t, theta, lr, epochs, batch_size):
    """Your losses are those of all images; each should be the loss of the batch that the step uses."""
    losses = []
    for _ in range(epochs):
        for images, labels in _batches(X, t, batch_size):
            losses.append(_loss_and_gradient(theta, X, t)[0].item())
            theta = theta - lr * _loss_and_gradient(theta, images, labels)[1]
    return theta, losses


def divided_twice(X, t, theta, lr, epochs, batch_size):
    """Your steps are too short: the gradient is a mean already, and you divide by the batch again."""
    losses = []
    for _ in range(epochs):
        for images, labels in _batches(X, t, batch_size):
            loss, gradient = _loss_and_gradient(theta, images, labels)
            theta = theta - lr * gradient / len(labels)
            losses.append(loss.item())
    return theta, losses


def divided_by_full_size(X, t, theta, lr, epochs, batch_size):
    """The last, smaller batch is averaged over batch_size images although it has fewer."""
    losses = []
    for _ in range(epochs):
        for images, labels in _batches(X, t, batch_size):
            loss, gradient = _loss_and_gradient(theta, images, labels)
            theta = theta - lr * gradient * len(labels) / batch_size
            losses.append(loss.item())
    return theta, losses


def learning_rate_ignored(X, t, theta, lr, epochs, batch_size):
    """The result doesn't depend on lr: a learning rate is written into your code."""
    return _descend(X, t, theta, 0.01, epochs, batch_size)


def shuffled(X, t, theta, lr, epochs, batch_size):
    """You shuffle the images: often a good idea, but here the batches are to be consecutive."""
    order = torch.randperm(len(X))
    return _descend(X[order], t[order], theta, lr, epochs, batch_size)


def gradients_pile_up(X, t, theta, lr, epochs, batch_size):
    """Your gradients pile up from step to step: clear theta.grad before each call of backward."""
    theta = theta.detach().clone().requires_grad_()
    losses = []
    for _ in range(epochs):
        for images, labels in _batches(X, t, batch_size):
            z = images.flatten(1) @ theta[:-1] + theta[-1]
            loss = F.binary_cross_entropy_with_logits(z, labels)
            loss.backward()
            with torch.no_grad():
                theta -= lr * theta.grad
            losses.append(loss.item())
    return theta.detach(), losses


def results_exchanged(X, t, theta, lr, epochs, batch_size):
    """You return the losses first and theta second; it should be the other way round."""
    theta, losses = _descend(X, t, theta, lr, epochs, batch_size)
    return losses, theta
