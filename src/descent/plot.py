"""Figures of the course: each function returns a plotly figure and shows nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go
import torch

from descent.style import COLOURS, DIVERGING, style

SIDE = 28  # pixels along each side of an MNIST image


def plot_losses(
    curves: dict[str, Sequence[float]],
    title: str = "",
    yaxis: str = "loss",
    log: bool = False,
    xaxis: str = "epoch",
) -> go.Figure:
    """Return one line for each named curve, from epoch 1 on, with buttons for a linear or a log axis.

    Curves whose names differ only in "train" and "test" share a colour, and the test curve is dashed.
    """
    figure = go.Figure()
    colours: dict[str, str] = {}
    for name, values in curves.items():
        group = " ".join(re.sub(r"\b(train(ing)?|test)\b|[^\w.]", " ", name).split())
        colour = colours.setdefault(group, COLOURS[len(colours) % len(COLOURS)])
        figure.add_scatter(
            x=list(range(1, len(values) + 1)),
            y=[float(value) for value in values],
            name=name,
            mode="lines+markers" if len(values) <= 30 else "lines",
            line={"color": colour, "width": 2, "dash": "dash" if re.search(r"\btest\b", name) else "solid"},
            hovertemplate="%{y:.4g}",
        )
    style(figure, title or f"{yaxis} by {xaxis}".capitalize(), height=420)
    ticks = _log_ticks([float(value) for values in curves.values() for value in values])
    figure.update_layout(hovermode="x unified", showlegend=True, updatemenus=[_axis_switch(log, ticks)])
    longest = max((len(values) for values in curves.values()), default=0)
    figure.update_xaxes(title=xaxis, dtick=1 if longest <= 20 else None)
    figure.update_yaxes(title=yaxis, type="log" if log else "linear", tickformat="~g", nticks=5)
    figure.update_yaxes(dtick=ticks if log else None)
    return figure


def plot_images(
    images: torch.Tensor, captions: Sequence[str] | None = None, columns: int = 6, title: str = ""
) -> go.Figure:
    """Return a grid of the images, shape (N, 28, 28) or (N, 1, 28, 28), with a caption above each.

    Long captions are wrapped. Black ink on white, scaled by the darkest and the lightest pixel of all images.
    Raises ValueError if there are no images or not one caption for each.
    """
    pixels = images.detach().cpu().float().reshape(-1, *images.shape[-2:]).numpy()
    count, height, width = pixels.shape
    if count == 0:
        raise ValueError("There are no images to plot.")
    if captions is not None and len(captions) != count:
        raise ValueError(f"{count} images need {count} captions, not {len(captions)}.")
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    notes = [wrap(str(caption), width=12) or [""] for caption in captions or []]
    lines = max(map(len, notes), default=0)
    above, gap = 7 * lines, 3
    tall, wide = height + above + gap, width + gap
    sheet = np.full((rows * tall + gap, columns * wide + gap), np.nan, dtype=np.float32)
    figure = go.Figure()
    style(figure, title, height=min((95 + 20 * lines) * rows, 520) + 80)
    for i, image in enumerate(pixels):
        top, left = (i // columns) * tall + above + gap, (i % columns) * wide + gap
        sheet[top : top + height, left : left + width] = image
        if notes:
            figure.add_annotation(
                x=left + (width - 1) / 2,
                y=top - 0.5,
                text="<br>".join(notes[i]),
                showarrow=False,
                yanchor="bottom",
                font={"size": 12},
            )
    figure.add_heatmap(z=sheet, colorscale="gray_r", showscale=False, hoverinfo="skip")
    _square_pixels(figure)
    figure.update_layout(plot_bgcolor="#E8ECF3", margin={"l": 20, "r": 20, "t": 70 if title else 40, "b": 20})
    return figure


def plot_weights(theta: torch.Tensor, title: str = "") -> go.Figure:
    """Return the weights in theta, shape (785,), as an image of 28 by 28; the bias, last, is in the title.

    Colours are symmetric about a white 0, so that the sign of a weight can be read off.
    Raises ValueError if theta has another number of entries.
    """
    if theta.numel() != SIDE * SIDE + 1:
        raise ValueError(f"theta has {theta.numel()} entries, expected {SIDE * SIDE + 1}: the weights, then the bias.")
    *weights, bias = theta.detach().cpu().flatten().tolist()
    limit = max(map(abs, weights)) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=np.reshape(weights, (SIDE, SIDE)),
            colorscale=DIVERGING,
            zmin=-limit,
            zmax=limit,
            colorbar={"title": {"text": "weight"}, "thickness": 16},
            hovertemplate="row %{y}, column %{x}: %{z:.3g}<extra></extra>",
        )
    )
    style(figure, f"{title or 'Weights, pixel by pixel'} (bias {bias:.3g})", height=480)
    _square_pixels(figure)
    return figure


def _log_ticks(values: Sequence[float]) -> str | None:
    """Return plotly's word for ticks at 1, 2, 5 and their tens, or nothing where these would be too many or too few."""
    drawn = [value for value in values if 0 < value < math.inf]
    return "D2" if drawn and 4 < max(drawn) / min(drawn) < 300 else None


def _axis_switch(log: bool, ticks: str | None) -> dict[str, object]:
    """Return the buttons that switch the vertical axis between linear and logarithmic."""
    return {
        "type": "buttons",
        "direction": "right",
        "active": int(log),
        "x": 1,
        "xanchor": "right",
        "y": 1.16,
        "yanchor": "top",
        "buttons": [
            {"label": f"{kind} axis", "method": "relayout", "args": [{"yaxis.type": kind, "yaxis.dtick": dtick}]}
            for kind, dtick in (("linear", None), ("log", ticks))
        ],
    }


def _square_pixels(figure: go.Figure) -> None:
    """Draw the figure's one image upright, with square pixels and no axes."""
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, constrain="domain", autorange="reversed", scaleanchor="x")
