"""Figures of a sweep: what came of many learning rates."""

from __future__ import annotations

import plotly.graph_objects as go
import torch
from plotly.colors import sample_colorscale

from descent.scatter import Numbers, finite
from descent.style import COLOURS, style

SCALE = "Viridis"  # even in lightness, so that it survives colour-blindness and grey print
MOST_EPOCHS = 250  # drawn of each curve; more would only weigh on the notebook


def plot_accuracies(
    rates: Numbers, accuracies: torch.Tensor, title: str = "", xaxis: str = "learning rate"
) -> go.Figure:
    """Return the final accuracy, in percent, of each learning rate, or of another quantity, as a point.

    `rates` is (R,), `accuracies` (R,) or (runs, R), several runs for each rate.
    Raises ValueError if they don't match, are empty or hold NaN or infinities.
    """
    across = finite(rates, "rates")
    runs = torch.as_tensor(accuracies).detach().cpu()
    runs = runs[None] if runs.ndim == 1 else runs
    if runs.ndim != 2 or runs.shape[1] != len(across):
        raise ValueError(f"{len(across)} rates need that many accuracies, not shape {tuple(runs.shape)}.")
    percent = finite(runs.flatten(), "accuracies")
    figure = go.Figure()
    figure.add_scatter(
        x=across * len(runs),
        y=percent,
        mode="markers",
        marker={"color": COLOURS[0], "size": 9 if len(runs) == 1 else 7, "opacity": 0.9 if len(runs) == 1 else 0.5},
        hovertemplate=xaxis + " %{x:.4g}: %{y:.1f} %<extra></extra>",
    )
    style(figure, title or f"Final accuracy by {xaxis}", height=420)
    figure.update_xaxes(title=xaxis, rangemode="tozero")
    figure.update_yaxes(title="final accuracy (percent)", range=[min(40.0, *percent) - 3, 103])
    return figure


def plot_accuracy_map(rates: Numbers, accuracies: torch.Tensor, title: str = "", yaxis: str = "start") -> go.Figure:
    """Return the accuracies, in percent, shape (starts, R), as a map: a row for each start, a column for each rate.

    Starts are numbered from 1 at the top; dark is 40 percent or less, light 100.
    Raises ValueError if the shapes don't match or an accuracy is NaN or infinite.
    """
    across, runs = finite(rates, "rates"), torch.as_tensor(accuracies).detach().cpu()
    if runs.ndim != 2 or runs.shape[1] != len(across):
        raise ValueError(f"{len(across)} rates need accuracies (starts, {len(across)}), not {tuple(runs.shape)}.")
    finite(runs.flatten(), "accuracies")
    figure = go.Figure(
        go.Heatmap(
            x=across,
            y=list(range(1, len(runs) + 1)),
            z=runs.tolist(),
            colorscale=SCALE,
            zmin=40,
            zmax=100,
            xgap=1,
            ygap=3,
            colorbar={"title": {"text": "final accuracy<br>(percent)"}, "thickness": 16},
            hovertemplate=f"{yaxis} %{{y}}, learning rate %{{x:.4f}}: %{{z:.1f}} %<extra></extra>",
        )
    )
    style(figure, title or f"Final accuracy by {yaxis} and learning rate", height=440)
    figure.update_xaxes(title="learning rate", showgrid=False)
    figure.update_yaxes(title=yaxis, dtick=1, autorange="reversed", showgrid=False)
    return figure


def plot_sweep_losses(rates: Numbers, losses: torch.Tensor, title: str = "") -> go.Figure:
    """Return the loss by epoch, from epoch 1 on, as a line for each learning rate, coloured by the rate.

    `rates` is (R,), `losses` (R, epochs); of long runs about 250 epochs are drawn, the first and the last
    included. Raises ValueError if they don't match, are empty or hold NaN or infinities.
    """
    known = finite(rates, "rates")
    curves = torch.as_tensor(losses).detach().cpu()
    if curves.ndim != 2 or len(curves) != len(known):
        raise ValueError(f"{len(known)} rates need losses of shape ({len(known)}, epochs), not {tuple(curves.shape)}.")
    finite(curves.flatten(), "losses")
    low, high = min(known), max(known)
    epochs = curves.shape[1]
    drawn = torch.linspace(0, epochs - 1, min(epochs, MOST_EPOCHS)).round().long()
    figure = go.Figure()
    for rate, curve in zip(known, curves, strict=True):
        (colour,) = sample_colorscale(SCALE, [(rate - low) / (high - low) if high > low else 0.5])
        figure.add_scatter(
            x=(drawn + 1).tolist(),
            y=curve[drawn].tolist(),
            mode="lines",
            line={"color": colour, "width": 1.5},
            name=f"{rate:.4f}",
            hovertemplate=f"learning rate {rate:.4f}, epoch %{{x}}: %{{y:.3f}}<extra></extra>",
        )
    figure.add_scatter(x=[None], y=[None], mode="markers", marker=_scale(low, high), hoverinfo="skip")
    style(figure, title or "Loss by epoch, for each learning rate", height=460)
    figure.update_layout(showlegend=False, xaxis_title="epoch", yaxis_title="loss")
    figure.update_yaxes(rangemode="tozero")
    return figure


def _scale(low: float, high: float) -> dict[str, object]:
    """Return a marker that draws nothing but brings the bar that explains the colours."""
    bar = {"title": {"text": "learning<br>rate"}, "thickness": 16, "tickformat": ".3~f"}
    return {"colorscale": SCALE, "cmin": low, "cmax": high, "color": [low], "showscale": True, "colorbar": bar}
