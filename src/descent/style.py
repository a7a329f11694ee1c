"""The look that all figures of the course share."""

from __future__ import annotations

import plotly.graph_objects as go

# Okabe and Ito's palette, which colour-blind readers can tell apart (jfly.uni-koeln.de/color).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DIVERGING = ((0.0, "#B35806"), (0.25, "#FDB863"), (0.5, "#FFFFFF"), (0.75, "#8FA8D8"), (1.0, "#1F4E96"))
# Steps run from light to dark, so that their order survives a grey print; the ground under them stays pale.
STEPS = ("#FCCB4B", "#F28A32", "#D04A3C", "#8C2157", "#4A1259", "#1C0B33")
GROUND = ("#A9C2DC", "#C6D6E7", "#DDE6EF", "#EEF2F6", "#FBFBF9")
SLOPES = ("#3F6FA3", "#7FA6CB", "#B9CFE2", "#E4E7E6", "#F7F3E8")  # the same order, strong enough for lit surfaces
INK = "#2A3F5F"


def style(figure: go.Figure, title: str, height: int) -> None:
    """Give `figure` the course's look, a title and a height in pixels."""
    figure.update_layout(
        template="plotly_white",
        title={"text": title, "x": 0.02, "xanchor": "left"},
        font={"size": 14, "color": INK},
        height=height,
        margin={"l": 70, "r": 30, "t": 70, "b": 60},
        colorway=COLOURS,
    )
