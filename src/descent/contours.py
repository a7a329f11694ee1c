"""Maps of functions of two variables, seen from above, with the paths of optimizers on them."""

from __future__ import annotations

from math import ceil
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from descent.heights import Function, Heights, heights
from descent.minimise import Path
from descent.style import COLOURS, GROUND, INK, STEPS, style
from descent.surface import value_scale
from descent.trail import Range, inside, outcome, trail

LEVELS = 16
BLACK = {"width": 2.5, "color": "black"}
START: dict[str, Any] = {"symbol": "circle-open", "size": 14, "color": "black", "line": BLACK}
END: dict[str, Any] = {"symbol": "x", "size": 11, "color": "black", "line": {"width": 1.5, "color": "white"}}
SYMBOLS = ("circle", "square", "diamond", "triangle-up")  # so that paths differ in grey too


def plot_contours(
    fn: Function,
    x_range: Range,
    y_range: Range,
    paths: Path | dict[str, Path] | None = None,
    title: str = "",
    axes: tuple[str, str] = ("x", "y"),
) -> go.Figure:
    """Return a contour map of `fn` and on it the paths, each coloured by step, its start and end marked.

    The map covers the ranges, whatever the paths do; the legend says how each ends. Contours lie closer in value
    near the minimum where the function spans many magnitudes. `axes` names the coordinates.
    Raises ValueError if a range, the function's result or a path's shape is wrong.
    """
    named = {"path": paths} if isinstance(paths, Path) else paths or {}
    figure = go.Figure(_ground(heights(fn, x_range, y_range)))
    style(figure, title, height=500)
    longest = max((path.steps for path in named.values()), default=0)
    for place, (name, path) in enumerate(named.items()):
        label = f"{name}: {outcome(path, x_range, y_range)}"
        line = COLOURS[place % len(COLOURS)] if len(named) > 1 else INK
        symbol = SYMBOLS[place % len(SYMBOLS)]
        figure.add_traces(_drawn(path, x_range, y_range, longest, name=label, line=line, symbol=symbol))
    if named:
        figure.add_traces(_marks_in_legend())
    figure.update_layout(coloraxis=_step_axis(longest), legend=_legend())
    figure.update_xaxes(title=axes[0], range=list(x_range), constrain="domain")
    figure.update_yaxes(title=axes[1], range=list(y_range))
    return figure


def plot_panels(
    paths: dict[str, Path],
    fn: Function,
    x_range: Range,
    y_range: Range,
    title: str = "",
    axes: tuple[str, str] = ("x", "y"),
) -> go.Figure:
    """Return one contour map of `fn` for each named path, side by side, on the same axes and step colours.

    Raises ValueError if there are no paths, or as plot_contours does.
    """
    if not paths:
        raise ValueError("plot_panels needs at least one path, as in {'rate 0.1': minimise(...)}.")
    rows = 1 if len(paths) <= 3 else 2
    columns = ceil(len(paths) / rows)
    titles = [f"{name}<br><sup>{outcome(path, x_range, y_range)}</sup>" for name, path in paths.items()]
    figure = make_subplots(
        rows,
        columns,
        subplot_titles=titles,
        shared_xaxes=True,
        shared_yaxes=True,
        horizontal_spacing=0.03,
        vertical_spacing=0.15,
    )
    style(figure, title, height=400 if rows == 1 else 520)
    land = heights(fn, x_range, y_range)
    longest = max(path.steps for path in paths.values())
    for place, path in enumerate(paths.values()):
        row, column = place // columns + 1, place % columns + 1
        for trace in (_ground(land, scale=place == 0), *_drawn(path, x_range, y_range, longest)):
            figure.add_trace(trace.update(showlegend=False), row=row, col=column)
        figure.update_xaxes(title=axes[0] if row == rows else None, range=list(x_range), row=row, col=column)
        figure.update_yaxes(title=axes[1] if column == 1 else None, range=list(y_range), row=row, col=column)
    figure.add_traces(_marks_in_legend())
    corner = {"x": 1.02, "y": 0, "yanchor": "bottom", "font": {"size": 13}}  # below the two scales
    figure.update_layout(coloraxis=_step_axis(longest), legend=corner, margin={"t": 95})
    scales = {"len": 0.82, "y": 1, "yanchor": "top"}
    figure.update_layout(coloraxis={"colorbar": scales}).update_traces(colorbar=scales, selector={"type": "contour"})
    return figure


def _ground(land: Heights, scale: bool = True) -> go.Contour:
    """Return the map itself, with or without the scale of its values."""
    return go.Contour(
        x=land.x,
        y=land.y,
        z=land.shade(land.z),
        customdata=land.z,
        zmin=0,
        zmax=1,
        colorscale=GROUND,
        contours={"start": 0.5 / LEVELS, "end": 1 - 0.5 / LEVELS, "size": 1 / LEVELS},
        line={"width": 0.8, "color": "#7B8CA6"},
        showscale=scale,
        colorbar=value_scale(land) | {"x": 1.01},
        hovertemplate="(%{x:.3g}, %{y:.3g}): %{customdata:.4g}<extra></extra>",
    )


def _drawn(
    path: Path, x_range: Range, y_range: Range, longest: int, name: str = "", line: str = INK, symbol: str = "circle"
) -> list[go.Scatter]:
    """Return the path's line with a dot for each step, then larger marks for its two ends, where visible."""
    points = trail(path, x_range, y_range)
    seen = inside(points, x_range, y_range)
    values = path.values.detach().cpu().double().numpy()
    walk = go.Scatter(
        x=points[:, 0],
        y=points[:, 1],
        mode="lines+markers",
        name=name,
        legendgroup=name,
        customdata=values,
        hovertemplate="step %{text}: %{customdata:.4g}",
        text=list(range(len(points))),
        line={"color": line, "width": 1.8},
        marker={
            "symbol": symbol,
            "size": 7 if longest <= 60 else 5,
            "color": list(range(len(points))),
            "coloraxis": "coloraxis",
            "line": {"width": 1, "color": line},
        },
    )
    ends = [
        go.Scatter(
            x=points[[step], 0],
            y=points[[step], 1],
            mode="markers",
            showlegend=False,
            hoverinfo="skip",
            legendgroup=name,
            marker=mark,
        )
        for step, mark in ((0, START), (-1, END))
        if seen[step]
    ]
    return [walk, *ends]


def _marks_in_legend() -> list[go.Scatter]:
    """Return traces that only explain the two marks in the legend."""
    return [
        go.Scatter(x=[None], y=[None], mode="markers", name=name, marker=mark)
        for name, mark in (("start", START), ("end", END))
    ]


def _step_axis(longest: int) -> dict[str, Any]:
    """Return the colour axis that all paths of a figure share."""
    return {
        "colorscale": STEPS,
        "cmin": 0,
        "cmax": max(longest, 1),
        "colorbar": {"title": {"text": "step"}, "thickness": 12, "x": 1.12},
        "showscale": longest > 0,
    }


def _legend() -> dict[str, Any]:
    """Return a legend that lies below the map, however many entries it has."""
    return {"orientation": "h", "x": 0, "y": -0.16, "yanchor": "top", "font": {"size": 13}}
