"""Verdicts: what the judge says of one test cell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Three values: a grader's own fault is never a zero."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True)
class Verdict:
    """The judgement of one test cell of one submission.

    ``message`` is for the student and reveals nothing hidden; ``detail`` is for staff only and may hold
    assertion text and hidden inputs. A verdict is PASSED only with full points; partial credit is FAILED with
    points above zero.
    """

    notebook: str
    exercise: str
    test: str
    points: float
    max_points: float
    outcome: Outcome
    message: str = ""
    detail: str = ""
    seconds: float = 0.0
