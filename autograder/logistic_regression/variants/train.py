"""Correct answers to the exercise on the mini-batch loop, in other styles."""

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def _loss(theta: Tensor, X: Tensor, t: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(X.flatten(1) @ theta[:-1] + theta[-1], t)


def _batches(X: Tensor, t: Tensor, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
    yield from zip(X.split(batch_size), t.split(batch_size), strict=True)


class _Descent:
    """The parameters and the losses so far, moved step by step."""

    def __init__(self, theta: Tensor, lr: float) -> None:
        self.theta, self.lr, self.losses = theta.detach().clone(), lr, []

    def step(self, X: Tensor, t: Tensor) -> None:
        gradient, loss = torch.func.grad_and_value(_loss)(self.theta, X, t)
        self.theta -= self.lr * gradient
        self.losses.append(float(loss))


def in_place_on_a_clone(X, t, theta, lr, epochs, batch_size):
    """Updates a copy of theta in place and returns the losses as a tensor."""
    theta, losses = theta.detach().clone(), []
    for _ in range(epochs):
        for images, labels in _batches(X, t, batch_size):
            gradient, loss = torch.func.grad_and_value(_loss)(theta, images, labels)
            theta.sub_(gradient, alpha=lr)
            losses.append(loss)
    return theta, torch.stack(losses)


def autograd_by_hand(X, t, theta, lr, epochs, batch_size):
    """Uses backward and a fresh leaf for each step."""
    losses = []
    for _ in range(epochs):
        for first in range(0, X.shape[0], batch_size):
            theta = theta.detach().requires_grad_()
            loss = _loss(theta, X[first : first + batch_size], t[first : first + batch_size])
            loss.backward()
            theta = theta - lr * theta.grad
            losses += [loss.item()]
    return theta.detach(), losses


def torch_optimizer(X, t, theta, lr, epochs, batch_size):
    """Lets torch.optim.SGD take the steps and returns a leaf that requires a gradient."""
    theta = nn.Parameter(theta.clone())
    optimizer, losses = torch.optim.SGD([theta], lr=lr), []
    for _ in range(epochs):
        for images, labels in _batches(X, t, batch_size):
            optimizer.zero_grad()
            loss = _loss(theta, images, labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return theta, losses


def data_loader(X, t, theta, lr, epochs, batch_size):
    """Takes its batches from a DataLoader."""
    losses = torch.empty(0)
    for _ in range(epochs):
        for images, labels in DataLoader(TensorDataset(X, t), batch_size=batch_size):
            gradient, loss = torch.func.grad_and_value(_loss)(theta, images, labels)
            theta = theta - lr * gradient
            losses = torch.cat([losses, loss.cpu().reshape(1)])
    return theta, losses


def float64_inside(X, t, theta, lr, epochs, batch_size):
    """Computes and returns float64."""
    descent = _Descent(theta.double(), lr)
    for step in range(epochs * math.ceil(len(X) / batch_size)):
        first = step % math.ceil(len(X) / batch_size) * batch_size
        batch = slice(first, first + batch_size)
        descent.step(X[batch].double(), t[batch].double())
    return descent.theta, descent.losses


def numpy_inside(X, t, theta, lr, epochs, batch_size):
    """Computes with numpy and turns theta back into a tensor."""
    pixels, labels = X.flatten(1).cpu().numpy(), t.cpu().numpy()
    weights, bias, losses = theta[:-1].cpu().numpy().copy(), float(theta[-1]), []
    for _ in range(epochs):
        for first in range(0, len(pixels), batch_size):
            x, y = pixels[first : first + batch_size], labels[first : first + batch_size]
            z = x @ weights + bias
            error = np.exp(-np.logaddexp(0, -z)) - y
            losses.append(float(np.mean(np.logaddexp(0, z) - y * z)))
            weights -= lr * (error @ x) / len(x)
            bias -= lr * error.mean()
    return torch.from_numpy(np.append(weights, bias)).to(theta), losses


def while_loop(X, t, theta, lr, epochs, batch_size):
    """Counts in a while loop and keeps all iterates in a list."""
    path, losses, epoch, first = [theta], [], 0, 0
    while epoch < epochs:
        gradient, loss = torch.func.grad_and_value(_loss)(
            path[-1], X[first : first + batch_size], t[first : first + batch_size]
        )
        path.append(path[-1] - lr * gradient)
        losses.append(loss.item())
        first += batch_size
        if first >= len(X):
            epoch, first = epoch + 1, 0
    return path[-1], losses


def descent_as_class(X, t, theta, lr, epochs, batch_size):
    """Keeps the state in an object and returns a list of two."""
    descent = _Descent(theta, lr)
    for _ in range(epochs):
        for images, labels in _batches(X, t, batch_size):
            descent.step(images, labels)
    return [descent.theta, descent.losses]


def linear_layer(X, t, theta, lr, epochs, batch_size):
    """Trains a torch layer and puts theta together at the end."""
    layer, losses = nn.Linear(784, 1).to(theta), []
    layer.load_state_dict({"weight": theta[:-1][None], "bias": theta[-1:]})
    optimizer = torch.optim.SGD(layer.parameters(), lr)
    for _ in range(epochs):
        for images, labels in zip(torch.split(X, batch_size), torch.split(t, batch_size), strict=True):
            loss = F.binary_cross_entropy_with_logits(layer(images.flatten(1))[:, 0], labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
    return torch.cat([layer.weight.detach()[0], layer.bias.detach()]), torch.stack(losses)


def recursion(X, t, theta, lr, epochs, batch_size):
    """Takes one step, then the rest by calling itself."""

    def descend(theta, batches):
        if not batches:
            return theta, []
        gradient, loss = torch.func.grad_and_value(_loss)(theta, *batches[0])
        last, losses = descend(theta - lr * gradient, batches[1:])
        return last, [loss.item(), *losses]

    return descend(theta, list(_batches(X, t, batch_size)) * epochs)
