"""Figures of descent in one dimension: the loss as a curve, its gradient as arrows, paths along it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import plotly.graph_objects as go
import torch
from plotly.subplots import make_subplots

from descent.animation import add_animation
from descent.scatter import Numbers, finite
from descent.style import COLOURS, INK, style

Loss = Callable[[torch.Tensor], torch.Tensor]
Range = tuple[float, float]

CURVE = {"color": INK, "width": 2}
OUTLINE = {"color": INK, "width": 0.75}  # so that pale points show on white
MARGIN = 0.15  # of a path's own width, left free on either side of it
LONGEST_ARROW = 0.22  # of the width of the figure


def plot_gradients(
    loss: Loss, weights: Numbers, w_range: Range, title: str = "", xaxis: str = "w", yaxis: str = "loss"
) -> go.Figure:
    """Return the curve of `loss` with an arrow at each weight that shows the gradient there.

    An arrow points right where the gradient is positive and left where it is negative, and is as long as
    |gradient|, in a scale that gives the longest about a fifth of the width; where the gradient is 0 there is
    none. `loss` maps a tensor with one number to another one and is differentiable.

    Raises ValueError if `w_range` is empty or a weight is NaN or infinite.
    """
    places = finite(weights, "weights")
    slopes = [_gradient(loss, w) for w in places]
    heights = [_value(loss, w) for w in places]
    unit = LONGEST_ARROW * (w_range[1] - w_range[0]) / (max(map(abs, slopes)) or 1.0)
    figure = go.Figure(_curve(loss, w_range))
    figure.add_scatter(
        x=places,
        y=heights,
        customdata=slopes,
        mode="markers",
        marker={"color": COLOURS[1], "size": 9},
        hovertemplate="w %{x:.3g}, loss %{y:.4g}, gradient %{customdata:.4g}<extra></extra>",
    )
    for w, height, slope in zip(places, heights, slopes, strict=True):
        if slope:
            figure.add_annotation(_arrow(w, height, w + unit * slope))
    style(figure, title or "The loss and its gradient", height=440)
    figure.update_layout(showlegend=False, xaxis_title=xaxis, yaxis_title=yaxis)
    figure.update_xaxes(range=list(w_range))
    return figure


def animate_descent(
    loss: Loss,
    path: Numbers,
    w_range: Range | None = None,
    title: str = "",
    xaxis: str = "w",
    yaxis: str = "loss",
    step: str = "epoch",
) -> go.Figure:
    """Return the path of a weight along the curve of `loss`, with a slider, play and pause.

    `path` is (steps + 1,), its start first. The slider begins at the start and ends at the last iterate; what
    is drawn before anything moves is the start. Without `w_range` the curve is as wide as the path.

    Raises ValueError if the path is empty or holds NaN or infinities, as one that diverged for long does.
    """
    places = finite(path, "the path")
    heights = [_value(loss, w) for w in places]
    figure = go.Figure([_curve(loss, w_range or _around(places)), *_so_far(places, heights, 0)])
    style(figure, title or "Down the loss curve", height=500)
    figure.update_layout(showlegend=False, xaxis_title=xaxis, yaxis_title=yaxis)
    figure.update_xaxes(range=list(w_range or _around(places)))
    add_animation(figure, [_so_far(places, heights, last) for last in range(len(places))], [1, 2], step)
    return figure


def plot_descents(
    loss: Loss,
    paths: Mapping[str, Numbers],
    w_range: Range | None = None,
    title: str = "",
    xaxis: str = "w",
    yaxis: str = "loss",
) -> go.Figure:
    """Return a panel for each named path, side by side on the same axes: the curve of `loss`, the path on it.

    Later points of a path are darker; its last one is a diamond. Raises ValueError if there are no paths, or
    one is empty or holds NaN or infinities.
    """
    if not paths:
        raise ValueError("There are no paths to plot: give at least one, as {title: path}.")
    known = {name: finite(path, f"the path '{name}'") for name, path in paths.items()}
    width = w_range or _around([w for path in known.values() for w in path])
    figure = make_subplots(1, len(known), subplot_titles=list(known), shared_yaxes=True, horizontal_spacing=0.04)
    for column, path in enumerate(known.values(), start=1):
        heights = [_value(loss, w) for w in path]
        for trace in (_curve(loss, width), *_so_far(path, heights, len(path) - 1)):
            figure.add_trace(trace, row=1, col=column)
    style(figure, title or "Descents side by side", height=440)
    figure.update_layout(showlegend=False)
    figure.update_xaxes(title=xaxis, range=list(width))
    figure.update_yaxes(title=yaxis, col=1)
    return figure


def _curve(loss: Loss, w_range: Range) -> go.Scatter:
    """Return the curve of the loss over the range, 201 points."""
    if not w_range[0] < w_range[1]:
        raise ValueError(f"The range {tuple(w_range)} is empty: its first number must be below its second.")
    grid = torch.linspace(w_range[0], w_range[1], 201, dtype=torch.float64).tolist()
    return go.Scatter(x=grid, y=[_value(loss, w) for w in grid], mode="lines", line=CURVE, hoverinfo="skip")


def _so_far(places: Sequence[float], heights: Sequence[float], last: int) -> list[go.Scatter]:
    """Return the path up to point number `last`, and that point."""
    hover = "w %{x:.4g}, loss %{y:.4g}<extra></extra>"
    passed = go.Scatter(
        x=list(places[: last + 1]),
        y=list(heights[: last + 1]),
        mode="lines+markers",
        line={"color": COLOURS[5], "width": 1.5},
        marker={
            "color": list(range(last + 1)),
            "colorscale": [[0, "#BFE0F5"], [1, COLOURS[0]]],
            "size": 8,
            "line": OUTLINE,
        },
        hovertemplate=hover,
    )
    here = go.Scatter(
        x=[places[last]],
        y=[heights[last]],
        mode="markers",
        marker={"color": COLOURS[1], "size": 13, "symbol": "diamond"},
        hovertemplate=hover,
    )
    return [passed, here]


def _arrow(x: float, y: float, to: float) -> dict[str, object]:
    """Return a horizontal arrow from (x, y) to (to, y), in the units of the axes."""
    reference = {"xref": "x", "yref": "y", "axref": "x", "ayref": "y"}
    look = {"showarrow": True, "arrowhead": 2, "arrowwidth": 2.5, "arrowcolor": COLOURS[1], "text": ""}
    return {**reference, **look, "x": to, "y": y, "ax": x, "ay": y}


def _around(places: Sequence[float]) -> Range:
    low, high = min(places), max(places)
    room = MARGIN * (high - low) or 1.0
    return low - room, high + room


def _value(loss: Loss, w: float) -> float:
    return float(loss(torch.tensor(w, dtype=torch.float64)))


def _gradient(loss: Loss, w: float) -> float:
    weight = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(loss(weight), weight)
    return float(slope)
