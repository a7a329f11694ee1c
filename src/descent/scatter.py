"""Figures of data: points with lines through them, and labelled points in the plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import torch

from descent.style import COLOURS, style

Numbers = Sequence[float] | torch.Tensor

SYMBOLS = ("circle", "diamond-open", "square", "cross", "triangle-up-open", "x")
DASHES = ("solid", "dash", "dot", "dashdot")


def plot_fit(
    x: Numbers,
    y: Numbers,
    lines: Mapping[str, float | tuple[float, float]],
    title: str = "",
    xaxis: str = "x",
    yaxis: str = "y",
) -> go.Figure:
    """Return the points x, y, both (N,), with each named line: a slope, or a slope and an intercept.

    Raises ValueError if x and y differ in length, are empty or hold NaN or infinities.
    """
    across, up = finite(x, "x"), finite(y, "y")
    if len(across) != len(up):
        raise ValueError(f"x has {len(across)} entries and y has {len(up)}: each point needs both.")
    figure = go.Figure()
    ends = [min(0.0, *across), max(across) * 1.05]
    for number, (name, line) in enumerate(lines.items()):
        slope, intercept = line if isinstance(line, tuple) else (line, 0.0)
        figure.add_scatter(
            x=ends,
            y=[plain(slope) * end + plain(intercept) for end in ends],
            name=name,
            mode="lines",
            line={"color": COLOURS[1 + number % (len(COLOURS) - 1)], "width": 2, "dash": DASHES[number % len(DASHES)]},
        )
    figure.add_scatter(x=across, y=up, name="data", mode="markers", marker={"color": COLOURS[0], "size": 9})
    style(figure, title or "The data and a line", height=420)
    figure.update_layout(showlegend=True, xaxis_title=xaxis, yaxis_title=yaxis)
    return figure


def plot_points(
    X: torch.Tensor, t: Numbers, title: str = "", xaxis: str = "x₁", yaxis: str = "x₂", names: Sequence[str] = ()
) -> go.Figure:
    """Return the points X, shape (N, 2), with a colour and a symbol for each of the labels t, shape (N,).

    `names` are the labels' names in increasing order; without them a label is its own name.
    Raises ValueError if X or t has another shape, or there are fewer names than labels.
    """
    labels = torch.tensor(finite(t, "t"))
    if X.ndim != 2 or X.shape[1] != 2 or len(X) != len(labels):
        raise ValueError(f"Points need X of shape (N, 2) and N labels, not {tuple(X.shape)} and {len(labels)}.")
    kinds = sorted(set(labels.tolist()))
    if names and len(names) < len(kinds):
        raise ValueError(f"{len(kinds)} labels need {len(kinds)} names, not {len(names)}.")
    figure = go.Figure()
    for number, kind in enumerate(kinds):
        these = X.detach().cpu()[labels == kind]
        figure.add_scatter(
            x=these[:, 0].tolist(),
            y=these[:, 1].tolist(),
            name=names[number] if names else f"{kind:g}",
            mode="markers",
            marker={"color": COLOURS[number % len(COLOURS)], "symbol": SYMBOLS[number % len(SYMBOLS)], "size": 8},
        )
    style(figure, title or "Points and their labels", height=440)
    figure.update_layout(showlegend=True, xaxis_title=xaxis, yaxis_title=yaxis)
    figure.update_xaxes(constrain="domain")
    figure.update_yaxes(scaleanchor="x")
    return figure


def finite(values: Numbers, name: str) -> list[float]:
    """Return the numbers as floats.

    Raises ValueError, with `name`, if there are none, or some are NaN or infinite.
    """
    numbers = [plain(value) for value in values]
    if not numbers:
        raise ValueError(f"There is nothing to plot: {name} is empty.")
    if not torch.tensor(numbers).isfinite().all():
        raise ValueError(f"Numbers that are NaN or infinite can't be plotted: {name} holds some. Did it diverge?")
    return numbers


def plain(value: float | torch.Tensor) -> float:
    """Return a number, or a tensor with one, as a float; whether it wants a gradient doesn't matter."""
    return float(value.detach() if isinstance(value, torch.Tensor) else value)
