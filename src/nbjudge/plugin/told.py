"""An autograded notebook as its student may see it: no hidden test, no mark scheme, and the judge's words."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import nbformat
from nbgrader.utils import is_grade, is_solution, is_task

from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.master.markers import Kind, split_regions
from nbjudge.record.receipt import Receipt

HIDDEN = "A check with other inputs failed."
FIGURE = "[A figure: run your notebook to see it.]"
_FIGURES = ("application/vnd.plotly.v1+json", "application/vnd.jupyter.widget-view+json")
_NAME = re.compile(r"[\w.-]+")


def told(document: Any, notebook: str, receipt: Receipt | None) -> Any:
    """A copy of an autograded nbformat document, for the student's page.

    A document that the judge has marked holds no hidden test; its tests get the words of the receipt. In one that
    nbgrader itself has executed, hidden tests ran beside the student's code: their lines go, and so does all that
    came out of a cell from the first of them on.
    """
    document = copy.deepcopy(document)
    document.metadata = nbformat.from_dict({"language_info": {"name": "python"}})  # type: ignore[no-untyped-call]
    stock = any(_secrets(cell) for cell in document.cells)
    verdicts = {} if stock or receipt is None else {v.test: v for v in receipt.verdicts if v.notebook == notebook}
    words = dict(_words(verdicts, receipt)) if receipt is not None else {}
    exposed = False
    for cell in document.cells:
        secrets = _secrets(cell)
        exposed = exposed or bool(secrets)
        cell.source = _without(cell.source, secrets)
        cell.metadata = _plain(cell.metadata)
        if cell.cell_type != "code":
            continue
        failed = any(output.output_type == "error" for output in cell.outputs)
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if _is_test(cell) and name in verdicts:
            cell.outputs = [_stream(words[name])] if words[name] else []
        elif exposed:
            cell.outputs = [_stream(HIDDEN)] if failed and _is_test(cell) else []
        else:
            cell.outputs = [_still(output) for output in cell.outputs]
    return document


def _is_test(cell: Any) -> bool:
    return bool(is_grade(cell)) and not is_solution(cell)


def _secrets(cell: Any) -> frozenset[int]:
    """The lines of a staff cell that no student may see; an answer may say what it likes."""
    if is_solution(cell) and not is_task(cell):
        return frozenset()
    regions = [one for one in split_regions(cell.source) if one.kind in (Kind.HIDDEN, Kind.SCHEME)]
    return frozenset(line for one in regions for line in range(one.begin, one.end + 1))


def _without(source: str, secrets: frozenset[int]) -> str:
    return "\n".join(line for number, line in enumerate(source.split("\n"), start=1) if number not in secrets)


def _words(verdicts: dict[str, Verdict], receipt: Receipt) -> Iterator[tuple[str, str]]:
    """What to say under each test; the likely mistake stands under the first test that an exercise lost."""
    diagnosis = dict(receipt.diagnosis)
    for name, verdict in verdicts.items():
        lines = [verdict.message]
        if verdict.outcome is Outcome.FAILED:
            lines.append(diagnosis.pop(verdict.exercise, ""))
        yield name, "\n".join(filter(None, lines))


def _stream(text: str) -> Any:
    return nbformat.v4.new_output("stream", name="stderr", text=f"{text}\n")  # type: ignore[no-untyped-call]


def _plain(metadata: Any) -> Any:
    """A cell's metadata as far as the page needs it: nbgrader's, under a name that can stand in any attribute."""
    about = metadata.get("nbgrader", {})
    kept = {"nbgrader": about} if _NAME.fullmatch(str(about.get("grade_id", ""))) else {}
    return nbformat.from_dict(kept)  # type: ignore[no-untyped-call]


def _still(output: Any) -> Any:
    """The output without its metadata, which may say anything; for a figure that needs a script, a line of text."""
    if "data" not in output:
        return output
    data = dict(output.data)
    if any(kind in data for kind in _FIGURES):
        data = {kind: value for kind, value in data.items() if kind in ("image/png", "image/jpeg")}
    return nbformat.from_dict({**output, "data": data or {"text/plain": FIGURE}, "metadata": {}})  # type: ignore[no-untyped-call]
