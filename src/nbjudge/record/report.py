"""A class's results: two CSV files, a table for the terminal, a line that sums up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.record.receipt import GRADED, Receipt, write_atomically

RESULT_COLUMNS = ("student", "test", "points", "max_points", "verdict", "message", "notebook", "exercise")
SUMMARY_COLUMNS = ("student", "score", "max_score", "status")
# With more exercises than this, the marks share one column of the table.
_MOST_COLUMNS = 4
# A spreadsheet takes a cell that starts with one of these for a formula (OWASP, "CSV injection").
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def write_results(path: Path, receipts: Iterable[Receipt]) -> None:
    """One row per test of every submission, columns RESULT_COLUMNS."""
    rows = ((one.student, *_test(verdict)) for one in receipts for verdict in one.verdicts)
    write_atomically(path, _csv(RESULT_COLUMNS, rows))


def _test(verdict: Verdict) -> tuple[Any, ...]:
    return (
        verdict.test,
        verdict.points,
        verdict.max_points,
        str(verdict.outcome),
        verdict.message,
        verdict.notebook,
        verdict.exercise,
    )


def write_summary(path: Path, receipts: Iterable[Receipt]) -> None:
    """One row per submission, columns SUMMARY_COLUMNS."""
    rows = ((one.student, one.score, one.max_score, one.status) for one in receipts)
    write_atomically(path, _csv(SUMMARY_COLUMNS, rows))


def _csv(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file, one after the other."""
    for row in chain([heading], rows):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow([_csv_cell(value) for value in row])
        yield text.getvalue()


def _csv_cell(value: Any) -> str:
    """A value as a cell that no spreadsheet runs: a quote goes before what looks like a formula."""
    if isinstance(value, (int, float)):
        return number(value)
    text = one_line(str(value))
    return "'" + text if text.startswith(_FORMULA_STARTS) or str(value).startswith(_FORMULA_STARTS) else text


def number(value: float) -> str:
    """A number of points without needless digits: 2, 0.5, 3.333."""
    # Adding zero turns -0.0 into 0.0.
    return f"{round(value, 3) + 0.0:.3f}".rstrip("0").rstrip(".")


def one_line(text: str) -> str:
    """The text with runs of white space and control characters turned into single blanks."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def went_wrong(receipt: Receipt) -> str:
    """What a member of staff should read first about a submission; empty when all is well."""
    if receipt.status != GRADED:
        return one_line(receipt.status)
    if receipt.not_judged:
        names = ", ".join(verdict.test for verdict in receipt.not_judged)
        return one_line(f"not judged: {names}")
    if receipt.diagnosis:
        return one_line(" ".join(receipt.diagnosis.values()))
    if receipt.events:
        return one_line("; ".join(receipt.events))
    failed = [one for one in receipt.verdicts if one.outcome is Outcome.FAILED]
    if not failed:
        return one_line(" ".join(receipt.repairs))
    return one_line(next((f"{one.test}: {one.message}" for one in failed if one.message), failed[0].test))


def exercise_marks(receipt: Receipt) -> dict[tuple[str, str], list[Verdict]]:
    """The verdicts by notebook and exercise, in the order of the tests."""
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in receipt.verdicts:
        groups.setdefault((verdict.notebook, verdict.exercise), []).append(verdict)
    return groups


def class_table(receipts: Sequence[Receipt], title: str = "") -> Table:
    """A table for the terminal: student, score, marks by exercise, what went wrong (cut to the width)."""
    exercises = list(dict.fromkeys(key for receipt in receipts for key in exercise_marks(receipt)))
    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    table.add_column("student", overflow="ellipsis", no_wrap=True, min_width=8, max_width=18)
    table.add_column("score", justify="right", no_wrap=True)
    columns = exercises if len(exercises) <= _MOST_COLUMNS else []
    for _, exercise in columns:
        heading = Text(one_line(exercise.replace("_", " ")), no_wrap=False, overflow="fold")
        table.add_column(heading, justify="right", no_wrap=True, width=_heading_width(heading.plain))
    if not columns and exercises:
        table.add_column("by exercise", overflow="ellipsis", no_wrap=True, max_width=40)
    # Not no_wrap: rich narrows only columns that may wrap. The cells themselves are cut, not wrapped.
    table.add_column("what went wrong", min_width=10)
    for receipt in receipts:
        groups = exercise_marks(receipt)
        marks = [_marks(groups.get(key, [])) for key in exercises]
        cells = marks if columns else [Text(" ").join(marks)] if exercises else []
        wrong = Text(went_wrong(receipt), no_wrap=True, overflow="ellipsis")
        table.add_row(Text(one_line(receipt.student)), _score(receipt), *cells, wrong)
    return table


def _heading_width(heading: str) -> int:
    """Room for the longest word and for marks such as 12.5/15?, within bounds."""
    return min(max(len(word) for word in [*heading.split(), "00/00?"]), 12)


def _score(receipt: Receipt) -> Text:
    if receipt.status != GRADED and not receipt.verdicts:
        return Text("–", "magenta")
    return _fraction(receipt.score, receipt.max_score, unsure=bool(receipt.not_judged))


def _marks(verdicts: Sequence[Verdict]) -> Text:
    if not verdicts:
        return Text("–", "dim")
    unsure = any(one.outcome is Outcome.NOT_JUDGED for one in verdicts)
    return _fraction(sum(one.points for one in verdicts), sum(one.max_points for one in verdicts), unsure)


def _fraction(points: float, most: float, unsure: bool) -> Text:
    """``3/5``, with a question mark where something was not judged."""
    style = "magenta" if unsure else "green" if points >= most else "yellow" if points > 0 else "red"
    return Text(f"{number(points)}/{number(most)}" + ("?" if unsure else ""), style)


def summary_line(receipts: Sequence[Receipt], seconds: float) -> str:
    """How many were graded, how many not, and how long it took; ``seconds`` is the whole run's wall clock."""
    unsure = sum(bool(one.not_judged) for one in receipts)
    graded = sum(one.status == GRADED and not one.not_judged for one in receipts)
    parts = [f"{graded} graded"]
    if other := len(receipts) - graded - unsure:
        parts.append(f"{other} not graded")
    if unsure:
        parts.append(f"{unsure} with tests not judged")
    each = seconds / len(receipts) if receipts else 0.0
    took = f"{seconds / 60:.1f} minutes" if seconds >= 60 else f"{seconds:.1f} seconds"
    return f"{', '.join(parts)} in {took}, {each:.2f} s per submission."
