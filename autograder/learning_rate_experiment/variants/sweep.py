"""Correct answers to the exercise on the batched sweep, in other styles."""

import torch
from torch.nn import functional as F


def _scores_of_one(theta, X, activation):
    return theta[3] * activation(X @ theta[:2] + theta[2]) + theta[4]


class _Population:
    """All models as one object with a method for an epoch."""

    def __init__(self, starts, lrs, activation):
        self.inner, self.offset, self.factor, self.shift = (
            part.detach().clone() for part in starts.split([2, 1, 1, 1], dim=1)
        )
        self.lrs, self.activation = lrs[:, None], activation

    def scores(self, X):
        return torch.addcmul(self.shift, self.factor, self.activation(torch.addmm(self.offset, self.inner, X.T)))

    def epoch(self, X, t):
        parts = [self.inner, self.offset, self.factor, self.shift]
        for part in parts:
            part.requires_grad_(True)
        z = self.scores(X)
        losses = (F.softplus(z) - t * z).mean(dim=1)
        gradients = torch.autograd.grad(losses.sum(), parts)
        for part, gradient in zip(parts, gradients, strict=True):
            part.requires_grad_(False)
            part -= self.lrs * gradient
        return losses.detach()


def vmap_of_gradient(X, t, starts, lrs, epochs, activation=torch.relu):
    """Maps torch.func's gradient of one model over all of them."""

    def loss_of(theta):
        return F.binary_cross_entropy_with_logits(_scores_of_one(theta, X, activation), t)

    step, thetas, losses = torch.func.vmap(torch.func.grad_and_value(loss_of)), starts.detach(), []
    for _ in range(epochs):
        gradients, each = step(thetas)
        thetas = thetas - lrs.unsqueeze(1) * gradients
        losses.append(each)
    scores = torch.func.vmap(lambda theta: _scores_of_one(theta, X, activation))(thetas)
    return torch.stack(losses, 1), 100 * ((scores > 0) == (t > 0.5)).float().mean(1), thetas


def backward_on_a_leaf(X, t, starts, lrs, epochs, activation=torch.relu):
    """Keeps one leaf, clears its gradient, and fills a tensor of losses."""
    thetas = starts.detach().clone().requires_grad_()
    losses = torch.zeros(len(starts), epochs, device=X.device)
    for epoch in range(epochs):
        thetas.grad = None
        z = thetas[:, 3, None] * activation(thetas[:, :2] @ X.mT + thetas[:, 2, None]) + thetas[:, 4, None]
        each = F.binary_cross_entropy_with_logits(z, t.repeat(len(starts), 1), reduction="none").mean(-1)
        each.sum().backward()
        with torch.no_grad():
            thetas -= lrs[:, None] * thetas.grad
        losses[:, epoch] = each.detach()
    with torch.no_grad():
        z = thetas[:, 3, None] * activation(thetas[:, :2] @ X.mT + thetas[:, 2, None]) + thetas[:, 4, None]
        accuracies = 100 * (z.sigmoid() > 0.5).eq(t.bool()).float().mean(-1)
    return losses, accuracies, thetas.detach()


def points_first(X, t, starts, lrs, epochs, activation=torch.relu):
    """Has the models along the second axis and turns the losses round at the end."""
    columns, losses = starts.detach().T, []
    for _ in range(epochs):
        columns = columns.detach().requires_grad_()
        z = columns[3] * activation(X @ columns[:2] + columns[2]) + columns[4]
        each = (F.softplus(z) - t[:, None] * z).mean(0)
        (gradient,) = torch.autograd.grad(each, columns, torch.ones_like(each))
        columns = columns.detach() - lrs * gradient
        losses.append(each.detach())
    z = columns[3] * activation(X @ columns[:2] + columns[2]) + columns[4]
    return torch.stack(losses).T, 100 * ((z > 0) == (t[:, None] > 0.5)).float().mean(0), columns.T.contiguous()


def batched_products(X, t, starts, lrs, epochs, activation=torch.relu):
    """Uses batched matrix products, as for larger networks."""
    thetas, losses, labels = starts.detach(), [], t.expand(len(starts), -1)
    batch = X.expand(len(starts), -1, -1)

    def scores(thetas):
        hidden = activation(torch.baddbmm(thetas[:, None, 2:3], batch, thetas[:, :2, None]))
        return torch.baddbmm(thetas[:, None, 4:5], hidden, thetas[:, 3:4, None]).squeeze(2)

    for _ in range(epochs):
        leaf = thetas.requires_grad_()
        each = F.binary_cross_entropy_with_logits(scores(leaf), labels, reduction="none").mean(dim=1)
        gradient = torch.autograd.grad(each.sum(), leaf)[0]
        thetas = leaf.detach() - torch.diag(lrs) @ gradient
        losses.append(each.detach())
    right = scores(thetas).gt(0) == labels.gt(0.5)
    return torch.stack(losses, dim=-1), right.float().mean(dim=1).mul(100), thetas


def float64_inside(X, t, starts, lrs, epochs, activation=torch.relu):
    """Computes and returns float64."""
    X, t, thetas, lrs, losses = X.double(), t.double(), starts.detach().double(), lrs.double(), []
    for _ in range(epochs):
        leaf = thetas.requires_grad_()
        z = leaf[:, 3:4] * activation(torch.einsum("rk,nk->rn", leaf[:, :2], X) + leaf[:, 2:3]) + leaf[:, 4:]
        each = (torch.logaddexp(torch.zeros_like(z), z) - t * z).mean(dim=1)
        (gradient,) = torch.autograd.grad(each.sum(), leaf)
        thetas = leaf.detach() - lrs[:, None] * gradient
        losses.append(each.detach())
    z = thetas[:, 3:4] * activation(torch.einsum("rk,nk->rn", thetas[:, :2], X) + thetas[:, 2:3]) + thetas[:, 4:]
    return torch.stack(losses, dim=1), 100 * ((z > 0) == (t > 0.5)).double().mean(dim=1), thetas


def chain_rule_outside(X, t, starts, lrs, epochs, activation=torch.relu):
    """Works the gradient out by hand; only the activation's slope comes from autograd."""
    thetas, losses = starts.detach().clone(), []
    for _ in range(epochs):
        z = (thetas[:, :2] @ X.T + thetas[:, 2:3]).requires_grad_()
        hidden = activation(z)
        (slope,) = torch.autograd.grad(hidden.sum(), z)
        hidden = hidden.detach()
        score = thetas[:, 3:4] * hidden + thetas[:, 4:5]
        losses.append((F.softplus(score) - t * score).mean(dim=1))
        error = (torch.sigmoid(score) - t) / len(t)
        back = error * thetas[:, 3:4] * slope
        gradient = torch.column_stack([back @ X, back.sum(1), (error * hidden).sum(1), error.sum(1)])
        thetas = thetas - lrs[:, None] * gradient
    score = thetas[:, 3:4] * activation(thetas[:, :2] @ X.T + thetas[:, 2:3]) + thetas[:, 4:5]
    return [torch.stack(losses, dim=1), 100 * ((score > 0) == (t > 0.5)).float().mean(dim=1), thetas]


def population_as_class(X, t, starts, lrs, epochs, activation=torch.relu):
    """Keeps all models in an object and updates them in place."""
    population = _Population(starts, lrs, activation)
    losses = torch.stack([population.epoch(X, t) for _ in range(epochs)], dim=1)
    right = (population.scores(X) > 0) == (t > 0.5)
    thetas = torch.cat([population.inner, population.offset, population.factor, population.shift], dim=1)
    return losses, 100 * right.float().mean(dim=1), thetas
