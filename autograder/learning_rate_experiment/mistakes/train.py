"""Common wrong answers to the exercise on training one model."""

import torch
from torch.nn import functional as F


def _scores(theta, X, activation):
    return theta[3] * activation(X @ theta[:2] + theta[2]) + theta[4]


def _accuracy(theta, X, t, activation):
    return 100 * ((_scores(theta, X, activation) > 0) == (t > 0.5)).float().mean().item()


def _descend(X, t, theta, lr, epochs, activation, reduction="mean"):
    losses = []
    for _ in range(epochs):
        leaf = theta.detach().clone().requires_grad_()
        loss = F.binary_cross_entropy_with_logits(_scores(leaf, X, activation), t, reduction=reduction)
        loss.backward()
        theta = (leaf - lr * leaf.grad).detach()
        losses.append(loss.item())
    return losses, _accuracy(theta, X, t, activation), theta


def gradients_pile_up(X, t, theta, lr, epochs, activation=torch.relu):
    """Your gradients pile up from epoch to epoch: clear theta.grad before each call of backward."""
    theta, losses = theta.detach().clone().requires_grad_(), []
    for _ in range(epochs):
        loss = F.binary_cross_entropy_with_logits(_scores(theta, X, activation), t)
        loss.backward()
        with torch.no_grad():
            theta -= lr * theta.grad
        losses.append(loss.item())
    return losses, _accuracy(theta.detach(), X, t, activation), theta.detach()


def uphill(X, t, theta, lr, epochs, activation=torch.relu):
    """Your steps go uphill: the gradient points to where the loss grows."""
    return _descend(X, t, theta, -lr, epochs, activation)


def sum_for_mean(X, t, theta, lr, epochs, activation=torch.relu):
    """Your loss is summed over the points; it should be their mean."""
    return _descend(X, t, theta, lr, epochs, activation, reduction="sum")


def activation_ignored(X, t, theta, lr, epochs, activation=torch.relu):
    """You always use the ReLU, whatever activation is given."""
    return _descend(X, t, theta, lr, epochs, torch.relu)


def activation_forgotten(X, t, theta, lr, epochs, activation=torch.relu):
    """Your hidden unit has no activation: the model is a straight line in disguise."""
    return _descend(X, t, theta, lr, epochs, lambda z: z)


def start_updated_in_place(X, t, theta, lr, epochs, activation=torch.relu):
    """You change the theta that was given to you; the caller still needs it."""
    losses = []
    for _ in range(epochs):
        leaf = theta.detach().clone().requires_grad_()
        loss = F.binary_cross_entropy_with_logits(_scores(leaf, X, activation), t)
        loss.backward()
        theta -= lr * leaf.grad
        losses.append(loss.item())
    return losses, _accuracy(theta, X, t, activation), theta


def accuracy_as_a_fraction(X, t, theta, lr, epochs, activation=torch.relu):
    """Your accuracy lies between 0 and 1; percent are asked for."""
    losses, accuracy, theta = _descend(X, t, theta, lr, epochs, activation)
    return losses, accuracy / 100, theta


def accuracy_before_the_last_step(X, t, theta, lr, epochs, activation=torch.relu):
    """Your accuracy is that from before the last step; take it after."""
    losses, _, end = _descend(X, t, theta, lr, epochs, activation)
    before = _descend(X, t, theta, lr, epochs - 1, activation)[2]
    return losses, _accuracy(before, X, t, activation), end


def mean_agreement_for_accuracy(X, t, theta, lr, epochs, activation=torch.relu):
    """You average how near the probabilities are to the labels; accuracy counts the points on the right side."""
    losses, _, theta = _descend(X, t, theta, lr, epochs, activation)
    p = torch.sigmoid(_scores(theta, X, activation))
    return losses, 100 * (1 - (p - t).abs().mean().item()), theta


def score_against_one_half(X, t, theta, lr, epochs, activation=torch.relu):
    """You compare the score with one half; the probability is one half where the score is 0."""
    losses, _, theta = _descend(X, t, theta, lr, epochs, activation)
    right = (_scores(theta, X, activation) > 0.5) == (t > 0.5)
    return losses, 100 * right.float().mean().item(), theta


def loss_after_the_step(X, t, theta, lr, epochs, activation=torch.relu):
    """Your losses are taken after each step; they should be those from before it."""
    losses, _, _ = _descend(X, t, theta, lr, epochs + 1, activation)
    _, accuracy, end = _descend(X, t, theta, lr, epochs, activation)
    return losses[1:], accuracy, end


def epoch_missing(X, t, theta, lr, epochs, activation=torch.relu):
    """You make one epoch fewer than asked: check where your range begins and ends."""
    return _descend(X, t, theta, lr, epochs - 1, activation)


def last_loss_only(X, t, theta, lr, epochs, activation=torch.relu):
    """You return the last loss; there should be one for every epoch."""
    losses, accuracy, theta = _descend(X, t, theta, lr, epochs, activation)
    return losses[-1:], accuracy, theta


def output_weights_stay(X, t, theta, lr, epochs, activation=torch.relu):
    """Only the numbers inside the unit move; all five have a gradient."""
    losses = []
    for _ in range(epochs):
        leaf = theta.detach().clone().requires_grad_()
        loss = F.binary_cross_entropy_with_logits(_scores(leaf, X, activation), t)
        loss.backward()
        theta = torch.cat([theta[:3] - lr * leaf.grad[:3], theta[3:]])
        losses.append(loss.item())
    return losses, _accuracy(theta, X, t, activation), theta


def sigmoid_twice(X, t, theta, lr, epochs, activation=torch.relu):
    """You pass probabilities to a loss that takes scores: the sigmoid is applied twice."""
    losses = []
    for _ in range(epochs):
        leaf = theta.detach().clone().requires_grad_()
        loss = F.binary_cross_entropy_with_logits(torch.sigmoid(_scores(leaf, X, activation)), t)
        loss.backward()
        theta = (leaf - lr * leaf.grad).detach()
        losses.append(loss.item())
    return losses, _accuracy(theta, X, t, activation), theta


def learning_rate_ignored(X, t, theta, lr, epochs, activation=torch.relu):
    """The result doesn't depend on lr: a learning rate is written into your code."""
    return _descend(X, t, theta, 0.01, epochs, activation)
