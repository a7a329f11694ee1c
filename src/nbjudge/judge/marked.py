"""The notebook that graders see in formgrader: the student's answers, their outputs, and the verdicts.

Test cells stand in it as the student has them, without their hidden part, so that no feedback made from this
notebook can reveal one.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import nbformat

from nbjudge.judge.judged import Judged
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.sandbox.outputs import output
from nbjudge.submission.repair import Step


def marked_notebook(
    released: Mapping[str, Any],
    answers: Mapping[str, str],
    steps: Sequence[Step],
    judged: Judged,
    verdicts: Sequence[Verdict],
) -> Any:
    """Fill a released nbformat document with a submission's answers, outputs and verdicts.

    Cells that the student added stand behind the cell that they follow in the order of execution.
    """
    document = nbformat.from_dict(copy.deepcopy(dict(released)))  # type: ignore[no-untyped-call]
    by_test = {verdict.test: verdict for verdict in verdicts}
    runs = {_key(step): judged.runs.get(position) for position, step in enumerate(steps)}
    sources = {_key(step): step.source for step in steps if step.kind == "student"}
    extra = _added(steps, {_cell_key(cell) for cell in document.cells})
    cells = []
    for cell in document.cells:
        key = _cell_key(cell)
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
        if cell.cell_type == "code":
            cell.source = sources.get(key, cell.source)
            run = runs.get(key)
            cell.outputs = [nbformat.from_dict(output) for output in run.outputs] if run else []  # type: ignore[no-untyped-call]
            if name in by_test:
                cell.outputs = _verdict_outputs(by_test[name])
        cells.append(cell)
        cells += [_added_cell(steps[position], judged, position) for position in extra.get(key, [])]
    document.cells = [*(_added_cell(steps[p], judged, p) for p in extra.get("", [])), *cells]
    return document


def _key(step: Step) -> str:
    return f"grade:{step.grade_id}" if step.grade_id else f"id:{step.cell.id}"


def _cell_key(cell: Any) -> str:
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    return f"grade:{name}" if name else f"id:{cell.get('id', '')}"


def _added(steps: Sequence[Step], known: set[str]) -> dict[str, list[int]]:
    """Positions of the student's own cells, by the released cell that they follow ("" for none)."""
    added: dict[str, list[int]] = {}
    last = ""
    for position, step in enumerate(steps):
        if _key(step) in known:
            last = _key(step)
        else:
            added.setdefault(last, []).append(position)
    return added


def _added_cell(step: Step, judged: Judged, position: int) -> Any:
    run = judged.runs.get(position)
    outputs = [nbformat.from_dict(output) for output in run.outputs] if run else []  # type: ignore[no-untyped-call]
    cell: dict[str, Any] = {"cell_type": "code", "id": uuid4().hex[:8], "metadata": {}, "execution_count": None}
    return nbformat.from_dict({**cell, "source": step.source, "outputs": outputs})  # type: ignore[no-untyped-call]


def _verdict_outputs(verdict: Verdict) -> list[Any]:
    """Outputs from which nbgrader reads the same points: nothing, a number, or an error."""
    if verdict.outcome is Outcome.PASSED:
        return []
    if verdict.points > 0:
        data = {"text/plain": repr(verdict.points)}
        return [output("execute_result", data=data, metadata={}, execution_count=None)]
    name = "NotJudged" if verdict.outcome is Outcome.NOT_JUDGED else "Failed"
    return [output("error", ename=name, evalue=verdict.message, traceback=[f"{name}: {verdict.message}"])]
