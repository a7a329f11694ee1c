"""The learning-rate finder's run: 1,000 steps of the next-letter network, a rate for each."""

from __future__ import annotations

import math

from notebook import solution
from timing import Way


def ways() -> dict[str, Way]:
    """Return the solution's run."""
    names = solution("learning-rate-finder", "data", "model", "rate_grid", "descend", "draw", "pick_rate")

    def find() -> str:
        rates = names["rate_grid"](-3, 0, 1000)
        _, losses = names["descend"](
            names["letter_loss"], names["start"], names["draw"](1000, seed=102), rates.tolist()
        )
        return f"picks the exponent {math.log10(names['pick_rate'](rates, losses)):.2f}"

    return {"1,000 steps, cpu": find}
