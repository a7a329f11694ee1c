"""A playground: any optimizer with any settings on three landscapes, moved by sliders where there are widgets."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import plotly.graph_objects as go
import torch
from torch.optim import SGD, Adagrad, Adam, Adamax, AdamW, NAdam, Optimizer, RMSprop

from descent.contours import plot_contours
from descent.functions import peaks, rastrigin, rosenbrock
from descent.minimise import Path, minimise
from descent.trail import Range

OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    kind.__name__: kind for kind in (SGD, RMSprop, Adagrad, Adam, AdamW, NAdam, Adamax)
}
WITH_MOMENTUM = ("SGD", "RMSprop")  # the others have no such setting, or averages of their own
MOST_STEPS = 1000


@dataclass(frozen=True)
class Landscape:
    """A function, where to start on it, and the part of it that is shown."""

    fn: Callable[..., torch.Tensor]
    start: tuple[float, float]
    x_range: Range
    y_range: Range


LANDSCAPES = {
    "peaks": Landscape(peaks, (-0.4, 1.2), (-3, 3), (-3, 3)),
    "Rosenbrock": Landscape(rosenbrock, (2, -2), (-2.5, 2.5), (-2.5, 3.5)),
    "Rastrigin": Landscape(rastrigin, (-2.45, -2.45), (-3.5, 3.5), (-3.5, 3.5)),
}


def walk(
    landscape: str = "peaks",
    optimizer: str = "SGD",
    steps: int = 50,
    lr: float = 0.1,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> Path:
    """Return the path of the named torch optimizer from the start of the named landscape.

    `momentum` goes to SGD and RMSprop; the others haven't that setting, and with them it is ignored.
    Raises ValueError if a name is unknown or a number makes no sense.
    """
    place = LANDSCAPES[_known(landscape, LANDSCAPES, "landscape")]
    kind = OPTIMIZERS[_known(optimizer, OPTIMIZERS, "optimizer")]
    for name, value in (("lr", lr), ("momentum", momentum), ("weight_decay", weight_decay)):
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} has to be a finite number, 0 or more, not {value}.")
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"The playground takes 1 to {MOST_STEPS} steps, not {steps}.")
    settings = {"lr": lr, "weight_decay": weight_decay}
    if optimizer in WITH_MOMENTUM:
        settings["momentum"] = momentum
    return minimise(place.fn, place.start, partial(kind, **settings), steps=steps)


def plot_walk(
    landscape: str = "peaks",
    optimizer: str = "SGD",
    steps: int = 50,
    lr: float = 0.1,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> go.Figure:
    """Return a map of the landscape with the path that `walk` takes with the same settings."""
    path = walk(landscape, optimizer, steps, lr, momentum, weight_decay)
    place = LANDSCAPES[landscape]
    shown = {"rate": lr, "momentum": momentum if optimizer in WITH_MOMENTUM else 0, "weight decay": weight_decay}
    settings = ", ".join(f"{name} {value:.4g}" for name, value in shown.items() if value)
    return plot_contours(
        place.fn, place.x_range, place.y_range, {optimizer: path}, title=f"{optimizer} on {landscape}, {settings}"
    )


def playground(
    landscape: str = "peaks",
    optimizer: str = "SGD",
    steps: int = 50,
    lr: float = 0.1,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> Any:
    """Return a box of controls above a map, both set as the arguments say; the map follows the controls.

    Where ipywidgets isn't installed, return the map alone and print how to try other settings: with arguments.
    """
    try:
        import ipywidgets
    except ImportError:
        print("There are no sliders without ipywidgets; give settings as arguments: playground('Rastrigin', 'Adam').")
        return plot_walk(landscape, optimizer, steps, lr, momentum, weight_decay)
    walk(landscape, optimizer, steps, lr, momentum, weight_decay)  # says what is wrong before any control does
    lazily = {"continuous_update": False}  # a path is drawn when a slider is let go
    controls = {
        "landscape": ipywidgets.Dropdown(options=list(LANDSCAPES), value=landscape),
        "optimizer": ipywidgets.Dropdown(options=list(OPTIMIZERS), value=optimizer),
        "steps": ipywidgets.IntSlider(min=1, max=max(300, steps), value=steps, **lazily),
        "lr": ipywidgets.FloatLogSlider(min=-4, max=1, step=0.05, value=lr, readout_format=".3g", **lazily),
        "momentum": ipywidgets.FloatSlider(min=0, max=max(0.99, momentum), step=0.01, value=momentum, **lazily),
        "weight_decay": ipywidgets.FloatSlider(
            min=0, max=max(10, weight_decay), step=0.01, value=weight_decay, **lazily
        ),
    }
    for name, control in controls.items():
        control.description = name.replace("_", " ")
        control.style.description_width = "95px"  # as much as "weight decay" needs
    output = ipywidgets.Output()

    def redraw(_: Any = None) -> None:
        chosen = {name: control.value for name, control in controls.items()}
        controls["momentum"].disabled = chosen["optimizer"] not in WITH_MOMENTUM
        # "with output:" would make what runs the notebook answer in the middle of a cell, and nbclient, which stock
        # nbgrader and Otter run notebooks with, then waits forever now and then (jupyter/nbclient, issue 312).
        bundle = plot_walk(**chosen)._repr_mimebundle_()
        output.outputs = ({"output_type": "display_data", "data": bundle, "metadata": {}},)

    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    rows = [ipywidgets.HBox(list(controls.values())[at : at + 2]) for at in (0, 2, 4)]
    return ipywidgets.VBox([*rows, output])


def _known(name: str, names: dict[str, Any], kind: str) -> str:
    """Return `name` if it is one of the names."""
    if name not in names:
        raise ValueError(f"There is no {kind} called {name!r} in the playground; there is {', '.join(names)}.")
    return name
