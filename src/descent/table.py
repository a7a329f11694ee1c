"""Numbers by epoch, as a table."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from descent.scatter import Numbers, plain
from descent.style import style


def plot_table(columns: Mapping[str, Numbers], title: str = "", step: str = "epoch") -> go.Figure:
    """Return a table with a row for each epoch, numbered from 1, and a column for each name.

    Raises ValueError if there are no columns, or they differ in length.
    """
    values = {name: [plain(value) for value in column] for name, column in columns.items()}
    lengths = {name: len(column) for name, column in values.items()}
    if len(set(lengths.values())) != 1:
        found = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"A table needs columns of one length: {found or 'there are none'}.")
    count = next(iter(lengths.values()))
    cells = [list(range(1, count + 1)), *values.values()]
    figure = go.Figure(
        go.Table(
            header={"values": [step, *values], "fill_color": "#E8ECF3", "align": "right", "height": 30},
            cells={
                "values": cells,
                "format": ["d", *[",.4f"] * len(values)],
                "align": "right",
                "height": 28,
                "fill_color": "white",
                "line_color": "#E8ECF3",
            },
        )
    )
    style(figure, title or f"Numbers by {step}", height=min(130 + 28 * count, 520))
    figure.update_layout(margin={"l": 20, "r": 20, "t": 60, "b": 20})
    return figure
