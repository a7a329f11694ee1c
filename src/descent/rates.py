"""Figures of a hunt for a learning rate: the loss by rate, and a long run's smoothed loss by step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch
from plotly.subplots import make_subplots

from descent.style import COLOURS, INK, style

Numbers = torch.Tensor | Sequence[float]

LEGEND = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"}  # above the figure


def plot_loss_by_rate(
    rates: Numbers, losses: Numbers, smoothed: Numbers | None = None, picked: float | None = None, title: str = ""
) -> go.Figure:
    """Return the losses (N,) twice: on the left by the rates (N,), on the right by their exponents, log10(rate).

    A dot is the loss of one step, the line is `smoothed` (N,), and a dashed line stands at the rate `picked`.
    Raises ValueError if there isn't one loss for each rate, or a rate isn't above 0.
    """
    by_rate, heights = _floats(rates), _floats(losses)
    if len(by_rate) != len(heights):
        raise ValueError(f"{len(by_rate)} rates need {len(by_rate)} losses, not {len(heights)}.")
    if not all(rate > 0 for rate in by_rate):
        raise ValueError("Rates have to be above 0: there is no logarithm of the others.")
    exponents = [math.log10(rate) for rate in by_rate]
    figure = make_subplots(1, 2, shared_yaxes=True, horizontal_spacing=0.04)
    for column, places in ((1, by_rate), (2, exponents)):
        dots = {"color": COLOURS[5], "size": 4}
        figure.add_scatter(x=places, y=heights, mode="markers", marker=dots, name="one step", row=1, col=column)
        if smoothed is not None:
            line = {"color": COLOURS[0], "width": 3}
            figure.add_scatter(
                x=places, y=_floats(smoothed), mode="lines", line=line, name="smoothed", row=1, col=column
            )
    if picked is not None:
        for column, place, note in ((1, picked, f"{picked:.3g}"), (2, math.log10(picked), f"{math.log10(picked):.2f}")):
            _mark(figure, place, note, column)
    style(figure, title or "Loss by learning rate", height=430)
    figure.for_each_trace(lambda trace: trace.update(showlegend=False), selector={"xaxis": "x2"})
    figure.update_layout(legend=LEGEND)
    figure.update_xaxes(title="learning rate", row=1, col=1)
    figure.update_xaxes(title="exponent, log10(learning rate)", row=1, col=2)
    figure.update_yaxes(title="loss", rangemode="tozero", row=1, col=1)
    return figure


def plot_smoothed_losses(
    curves: Mapping[str, Numbers], window: int, drop: int | None = None, title: str = ""
) -> go.Figure:
    """Return a line for each named curve of mean log10 losses, one mean for each `window` steps.

    A mean stands at the last step of its window; a dashed line stands at step `drop`, where the learning rate
    changes. A curve may begin with NaN where it has nothing to show.
    """
    figure = go.Figure()
    for number, (name, means) in enumerate(curves.items()):
        heights = _floats(means)
        figure.add_scatter(
            x=[window * (k + 1) for k in range(len(heights))],
            y=heights,
            name=name,
            mode="lines+markers",
            line={"color": COLOURS[number % len(COLOURS)], "width": 2, "dash": ("solid", "dash", "dot")[number % 3]},
            marker={"symbol": ("circle", "diamond", "square")[number % 3], "size": 8},
            hovertemplate="step %{x:,}: %{y:.4f}",
        )
    if drop is not None:
        _mark(figure, drop, "the rate drops", None)
    style(figure, title or f"Loss, averaged over windows of {window:,} steps", height=430)
    figure.update_layout(showlegend=True, legend=LEGEND)
    figure.update_xaxes(title="step", tickformat=",", rangemode="tozero")
    figure.update_yaxes(title="mean of log10(loss)")
    return figure


def _mark(figure: go.Figure, place: float, note: str, column: int | None) -> None:
    """Draw a dashed vertical line with a note at its top, to the right of it."""
    figure.add_vline(
        place,
        line={"color": INK, "width": 1.5, "dash": "dash"},
        annotation={"text": note, "font": {"color": INK}, "bgcolor": "rgba(255,255,255,0.8)"},
        annotation_position="top right",
        **({} if column is None else {"row": 1, "col": column}),
    )


def _floats(values: Numbers) -> list[float]:
    return [float(value) for value in values]
