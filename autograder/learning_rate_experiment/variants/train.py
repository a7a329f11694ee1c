"""Correct answers to the exercise on training one model, in other styles."""

import torch
from torch import nn
from torch.nn import functional as F


class _Network(nn.Module):
    """The five numbers as the parameters of two linear layers."""

    def __init__(self, theta, activation):
        super().__init__()
        self.inner, self.outer, self.activation = nn.Linear(2, 1).to(theta), nn.Linear(1, 1).to(theta), activation
        with torch.no_grad():
            self.inner.weight.copy_(theta[None, :2])
            self.inner.bias.copy_(theta[2:3])
            self.outer.weight.copy_(theta[None, 3:4])
            self.outer.bias.copy_(theta[4:5])

    def forward(self, X):
        return self.outer(self.activation(self.inner(X))).squeeze(1)

    def theta(self):
        return torch.cat([parameter.detach().flatten() for parameter in self.parameters()])


def _scores(theta, X, activation):
    return theta[3] * activation(X @ theta[:2] + theta[2]) + theta[4]


def module_and_optimizer(X, t, theta, lr, epochs, activation=torch.relu):
    """Builds the network from torch's layers and lets torch.optim.SGD take the steps."""
    network = _Network(theta, activation)
    optimizer, losses = torch.optim.SGD(network.parameters(), lr=lr), []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = nn.BCEWithLogitsLoss()(network(X), t)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        predicted = network(X) > 0
    return losses, 100 * (predicted == t.bool()).float().mean().item(), network.theta()


def fresh_leaf_each_epoch(X, t, theta, lr, epochs, activation=torch.relu):
    """Starts each epoch with a new leaf and returns tensors."""
    losses = torch.zeros(epochs)
    for epoch in range(epochs):
        leaf = theta.detach().clone().requires_grad_()
        loss = F.binary_cross_entropy_with_logits(_scores(leaf, X, activation), t)
        loss.backward()
        theta = leaf.detach() - lr * leaf.grad
        losses[epoch] = loss.detach()
    right = torch.sigmoid(_scores(theta, X, activation)).round() == t
    return losses, 100 * right.float().mean(), theta


def float64_inside(X, t, theta, lr, epochs, activation=torch.relu):
    """Computes and returns float64."""
    X, t, theta, losses = X.double(), t.double(), theta.detach().double(), []
    for _ in range(epochs):
        leaf = theta.requires_grad_()
        loss = F.binary_cross_entropy_with_logits(_scores(leaf, X, activation), t)
        (gradient,) = torch.autograd.grad(loss, leaf)
        theta = leaf.detach() - lr * gradient
        losses.append(loss.detach())
    right = (_scores(theta, X, activation) > 0) == (t > 0.5)
    return torch.stack(losses), right.double().mean() * 100, theta


def functional_gradient(X, t, theta, lr, epochs, activation=torch.relu):
    """Asks torch.func for gradient and value in one go."""

    def loss_of(theta):
        return F.binary_cross_entropy_with_logits(_scores(theta, X, activation), t)

    both, losses, theta = torch.func.grad_and_value(loss_of), [], theta.detach()
    for _ in range(epochs):
        gradient, loss = both(theta)
        theta = theta - lr * gradient
        losses += [float(loss)]
    right = ((_scores(theta, X, activation) > 0).float() == t).sum()
    return losses, 100.0 * float(right) / len(t), theta


def chain_rule_outside(X, t, theta, lr, epochs, activation=torch.relu):
    """Works the gradient out by hand; only the activation's slope comes from autograd."""
    theta, losses = theta.detach().clone(), []
    for _ in range(epochs):
        z = (X @ theta[:2] + theta[2]).requires_grad_()
        hidden = activation(z)
        (slope,) = torch.autograd.grad(hidden.sum(), z)
        hidden = hidden.detach()
        score = theta[3] * hidden + theta[4]
        losses.append((F.softplus(score) - t * score).mean().item())
        error = (torch.sigmoid(score) - t) / len(t)
        back = error * theta[3] * slope
        gradient = torch.stack([*(back @ X), back.sum(), error @ hidden, error.sum()])
        theta = theta - lr * gradient
    right = (_scores(theta, X, activation) > 0) == (t > 0.5)
    return [losses, 100 * right.float().mean().item(), theta]


def probabilities_and_logarithms(X, t, theta, lr, epochs, activation=torch.relu):
    """Uses the sigmoid and a loss that takes probabilities."""
    theta, losses = theta.detach().clone(), []
    for _ in range(epochs):
        theta.requires_grad_(True)
        p = torch.sigmoid(_scores(theta, X, activation))
        loss = F.binary_cross_entropy(p, t)
        (gradient,) = torch.autograd.grad(loss, theta)
        theta = (theta - lr * gradient).detach()
        losses.append(loss.item())
    p = torch.sigmoid(_scores(theta, X, activation))
    return losses, 100 * (p > 0.5).eq(t > 0.5).float().mean().item(), theta


def a_sweep_over_one_model(X, t, theta, lr, epochs, activation=torch.relu):
    """Writes it for a batch of one model and takes that one out."""
    thetas, losses = theta.detach()[None], []
    for _ in range(epochs):
        thetas = thetas.detach().requires_grad_()
        z = thetas[:, 3:4] * activation(thetas[:, :2] @ X.T + thetas[:, 2:3]) + thetas[:, 4:5]
        loss = F.binary_cross_entropy_with_logits(z, t[None])
        (gradient,) = torch.autograd.grad(loss, thetas)
        thetas = thetas.detach() - lr * gradient
        losses.append(loss.item())
    theta = thetas[0]
    right = (_scores(theta, X, activation) > 0) == (t > 0.5)
    return losses, 100 * right.float().mean().item(), theta
