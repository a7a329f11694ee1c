"""Forty learning rates, 1,000 epochs each: model by model, and all forty as one batch."""

from __future__ import annotations

from functools import partial

import torch
from timing import Way
from torch import Tensor, nn

from descent import blobs, device

RATES = torch.linspace(0.001, 0.1, 40)
Weights = tuple[Tensor, Tensor, Tensor, Tensor]


def start(models: int) -> Weights:
    """Return the same random weights for all models: (models, 2, 1), (models, 1, 1), and twice (models, 1, 1)."""
    generator = torch.Generator().manual_seed(1)
    hidden, bias, output, offset = (torch.rand(n, generator=generator) - 0.5 for n in (2, 1, 1, 1))
    parts = hidden.reshape(1, 2, 1), bias.reshape(1, 1, 1), output.reshape(1, 1, 1), offset.reshape(1, 1, 1)
    return tuple(part.repeat(models, 1, 1) for part in parts)  # type: ignore[return-value]


def one_by_one(rates: Tensor, epochs: int) -> Tensor:
    """Return the losses (models, epochs) of plain PyTorch training, one model after the other, on the CPU."""
    X, t = blobs()
    losses = []
    for rate in rates.tolist():
        model = nn.Sequential(nn.Linear(2, 1), nn.ReLU(), nn.Linear(1, 1), nn.Sigmoid())
        with torch.no_grad():
            for parameter, value in zip(model.parameters(), start(1), strict=True):
                parameter.copy_(value.reshape(parameter.shape))
        optimizer, loss_of = torch.optim.SGD(model.parameters(), lr=rate), nn.BCELoss()
        history = []
        for _ in range(epochs):
            loss = loss_of(model(X)[:, 0], t)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            history.append(loss.item())
        losses.append(history)
    return torch.tensor(losses)


def batched(rates: Tensor, epochs: int, place: torch.device) -> Tensor:
    """Return the same losses from batched matrix products over all models, computed on `place`."""
    X, t = blobs(device=place)
    X, t, sizes = X[None], t[None, :, None].expand(len(rates), -1, 1), rates.to(place).reshape(-1, 1, 1)
    weights = [part.to(place).requires_grad_() for part in start(len(rates))]
    losses = []
    for _ in range(epochs):
        hidden, bias, output, offset = weights
        chances = torch.sigmoid(torch.relu(X @ hidden + bias) @ output + offset)
        each = nn.functional.binary_cross_entropy(chances, t, reduction="none").mean(dim=(1, 2))
        gradients = torch.autograd.grad(each.sum(), weights)  # the models share nothing, so the sum mixes nothing
        with torch.no_grad():
            for part, gradient in zip(weights, gradients, strict=True):
                part -= sizes * gradient
        losses.append(each.detach())
    return torch.stack(losses, dim=1).cpu()


def ways(epochs: int) -> dict[str, Way]:
    """Return the loop first, then the batch, on the CPU and on the GPU if there is one."""
    places = {"cpu": torch.device("cpu"), device().type: device()}

    def loop() -> str:
        return f"last losses {_described(one_by_one(RATES, epochs))}"

    def batch(place: torch.device) -> str:
        return f"last losses {_described(batched(RATES, epochs, place))}"

    return {"one by one, cpu": loop} | {f"batched, {name}": partial(batch, place) for name, place in places.items()}


def largest_gap(epochs: int) -> float:
    """Return by how much any loss of the batch differs from the loop's."""
    return float((one_by_one(RATES, epochs) - batched(RATES, epochs, device())).abs().max())


def _described(losses: Tensor) -> str:
    return f"{losses[:, -1].min():.4f} to {losses[:, -1].max():.4f}"
