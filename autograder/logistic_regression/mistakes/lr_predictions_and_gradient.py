"""Common wrong answers to the exercise on the loss and the gradient."""

import torch
from torch import Tensor
from torch.nn import functional as F


def _forward(theta: Tensor, X: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    pixels = X.reshape(len(X), -1)
    z = pixels @ theta[:-1] + theta[-1]
    return pixels, z, torch.sigmoid(z)


def _loss(z: Tensor, t: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(z, t)


def _gradient(pixels: Tensor, error: Tensor) -> Tensor:
    return torch.cat([error @ pixels, error.sum().reshape(1)])


def gradient_summed(theta, X, t):
    """Your gradient is the sum over the images, not the mean."""
    pixels, z, pred = _forward(theta, X)
    return _loss(z, t), _gradient(pixels, pred - t), pred


def loss_summed(theta, X, t):
    """Your loss is the sum over the images; ask whether it should grow when there are more of them."""
    pixels, z, pred = _forward(theta, X)
    return _loss(z, t) * len(t), _gradient(pixels, (pred - t) / len(t)), pred


def bias_ignored(theta, X, t):
    """Your predictions don't change when the last entry of theta does: that entry is the bias."""
    pixels = X.reshape(len(X), -1)
    z = pixels @ theta[:-1]
    pred = torch.sigmoid(z)
    return _loss(z, t), _gradient(pixels, (pred - t) / len(t)), pred


def bias_first(theta, X, t):
    """You take the bias from the front of theta; it is the last entry, and so is its derivative."""
    pixels = X.reshape(len(X), -1)
    z = pixels @ theta[1:] + theta[0]
    pred = torch.sigmoid(z)
    error = (pred - t) / len(t)
    return _loss(z, t), torch.cat([error.sum().reshape(1), error @ pixels]), pred


def bias_without_derivative(theta, X, t):
    """The last entry of your gradient is always zero, yet the loss does change with the bias."""
    pixels, z, pred = _forward(theta, X)
    gradient = (pred - t) @ pixels / len(t)
    return _loss(z, t), torch.cat([gradient, torch.zeros(1, dtype=X.dtype, device=X.device)]), pred


def gradient_too_short(theta, X, t):
    """Your gradient has one entry for each pixel, but theta has one entry more than there are pixels."""
    pixels, z, pred = _forward(theta, X)
    return _loss(z, t), (pred - t) @ pixels / len(t), pred


def sign_flipped(theta, X, t):
    """Your gradient points downhill; a gradient points to where the loss grows."""
    pixels, z, pred = _forward(theta, X)
    return _loss(z, t), _gradient(pixels, (t - pred) / len(t)), pred


def sigmoid_differentiated_twice(theta, X, t):
    """Your gradient has a factor pred * (1 - pred) too many: that is the gradient of a squared error."""
    pixels, z, pred = _forward(theta, X)
    return _loss(z, t), _gradient(pixels, (pred - t) * pred * (1 - pred) / len(t)), pred


def labels_exchanged(theta, X, t):
    """In your loss the two logarithms have changed places: look at which of them a label of 1 should keep."""
    pixels, z, pred = _forward(theta, X)
    return _loss(z, 1 - t), _gradient(pixels, (pred - t) / len(t)), pred


def scores_returned(theta, X, t):
    """Your predictions aren't probabilities: some of them are negative or larger than one."""
    pixels, z, pred = _forward(theta, X)
    return _loss(z, t), _gradient(pixels, (pred - t) / len(t)), z


def predictions_thresholded(theta, X, t):
    """Your predictions are only zeros and ones; return the probabilities themselves and decide later."""
    pixels, z, pred = _forward(theta, X)
    return _loss(z, t), _gradient(pixels, (pred - t) / len(t)), (pred > 0.5).to(X.dtype)


def logarithm_of_zero(theta, X, t):
    """Your loss is nan or infinite when a prediction is exactly 0 or 1: a log of a rounded number."""
    pixels, _, pred = _forward(theta, X)
    loss = -(t * pred.log() + (1 - t) * (1 - pred).log()).mean()
    return loss, _gradient(pixels, (pred - t) / len(t)), pred


def logarithm_patched(theta, X, t):
    """Your loss is too small for confident mistakes: a constant inside the log hides their size."""
    pixels, _, pred = _forward(theta, X)
    loss = -(t * (pred + 1e-9).log() + (1 - t) * (1 - pred + 1e-9).log()).mean()
    return loss, _gradient(pixels, (pred - t) / len(t)), pred


def loss_capped(theta, X, t):
    """Your loss never exceeds 100 an image: some ready-made functions cut it off; start from the score."""
    pixels, _, pred = _forward(theta, X)
    return F.binary_cross_entropy(pred, t), _gradient(pixels, (pred - t) / len(t)), pred


def column_of_predictions(theta, X, t):
    """A column (N,1) minus a row (N,) makes a table (N,N): keep predictions and labels in the same shape."""
    pixels = X.reshape(len(X), -1)
    z = pixels @ theta[:-1].reshape(-1, 1) + theta[-1]
    pred = torch.sigmoid(z)
    # Means over the table, without building it: for 13,007 images it would have 170 million entries.
    share, error = t.mean(), (pred - t.mean()) / len(t)
    loss = -(share * F.logsigmoid(z) + (1 - share) * F.logsigmoid(-z)).mean()
    return loss, torch.cat([(error * pixels).sum(dim=0), error.sum().reshape(1)]), pred


def channel_axis_forgotten(theta, X, t):
    """Your function stops with an error when the images have a channel axis, shape (N,1,28,28)."""
    weights = theta[:-1].reshape(28, 28)
    z = torch.einsum("nij,ij->n", X, weights) + theta[-1]
    pred = torch.sigmoid(z)
    error = (pred - t) / len(t)
    gradient = torch.cat([torch.einsum("n,nij->ij", error, X).flatten(), error.sum().reshape(1)])
    return _loss(z, t), gradient, pred


def single_image_squeezed(theta, X, t):
    """For a single image your prediction loses its axis: its shape should be (1,), not ()."""
    pixels, z, pred = _forward(theta, X)
    return _loss(z, t), _gradient(pixels, (pred - t) / len(t)), pred.squeeze()
