"""What a regrade would change in the gradebook, shown to a person before it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.record.receipt import Receipt
from nbjudge.record.report import number, one_line


@dataclass(frozen=True)
class Change:
    """One test of one student; None stands for no score: not judged, or no such test."""

    student: str
    notebook: str
    test: str
    old: float | None
    new: float | None


def changes(new: Receipt, old: Receipt | None, recorded: Mapping[tuple[str, str], float | None]) -> Iterator[Change]:
    """What the new receipt changes for a student whose gradebook has the scores ``recorded``, by notebook and test.

    A test that could not be judged the last time has no score to be changed.
    """
    before = {} if old is None else {_key(one): _points(one) for one in old.verdicts}
    unjudged = set() if old is None else {_key(one) for one in old.verdicts if one.outcome is Outcome.NOT_JUDGED}
    after = {_key(one): _points(one) for one in new.verdicts}
    before |= {key: score for key, score in recorded.items() if key in before or key in after}
    for key in dict.fromkeys([*after, *before]):
        if key not in unjudged and before.get(key) != after.get(key):
            yield Change(new.student, *key, before.get(key), after.get(key))


def differences(new: Receipt, old: Receipt) -> Iterator[Change]:
    """In which tests two receipts of one submission differ, by points and by whether they could be judged."""
    before = {_key(one): _points(one) for one in old.verdicts}
    after = {_key(one): _points(one) for one in new.verdicts}
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key):
            yield Change(new.student, *key, before.get(key), after.get(key))


def changes_table(found: Iterable[Change]) -> Table:
    """A table for the terminal: student, test, old score, new score."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("student", "notebook", "test", "old", "", "new"):
        table.add_column(heading, justify="right" if heading in ("old", "new") else "left")
    for one in found:
        style = "green" if (one.new or 0.0) > (one.old or 0.0) else "red"
        names = [Text(one_line(name)) for name in (one.student, one.notebook, one.test)]
        table.add_row(*names, Text(_shown(one.old)), Text("→"), Text(_shown(one.new), style))
    return table


def _key(verdict: Verdict) -> tuple[str, str]:
    return verdict.notebook, verdict.test


def _points(verdict: Verdict) -> float | None:
    return None if verdict.outcome is Outcome.NOT_JUDGED else verdict.points


def _shown(points: float | None) -> str:
    return "–" if points is None else number(points)
