"""A slider and the buttons to play and to pause, for any figure that moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go


def add_animation(
    figure: go.Figure,
    frames: Sequence[Sequence[Any]],
    traces: Sequence[int],
    label: str = "step",
    names: Sequence[str] | None = None,
    milliseconds: int = 150,
) -> go.Figure:
    """Give `figure` the frames, a slider with a place for each, and buttons to play and to pause; return it.

    Each frame is a list of traces that take the place of the figure's traces numbered in `traces`; a frame's name,
    its number from 0 if none are given, stands above the slider after `label`. The figure itself should show the
    first frame, and is the same after the slider went back to its left end.
    Raises ValueError if there are no frames, or not one trace for each place, or not one name for each frame.
    """
    labels = list(names) if names is not None else [str(number) for number in range(len(frames))]
    if not frames:
        raise ValueError("An animation needs at least one frame.")
    if len(labels) != len(frames) or len(set(labels)) != len(labels):
        raise ValueError(f"{len(frames)} frames need as many names, all different, not {labels}.")
    for name, data in zip(labels, frames, strict=True):
        if len(data) != len(traces):
            raise ValueError(f"Frame {name} has {len(data)} traces for {len(traces)} places.")
    figure.frames = [
        go.Frame(name=name, data=list(data), traces=list(traces)) for name, data in zip(labels, frames, strict=True)
    ]
    # The axis below a flat plot has numbers and a title, which a scene has within itself.
    below = 30 if any(trace.type in ("surface", "scatter3d") for trace in figure.data) else 60
    still = {"frame": {"duration": 0, "redraw": True}, "mode": "immediate", "transition": {"duration": 0}}
    running = {"frame": {"duration": milliseconds, "redraw": True}, "fromcurrent": True, "transition": {"duration": 0}}
    slider = {
        "steps": [{"label": name, "method": "animate", "args": [[name], still]} for name in labels],
        "currentvalue": {"prefix": f"{label} "},
        "x": 0.14,
        "len": 0.86,
        "y": 0,
        "pad": {"t": below, "b": 5},
    }
    buttons = {
        "type": "buttons",
        "direction": "left",
        "showactive": False,
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "pad": {"t": below + 15},
        "buttons": [
            {"label": "▶", "method": "animate", "args": [None, running]},
            {"label": "❚❚", "method": "animate", "args": [[None], still]},
        ],
    }
    figure.update_layout(sliders=[slider], updatemenus=[buttons])
    return figure
