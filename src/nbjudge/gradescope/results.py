"""A receipt as Gradescope's results.json: points by test, words in Markdown. Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nbjudge.gradescope.package import Visibility
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.master.assignment import Assignment
from nbjudge.master.markers import hidden_lines
from nbjudge.record.receipt import GRADED, Receipt

NOT_JUDGED = "This test could not be judged. That is not about your work: please tell the course's staff."
NOT_READ = "The notebook with this test could not be graded; see above."
BROKEN = (
    "**The autograder failed.** This is not about your work, which has not been graded: the points below are no "
    "grade. Please tell the course's staff."
)


def results(master: Assignment, receipt: Receipt, hidden: Visibility, seconds: float) -> dict[str, Any]:
    """What Gradescope is told of a graded submission.

    Tests with a part that students don't have are shown as ``hidden`` says, and so is a diagnosis that rests on one.
    ``seconds`` is how long grading took. There is no total: Gradescope adds up, and shows the sum when all is shown.
    """
    shown = {
        (notebook.name, str(cell.grade_id)): hidden if hidden_lines(cell.source) else "visible"
        for notebook in master.notebooks
        for cell in notebook.tests
    }
    return {
        "execution_time": round(seconds, 1),
        "output": "\n\n".join(_overview(receipt)),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [*_tests(master, receipt, shown), *_diagnoses(receipt, shown)],
    }


def broken(why: str = BROKEN) -> dict[str, Any]:
    """What Gradescope is told when the grader failed: no points, and whose fault it is."""
    return {"score": 0, "output": why, "output_format": "md", "stdout_visibility": "hidden"}


def test_name(master: Assignment, notebook: str, test: str) -> str:
    """What a test is called on Gradescope."""
    return f"{notebook}: {test}" if len(master.notebooks) > 1 else test


def quoted(text: str) -> str:
    """Any text as a block of Markdown in which nothing has a meaning."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text.strip()}\n{fence}"


def _overview(receipt: Receipt) -> Iterator[str]:
    if receipt.status != GRADED:
        yield f"**Not everything could be graded.**\n\n{quoted(receipt.status)}"
    if receipt.not_judged:
        names = "\n".join(verdict.test for verdict in receipt.not_judged)
        yield f"**The autograder could not judge some tests.** This is not about your work.\n\n{quoted(names)}"
    for title, lines in (("What happened while your notebook ran", receipt.events), ("Repaired", receipt.repairs)):
        if lines:
            yield f"{title}:\n\n" + quoted("\n".join(lines))
    if receipt.questions:
        yield f"People will grade {len(receipt.questions)} more answers."
    if receipt.status == GRADED and not receipt.not_judged:
        yield "Every test was judged."


def _tests(master: Assignment, receipt: Receipt, shown: Mapping[tuple[str, str], str]) -> Iterator[dict[str, Any]]:
    judged = {(verdict.notebook, verdict.test): verdict for verdict in receipt.verdicts}
    for notebook in master.notebooks:
        for cell in notebook.tests:
            key = notebook.name, str(cell.grade_id)
            verdict = judged.get(key)
            entry = {"name": test_name(master, *key), "visibility": shown[key], "max_score": cell.points}
            yield entry | (_result(verdict) if verdict else {"score": 0.0, "status": "failed", "output": NOT_READ})


def _result(verdict: Verdict) -> dict[str, Any]:
    if verdict.outcome is Outcome.NOT_JUDGED:
        return {"score": 0.0, "status": "failed", "output": NOT_JUDGED}
    passed = verdict.outcome is Outcome.PASSED
    found = {"score": round(verdict.points, 6) + 0.0, "status": "passed" if passed else "failed"}
    return found | ({"output": quoted(verdict.message)} if verdict.message else {})


def _diagnoses(receipt: Receipt, shown: Mapping[tuple[str, str], str]) -> Iterator[dict[str, Any]]:
    for exercise, sentence in receipt.diagnosis.items():
        seen = {shown[one.notebook, one.test] for one in receipt.verdicts if one.exercise == exercise}
        yield {
            "name": f"{exercise}: what probably happened",
            "visibility": _latest(sorted(seen)),
            "output": quoted(sentence),
        }


def _latest(visibilities: Sequence[str]) -> str:
    """The one of several that shows least."""
    order = ("visible", "after_due_date", "after_published")
    return max(visibilities, key=order.index, default=order[-1])
