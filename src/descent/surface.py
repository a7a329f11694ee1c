"""Landscapes in three dimensions: the surface of a function, with its contours on the floor below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import torch
from numpy.typing import NDArray
from plotly.colors import sample_colorscale

from descent.animation import add_animation
from descent.heights import Function, Heights, heights
from descent.minimise import Path
from descent.style import INK, SLOPES, STEPS, style
from descent.trail import Range, inside, number, outcome, trail

BANDS = 14
FRAMES = 101  # at most, so that a long path doesn't fill the notebook
Floats = NDArray[np.float64]


def plot_surface(
    fn: Function,
    x_range: Range,
    y_range: Range,
    point: Sequence[float] | None = None,
    path: Path | None = None,
    title: str = "",
    axes: tuple[str, str] = ("x", "y"),
) -> go.Figure:
    """Return the surface of `fn` and below it its contours; on both, a point and a path if there are any.

    What of the path leaves the ranges isn't drawn; the title says how it ends. `axes` names the coordinates.
    Raises ValueError if a range, the function's result, the point or the path's shape is wrong.
    """
    land = heights(fn, x_range, y_range)
    figure = land_figure(land, title, axes)
    if path is not None:
        figure.add_traces(path_traces(land, path, x_range, y_range))
        figure.update_layout(title={"text": titled(title, outcome(path, x_range, y_range))})
    if point is not None:
        figure.add_traces(point_traces(land, *_on(fn, point, x_range, y_range)))
    return figure


def animate_path(
    fn: Function,
    path: Path,
    x_range: Range,
    y_range: Range,
    title: str = "",
    axes: tuple[str, str] = ("x", "y"),
) -> go.Figure:
    """Return the surface of `fn` with the path walking down it and over the contours on the floor.

    The first frame is the start, the last frame the last iterate; a path of more than 100 steps is shown at 101
    of its points, evenly spaced. Raises ValueError as plot_surface does.
    """
    land = heights(fn, x_range, y_range)
    figure = land_figure(land, titled(title, outcome(path, x_range, y_range)), axes)
    steps = np.unique(np.linspace(0, path.steps, min(FRAMES, path.steps + 1)).round().astype(int)).tolist()
    figure.add_traces(path_traces(land, path, x_range, y_range, upto=0))
    moving = list(range(2, len(figure.data)))
    frames = [path_traces(land, path, x_range, y_range, upto=step) for step in steps]
    return add_animation(figure, frames, moving, names=[str(step) for step in steps])


def land_figure(land: Heights, title: str, axes: tuple[str, str]) -> go.Figure:
    """Return the surface and the floor with its contours, ready for a path."""
    floor, span = floor_of(land), land.highest - land.lowest
    shades = {"surfacecolor": land.shade(land.z), "cmin": 0, "cmax": 1}
    surface = go.Surface(
        x=land.x,
        y=land.y,
        z=land.z,
        **shades,
        colorscale=SLOPES,
        colorbar=value_scale(land) | {"x": 1.0, "len": 0.7},
        contours={"x": {"highlight": False}, "y": {"highlight": False}, "z": {"highlight": False}},
        lighting={"ambient": 0.75, "diffuse": 0.5, "specular": 0.02, "roughness": 1},
        hovertemplate="(%{x:.3g}, %{y:.3g}): %{z:.4g}<extra></extra>",
    )
    below = go.Surface(
        x=land.x,
        y=land.y,
        z=np.full_like(land.z, floor),
        **shades,
        colorscale=_bands(),
        showscale=False,
        hoverinfo="skip",
        contours={"x": {"highlight": False}, "y": {"highlight": False}, "z": {"highlight": False}},
        lighting={"ambient": 1, "diffuse": 0, "specular": 0},
    )
    figure = go.Figure([surface, below])
    style(figure, title, height=520)
    figure.update_layout(
        scene={
            "xaxis": {"title": axes[0], "range": [float(land.x[0]), float(land.x[-1])]},
            "yaxis": {"title": axes[1], "range": [float(land.y[0]), float(land.y[-1])]},
            "zaxis": {
                "title": "value",
                "range": [floor - 0.01 * span, land.highest + 0.05 * span],
                "tickvals": _ticks(land.lowest, land.highest),  # none below the surface, where the floor only hangs
            },
            "aspectmode": "manual",
            "aspectratio": {"x": 1, "y": 1, "z": 0.95},
            "camera": {"eye": _viewpoint(land), "center": {"x": 0, "y": 0, "z": -0.22}},
        },
        margin={"l": 10, "r": 10, "b": 10, "t": 60},
        legend={"orientation": "h", "x": 0.02, "y": 1, "yanchor": "bottom"},
    )
    return figure


def path_traces(land: Heights, path: Path, x_range: Range, y_range: Range, upto: int | None = None) -> list[Any]:
    """Return the path up to step `upto`, on the surface and on the floor, then a mark at that step on both."""
    last = path.steps if upto is None else upto
    points = trail(path, x_range, y_range)[: last + 1]
    points = np.where(inside(points, x_range, y_range)[:, None], points, np.nan)
    values = path.values.detach().cpu().double().numpy()[: last + 1]
    values = np.where(np.isnan(points[:, 0]), np.nan, values)
    return [
        *(
            go.Scatter3d(
                x=points[:, 0],
                y=points[:, 1],
                z=level,
                mode="lines+markers",
                customdata=values,
                text=[str(step) for step in range(len(points))],
                line={"color": INK, "width": 3},
                marker={"size": 4, "color": np.arange(len(points)), "colorscale": STEPS, "cmin": 0, "cmax": path.steps},
                hovertemplate="step %{text}: %{customdata:.4g}<extra></extra>",
                showlegend=False,
            )
            for level in (values + _lift(land), np.full_like(values, floor_of(land) + _lift(land)))
        ),
        *point_traces(land, points[-1], float(values[-1])),
    ]


def point_traces(land: Heights, point: Floats, value: float) -> list[Any]:
    """Return a mark at a point, on the surface and on the floor."""
    return [
        go.Scatter3d(
            x=point[:1],
            y=point[1:],
            z=[level],
            mode="markers",
            marker={"size": 7, "color": "#D55E00", "line": {"color": "black", "width": 1.5}},
            hovertemplate=f"({number(point[0])}, {number(point[1])}): {number(value)}<extra></extra>",
            showlegend=False,
        )
        for level in (value + _lift(land), floor_of(land) + _lift(land))
    ]


def floor_of(land: Heights) -> float:
    """Return the height at which the contours lie."""
    return land.lowest - 1.1 * (land.highest - land.lowest)


def titled(title: str, end: str) -> str:
    """Return the title with a line below it that says how the path ends."""
    return f"{title}<br><sup>{end}</sup>" if title else end


def value_scale(land: Heights) -> dict[str, Any]:
    """Return a colour bar whose ticks are values of the function."""
    ticks = np.linspace(0, 1, 6)
    values = [land.value(tick) for tick in ticks]
    nothing = 1e-5 * (land.highest - land.lowest)
    return {
        "title": {"text": "value"},
        "thickness": 12,
        "tickvals": ticks,
        "ticktext": ["0" if abs(value) < nothing else number(float(f"{value:.2g}")) for value in values],
    }


def _on(fn: Function, point: Sequence[float], x_range: Range, y_range: Range) -> tuple[Floats, float]:
    """Return the point and the function's value at it."""
    place = np.asarray([float(v) for v in point])
    if place.shape != (2,) or not inside(place[None], x_range, y_range)[0]:
        raise ValueError(f"The point has to be an x within {x_range} and a y within {y_range}, not {tuple(point)}.")
    with torch.no_grad():
        value = float(fn(*torch.tensor(place, dtype=torch.float32)))
    return place, value if math.isfinite(value) else math.nan


def _viewpoint(land: Heights) -> dict[str, float]:
    """Return where to look from: over the lowest quarter of the map, so that no hill hides what lies behind it."""
    sides = {1: slice(len(land.x) // 2, None), -1: slice(None, len(land.x) // 2)}
    shade = np.nan_to_num(land.shade(land.z), nan=1.0)
    means = {(x, y): float(shade[sides[y], sides[x]].mean()) for x in (1, -1) for y in (-1, 1)}
    means[1, -1] -= 0.02  # of much the same, take the one that most figures are seen from
    x, y = min(means, key=lambda corner: means[corner])
    return {"x": 0.95 * x, "y": 1.35 * y, "z": 1.3}


def _ticks(low: float, high: float) -> list[float]:
    """Return three to seven round numbers between the two."""
    power = 10 ** math.floor(math.log10((high - low) / 3))
    step = next(power * factor for factor in (5, 2, 1) if (high - low) / (power * factor) >= 3)
    return [step * count for count in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _lift(land: Heights) -> float:
    """Return how far a path floats above the surface, so that the surface doesn't swallow it."""
    return 0.015 * (land.highest - land.lowest)


def _bands() -> list[tuple[float, str]]:
    """Return the ground's colours in bands of one colour each, whose borders are the contours."""
    colours = sample_colorscale(list(SLOPES), [band / (BANDS - 1) for band in range(BANDS)])
    return [(edge, colour) for band, colour in enumerate(colours) for edge in (band / BANDS, (band + 1) / BANDS)]
