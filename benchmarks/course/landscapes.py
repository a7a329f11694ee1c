"""What it takes to make the figures of a landscape, and how large they are as JSON in a notebook."""

from __future__ import annotations

from functools import partial

import plotly.graph_objects as go
import torch
from timing import Way

from descent import animate_path, fancy, minimise, plot_contours, plot_surface

X_RANGE = Y_RANGE = (-5.0, 5.0)


def tasks() -> dict[str, dict[str, Way]]:
    """Return three figures, each with a path of 50 steps."""
    path = minimise(fancy, (-4.0, 4.0), partial(torch.optim.Adam, lr=0.5), steps=50)

    def contours() -> str:
        return _size(plot_contours(fancy, X_RANGE, Y_RANGE, paths=path))

    def surface() -> str:
        return _size(plot_surface(fancy, X_RANGE, Y_RANGE, path=path))

    def animation() -> str:
        return _size(animate_path(fancy, path, X_RANGE, Y_RANGE))

    return {
        "landscape: contours with a path": {"plot_contours, JSON": contours},
        "landscape: surface with a path": {"plot_surface, JSON": surface},
        "landscape: path animated": {"animate_path, JSON": animation},
    }


def _size(figure: go.Figure) -> str:
    return f"{len(figure.to_json()) / 1e6:.2f} MB"
