"""Ways to do the same work, timed in turns, and their rows of the table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

Way = Callable[[], str]  # does the work once and says in a few words what came out


@dataclass(frozen=True)
class Row:
    """One way to do a task: its median time in seconds, how many times as fast as the first way it is, the outcome."""

    task: str
    way: str
    seconds: float
    speed: float
    outcome: str


def compare(task: str, ways: dict[str, Way], runs: int) -> list[Row]:
    """Time each way `runs` times, after one warm-up, in turns: what slows the machine down slows down all of them.

    The speed is the median over the rounds of the first way's time in a round divided by the way's own.
    """
    outcomes = {name: way() for name, way in ways.items()}
    rounds = [{name: _seconds(way) for name, way in ways.items()} for _ in range(runs)]
    first = next(iter(ways))
    return [
        Row(
            task,
            name,
            statistics.median(each[name] for each in rounds),
            statistics.median(each[first] / each[name] for each in rounds),
            outcomes[name],
        )
        for name in ways
    ]


def _seconds(way: Way) -> float:
    started = time.perf_counter()
    way()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - started
