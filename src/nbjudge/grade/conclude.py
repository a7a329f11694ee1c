"""From a submission's judgements to its receipt."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from nbjudge.judge.diagnosis import diagnose
from nbjudge.judge.task import Judgement
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.master.assignment import Assignment
from nbjudge.master.notebook import Role
from nbjudge.pool.prepare import Prepared
from nbjudge.publish.known import Known
from nbjudge.record.receipt import GRADED, Receipt


def conclude(
    master: Assignment,
    prepared: Prepared,
    judgements: Sequence[Judgement],
    known: Known,
    facts: Mapping[str, Any],
    diagnosis: Mapping[str, str] | None = None,
) -> Receipt:
    """The receipt of one submission.

    ``facts`` are the fields that do not come from judging: hashes, seed, device, isolation and more. ``diagnosis``
    is what is known already.
    """
    order = [notebook.name for notebook in master.notebooks]
    judgements = sorted(judgements, key=lambda judgement: order.index(judgement.notebook))
    verdicts = tuple(verdict for judgement in judgements for verdict in judgement.verdicts)
    several = len(order) > 1
    cells = [cell for notebook in master.notebooks for cell in notebook.cells]
    return Receipt(
        student=prepared.submission.student,
        assignment=master.name,
        status=_status(prepared, verdicts),
        score=sum(verdict.points for verdict in verdicts),
        max_score=sum(cell.points for cell in cells if cell.role is Role.TEST),
        verdicts=verdicts,
        repairs=prepared.repairs,
        events=tuple(
            f"{judgement.notebook}: {event}" if several else event
            for judgement in judgements
            for event in judgement.events
        ),
        diagnosis={**(diagnosis or {}), **_diagnosis(judgements, known)},
        questions=tuple(str(cell.grade_id) for cell in cells if cell.role in (Role.MANUAL, Role.TASK)),
        unanswered=tuple(f"{notebook}/{name}" for notebook, name in prepared.unanswered),
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds={"judged": round(sum(judgement.seconds for judgement in judgements), 3)},
        **facts,
    )


def failed(verdicts: Sequence[Verdict]) -> dict[str, dict[str, float]]:
    """The exercises in which a test failed, in order, each with its points by test."""
    exercises = dict.fromkeys(verdict.exercise for verdict in verdicts if verdict.outcome is Outcome.FAILED)
    return {name: {v.test: v.points for v in verdicts if v.exercise == name} for name in exercises}


def _diagnosis(judgements: Sequence[Judgement], known: Known) -> dict[str, str]:
    found = {}
    for judgement in judgements:
        for exercise in failed(judgement.verdicts):
            tests = [verdict.test for verdict in judgement.verdicts if verdict.exercise == exercise]
            # A comparison that stumbles over odd answers costs its sentence only.
            with contextlib.suppress(Exception):
                if sentence := diagnose(judgement.traces, tests, known.get(exercise, [])):
                    found[exercise] = sentence
    return found


def _status(prepared: Prepared, verdicts: Sequence[Verdict]) -> str:
    """Whether it was graded, or what of the submission could not be read or judged."""
    parts = [f"damaged: {name}: {why}" for name, why in prepared.damaged.items()]
    reasons = dict.fromkeys(verdict.message for verdict in verdicts if verdict.outcome is Outcome.NOT_JUDGED)
    parts += [f"not judged: {reason}" for reason in reasons]
    return "; ".join(parts) or GRADED
