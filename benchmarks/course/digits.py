"""Nine epochs of logistic regression on 13,007 ones and sevens: PyTorch, NumPy, scikit-learn."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from notebook import solution
from sklearn.linear_model import SGDClassifier
from timing import Way

from descent import device, ones_and_sevens

EPOCHS, RATE, BATCH = 9, 0.01, 500
CPU = torch.device("cpu")


def in_torch(place: torch.device) -> str:
    """Train with the course's own solution, on `place`."""
    train = solution("logistic-regression", "lr_predictions_and_gradient", "train")["train"]
    theta, _ = train(*_data(True, place), torch.zeros(785, device=place), RATE, EPOCHS, BATCH)
    return _accuracy(theta.cpu().numpy())


def in_numpy() -> str:
    """Train with the same steps in plain NumPy."""
    X, t = (part.numpy() for part in _data(True, CPU))
    X, weights, bias = X.reshape(len(X), -1), np.zeros(784, np.float32), 0.0
    for _ in range(EPOCHS):
        for first in range(0, len(X), BATCH):
            x, y = X[first : first + BATCH], t[first : first + BATCH]
            z = x @ weights + bias
            np.logaddexp(0, z)  # the loss, which the others compute as well
            error = (0.5 * (1 + np.tanh(z / 2)) - y) / len(x)
            weights, bias = weights - RATE * (error @ x), bias - RATE * float(error.sum())
    return _accuracy(np.append(weights, bias))


def in_sklearn() -> str:
    """Train scikit-learn's SGDClassifier, which takes a step for each image and not for each 500."""
    X, t = (part.numpy() for part in _data(True, CPU))
    model = SGDClassifier(
        loss="log_loss",
        penalty=None,
        learning_rate="constant",
        eta0=RATE / BATCH,
        max_iter=EPOCHS,
        tol=None,
        shuffle=False,
    )
    model.fit(X.reshape(len(X), -1), t)
    return _accuracy(np.append(model.coef_[0], model.intercept_))


def ways() -> dict[str, Way]:
    """Return all ways, scikit-learn's first."""
    places = {"cpu": CPU, device().type: device()}
    return {
        "scikit-learn SGDClassifier, cpu": in_sklearn,
        "NumPy, batches of 500, cpu": in_numpy,
        **{f"the solution, batches of 500, {name}": partial(in_torch, place) for name, place in places.items()},
    }


_kept: dict[tuple[bool, str], tuple[torch.Tensor, torch.Tensor]] = {}


def _data(is_training: bool, place: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the digits, read once: reading them isn't what is timed."""
    key = is_training, place.type
    if key not in _kept:
        _kept[key] = ones_and_sevens(is_training, place)
    return _kept[key]


def _accuracy(theta: np.ndarray) -> str:
    X, t = (part.numpy() for part in _data(False, CPU))
    right = ((X.reshape(len(X), -1) @ theta[:-1] + theta[-1] > 0) == (t > 0.5)).mean()
    return f"test accuracy {100 * right:.1f} %"
