"""A judged notebook as data, and the time that judging it may take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from nbjudge.judge.protocols import CellRun
from nbjudge.judge.task import Limits
from nbjudge.judge.testcell import TestResult

PATIENCE = 0.3  # each time-out leaves this share of the time for what comes after it, down to LEAST
LEAST = 0.2


@dataclass
class Judged:
    """A judged notebook: a result per test cell, a run per student's cell, and what went wrong around them.

    ``runs`` maps a step's position to its run; ``lost`` a step's position to why it could not be run.
    ``missing`` maps a file to why the cells could not have it. ``fetched`` are names computed in released cells
    that a test read from the student's side.
    """

    results: dict[str, TestResult] = field(default_factory=dict)
    runs: dict[int, CellRun] = field(default_factory=dict)
    lost: dict[int, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    fetched: set[str] = field(default_factory=set)


class Clock:
    """How long the next thing may take: less after each time-out, and never longer than the notebook has left."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._end = time.monotonic() + limits.notebook
        self._patience = 1.0

    @property
    def call_seconds(self) -> float:
        """For one call into the student's code."""
        return self._limits.call * self._patience

    @property
    def spent(self) -> bool:
        """Whether the notebook has used up its time."""
        return time.monotonic() >= self._end

    def left(self) -> float:
        """Seconds for one cell, from now."""
        return max(0.1, min(self._limits.cell * self._patience, self._end - time.monotonic()))

    def lose_patience(self) -> None:
        """After a time-out."""
        self._patience = max(LEAST, self._patience * PATIENCE)
