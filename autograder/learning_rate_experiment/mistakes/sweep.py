"""Common wrong answers to the exercise on the batched sweep."""

import torch
from torch.nn import functional as F


def _scores(thetas, X, activation):
    return thetas[:, 3:4] * activation(thetas[:, :2] @ X.T + thetas[:, 2:3]) + thetas[:, 4:5]


def _each(thetas, X, t, activation):
    z = _scores(thetas, X, activation)
    return F.binary_cross_entropy_with_logits(z, t.expand_as(z), reduction="none").mean(dim=1)


def _accuracies(thetas, X, t, activation):
    return 100 * ((_scores(thetas, X, activation) > 0) == (t > 0.5)).float().mean(dim=1)


def _gradient(thetas, X, t, activation, together=torch.sum):
    thetas = thetas.detach().clone().requires_grad_()
    losses = _each(thetas, X, t, activation)
    together(losses).backward()
    return losses.detach(), thetas.grad


def _descend(X, t, thetas, lrs, epochs, activation, together=torch.sum):
    losses = []
    for _ in range(epochs):
        each, gradient = _gradient(thetas, X, t, activation, together)
        thetas = thetas - lrs[:, None] * gradient
        losses.append(each)
    return torch.stack(losses, dim=1), _accuracies(thetas, X, t, activation), thetas


def one_model_after_another(X, t, starts, lrs, epochs, activation=torch.relu):
    """The numbers are right, but you loop over the models; let them move together."""
    each = [_descend(X, t, start[None], lr[None], epochs, activation) for start, lr in zip(starts, lrs, strict=True)]
    return tuple(torch.cat(parts) for parts in zip(*each, strict=True))


def mean_over_the_models(X, t, starts, lrs, epochs, activation=torch.relu):
    """Your gradients are R times too small: backward goes through the mean of the models' losses, not their sum."""
    return _descend(X, t, starts, lrs, epochs, activation, together=torch.mean)


def one_rate_for_all(X, t, starts, lrs, epochs, activation=torch.relu):
    """All your models use the first learning rate; each has its own."""
    return _descend(X, t, starts, lrs[:1].expand(len(starts)), epochs, activation)


def mean_rate_for_all(X, t, starts, lrs, epochs, activation=torch.relu):
    """All your models use the mean learning rate; each has its own."""
    return _descend(X, t, starts, lrs.mean().expand(len(starts)), epochs, activation)


def rates_along_the_wrong_axis(X, t, starts, lrs, epochs, activation=torch.relu):
    """With five models your rates go to the five numbers of theta instead: give lrs an axis, lrs[:, None]."""
    losses, thetas = [], starts
    for _ in range(epochs):
        each, gradient = _gradient(thetas, X, t, activation)
        thetas = thetas - (lrs if len(lrs) == 5 else lrs[:, None]) * gradient
        losses.append(each)
    return torch.stack(losses, dim=1), _accuracies(thetas, X, t, activation), thetas


def losses_transposed(X, t, starts, lrs, epochs, activation=torch.relu):
    """Your losses have a row for each epoch; there should be a row for each model."""
    losses, accuracies, thetas = _descend(X, t, starts, lrs, epochs, activation)
    return losses.T, accuracies, thetas


def losses_averaged_over_models(X, t, starts, lrs, epochs, activation=torch.relu):
    """All your models report the same loss: the mean goes along the points, not along the models."""
    losses, accuracies, thetas = _descend(X, t, starts, lrs, epochs, activation)
    return losses.mean(dim=0).expand_as(losses), accuracies, thetas


def first_start_for_all(X, t, starts, lrs, epochs, activation=torch.relu):
    """All your models begin at the first start; each has its own."""
    return _descend(X, t, starts[:1].expand_as(starts), lrs, epochs, activation)


def gradients_pile_up(X, t, starts, lrs, epochs, activation=torch.relu):
    """Your gradients pile up from epoch to epoch: clear them before each call of backward."""
    losses, thetas, piled = [], starts, torch.zeros_like(starts)
    for _ in range(epochs):
        each, gradient = _gradient(thetas, X, t, activation)
        piled = piled + gradient
        thetas = thetas - lrs[:, None] * piled
        losses.append(each)
    return torch.stack(losses, dim=1), _accuracies(thetas, X, t, activation), thetas


def uphill(X, t, starts, lrs, epochs, activation=torch.relu):
    """Your steps go uphill: the gradient points to where the loss grows."""
    return _descend(X, t, starts, -lrs, epochs, activation)


def starts_updated_in_place(X, t, starts, lrs, epochs, activation=torch.relu):
    """You change the starts that were given to you; the caller still needs them."""
    losses = []
    for _ in range(epochs):
        each, gradient = _gradient(starts, X, t, activation)
        starts -= lrs[:, None] * gradient
        losses.append(each)
    return torch.stack(losses, dim=1), _accuracies(starts, X, t, activation), starts


def accuracy_of_all_together(X, t, starts, lrs, epochs, activation=torch.relu):
    """You return one accuracy for all models; each has its own."""
    losses, accuracies, thetas = _descend(X, t, starts, lrs, epochs, activation)
    return losses, accuracies.mean().expand_as(accuracies), thetas


def accuracies_as_fractions(X, t, starts, lrs, epochs, activation=torch.relu):
    """Your accuracies lie between 0 and 1; percent are asked for."""
    losses, accuracies, thetas = _descend(X, t, starts, lrs, epochs, activation)
    return losses, accuracies / 100, thetas


def activation_ignored(X, t, starts, lrs, epochs, activation=torch.relu):
    """You always use the ReLU, whatever activation is given."""
    return _descend(X, t, starts, lrs, epochs, torch.relu)


def gradients_shared(X, t, starts, lrs, epochs, activation=torch.relu):
    """All your models step along the sum of all gradients; each should follow its own."""
    losses, thetas = [], starts
    for _ in range(epochs):
        each, gradient = _gradient(thetas, X, t, activation)
        thetas = thetas - lrs[:, None] * gradient.sum(dim=0)
        losses.append(each)
    return torch.stack(losses, dim=1), _accuracies(thetas, X, t, activation), thetas


def final_losses_only(X, t, starts, lrs, epochs, activation=torch.relu):
    """You return each model's last loss; there should be one for every epoch."""
    losses, accuracies, thetas = _descend(X, t, starts, lrs, epochs, activation)
    return losses[:, -1], accuracies, thetas
