"""Correct answers to the exercise on the loss and the gradient, in other styles."""

from collections import namedtuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

_Result = namedtuple("_Result", "loss dtheta pred")


class _Logistic:
    """A model as a class: its parameters inside, called with images and labels."""

    def __init__(self, theta: Tensor) -> None:
        self.weights, self.bias = theta[:-1], theta[-1]

    def __call__(self, X: Tensor, t: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        pixels = X.flatten(start_dim=1)
        z = pixels @ self.weights + self.bias
        pred = z.sigmoid()
        gradient = ((pred - t)[:, None] * pixels).mean(dim=0)
        return F.binary_cross_entropy_with_logits(z, t), torch.hstack([gradient, (pred - t).mean()]), pred


def float64_inside(theta, X, t):
    """Computes and returns float64."""
    theta, pixels, t = theta.double(), X.flatten(1).double(), t.double()
    z = pixels @ theta[:-1] + theta[-1]
    pred = torch.sigmoid(z)
    loss = -torch.where(t > 0.5, F.logsigmoid(z), F.logsigmoid(-z)).mean()
    return loss, torch.cat([pixels.T @ (pred - t), (pred - t).sum()[None]]) / len(t), pred


def autograd(theta, X, t):
    """Lets autograd differentiate a ready-made loss."""
    theta = theta.detach().clone().requires_grad_()
    z = X.flatten(1) @ theta[:-1] + theta[-1]
    loss = F.binary_cross_entropy_with_logits(z, t)
    loss.backward()
    return loss.detach(), theta.grad, torch.sigmoid(z).detach()


def signs_instead_of_labels(theta, X, t):
    """Turns the labels into signs and differentiates a softplus of the signed score."""
    theta = theta.detach().clone().requires_grad_()
    z = F.linear(X.flatten(1), theta[None, :-1], theta[-1:]).squeeze(1)
    loss = F.softplus((1 - 2 * t) * z).mean()
    (gradient,) = torch.autograd.grad(loss, theta)
    return loss.detach(), gradient, torch.sigmoid(z).detach()


def column_of_ones(theta, X, t):
    """Appends a column of ones for the bias, so that one product gives the whole gradient."""
    pixels = torch.cat([X.reshape(len(X), -1), X.new_ones(len(X), 1)], dim=1)
    z = pixels.mv(theta)
    pred = 1 / (1 + torch.exp(-z))
    return (F.softplus(z) - t * z).mean(), pixels.T.mv(pred - t) / len(t), pred


def einsum(theta, X, t):
    """Works on the square images with einsum."""
    images = X.reshape(-1, 28, 28)
    z = torch.einsum("nij,ij->n", images, theta[:-1].reshape(28, 28)) + theta[-1]
    pred = torch.sigmoid(z)
    error = (pred - t) / len(t)
    gradient = torch.einsum("n,nij->ij", error, images).flatten()
    return (
        torch.logaddexp(torch.zeros_like(z), z).mean() - (t * z).mean(),
        torch.cat([gradient, error.sum().reshape(1)]),
        pred,
    )


def numpy_inside(theta, X, t):
    """Computes with numpy and turns the results back into tensors."""
    parameters, labels = theta.detach().cpu().numpy(), t.detach().cpu().numpy()
    pixels = X.detach().cpu().numpy().reshape(len(X), -1)
    z = pixels @ parameters[:-1] + parameters[-1]
    pred = np.exp(-np.logaddexp(0, -z))
    gradient = np.append((pred - labels) @ pixels, (pred - labels).sum()) / len(labels)
    loss = np.mean(np.logaddexp(0, z) - labels * z)
    return float(loss), torch.from_numpy(gradient).to(theta), torch.from_numpy(pred).to(theta)


def number_as_loss(theta, X, t):
    """Returns the loss as a plain number, and the results as a list."""
    pixels = X.view(X.shape[0], 784)
    z = (pixels * theta[:784]).sum(dim=1) + theta[784]
    pred = torch.special.expit(z)
    error = (pred - t).unsqueeze(1)
    gradient = torch.empty_like(theta)
    gradient[:784], gradient[784] = (error * pixels).mean(dim=0), error.mean()
    return [F.binary_cross_entropy_with_logits(z, t).item(), gradient, pred]


def two_classes(theta, X, t):
    """Treats it as a softmax over two classes, the score of seven being zero."""
    pixels = X.flatten(1)
    z = pixels @ theta[:-1] + theta[-1]
    logits = torch.stack([torch.zeros_like(z), z], dim=1)
    pred = logits.softmax(dim=1)[:, 1]
    error = (pred - t) / len(t)
    return _Result(F.cross_entropy(logits, t.long()), torch.cat([error @ pixels, error.sum()[None]]), pred)


def in_place_on_own_copies(theta, X, t):
    """Updates its own tensors in place; the arguments stay as they are."""
    pixels = X.flatten(1)
    z = torch.mv(pixels, theta[:-1]).add_(theta[-1])
    losses = z.clone().clamp_(min=0).sub_(z * t).add_(torch.exp(-z.abs()).log1p_())
    pred = z.sigmoid_()
    error = pred.clone().sub_(t).div_(len(t))
    gradient = torch.zeros_like(theta)
    gradient[:-1] += error @ pixels
    gradient[-1] += error.sum()
    return losses.mean(), gradient, pred


def model_as_class(theta, X, t):
    """Keeps the parameters in an object that is called."""
    return _Logistic(theta)(X, t)


def linear_layer(theta, X, t):
    """Copies theta into a torch layer and reads its gradients."""
    layer = nn.Linear(784, 1, device=theta.device, dtype=theta.dtype)
    with torch.no_grad():
        layer.weight.copy_(theta[:-1][None])
        layer.bias.copy_(theta[-1:])
    z = layer(X.flatten(1)).squeeze(1)
    loss = nn.BCEWithLogitsLoss()(z, t)
    loss.backward()
    return loss.detach(), torch.cat([layer.weight.grad[0], layer.bias.grad]), z.detach().sigmoid()


def functional_gradient(theta, X, t):
    """Asks torch.func for value and gradient in one go."""

    def loss(theta):
        z = X.flatten(1) @ theta[:-1] + theta[-1]
        return F.binary_cross_entropy_with_logits(z, t), torch.sigmoid(z)

    gradient, (value, pred) = torch.func.grad_and_value(loss, has_aux=True)(theta)
    return value, gradient, pred
