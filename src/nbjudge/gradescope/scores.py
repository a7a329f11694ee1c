"""What Gradescope exports of a class's scores, as points by test. Values in, values out; nothing is believed unread.

Two kinds: the submissions' metadata, in which each test has its points, and the table of scores, which has them only
if each test was a question there; else a table says no more than all, nothing, or that it cannot be told.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nbjudge.errors import SubmissionError
from nbjudge.gradescope.results import NOT_JUDGED, test_name
from nbjudge.judge.task import exercise_names
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.master.assignment import Assignment
from nbjudge.submission.metadata import Handed

COLUMNS = ("SID", "Email", "Total Score", "Max Points", "Status")
FIX = "Export the scores from Gradescope again."
TOTALS_ONLY = "the table has only the total, {} of {} points: import the downloaded submissions, with their metadata"
CLOSE = 1e-6
_QUESTION = re.compile(r"[\d.]+:?\s+(?P<name>.+?)\s*\((?P<points>[\d.]+) pts?\)")


@dataclass(frozen=True)
class Scored:
    """One student in an export: whom it may be, with the verdicts, or ``problem``, why there are none."""

    names: tuple[str, ...]
    verdicts: tuple[Verdict, ...] = ()
    when: datetime | None = None
    problem: str = ""


@dataclass
class Sheet:
    """The assignment's tests, by the names that they have on Gradescope."""

    master: Assignment
    empty: dict[str, Verdict] = field(init=False)

    def __post_init__(self) -> None:
        self.empty = {}
        for notebook in self.master.notebooks:
            exercises = exercise_names(notebook)
            for cell in notebook.tests:
                test = str(cell.grade_id)
                name = test_name(self.master, notebook.name, test)
                self.empty[name] = Verdict(notebook.name, exercises[test], test, 0.0, cell.points, Outcome.FAILED)

    @property
    def total(self) -> float:
        """The points of all tests."""
        return sum(verdict.max_points for verdict in self.empty.values())

    def verdicts(self, points: Mapping[str, tuple[Any, Any, str]]) -> tuple[Verdict, ...]:
        """Of points, most points and words by name; raises SubmissionError if they are not this assignment's."""
        if missing := sorted(self.empty.keys() - points.keys()):
            raise SubmissionError(f"there is no test '{missing[0]}' in it")
        return tuple(_verdict(empty, *points[name]) for name, empty in self.empty.items())


def _verdict(empty: Verdict, score: Any, most: Any, words: str) -> Verdict:
    points, limit = as_number(score), as_number(most)
    if points is None or limit is None:
        raise SubmissionError(f"'{empty.test}' has no points in it")
    if abs(limit - empty.max_points) > CLOSE:
        what = f"'{empty.test}' has {limit:g} points on Gradescope and {empty.max_points:g} here"
        raise SubmissionError(what, fix="Upload the assignment's zip as it is now, and grade again there.")
    if not -CLOSE <= points <= limit + CLOSE:
        raise SubmissionError(f"'{empty.test}' has {points:g} of {limit:g} points")
    if words.strip() == NOT_JUDGED:
        outcome = Outcome.NOT_JUDGED
    else:
        outcome = Outcome.PASSED if points >= limit - CLOSE else Outcome.FAILED
    message = "" if outcome is Outcome.PASSED else unquoted(words)
    return Verdict(empty.notebook, empty.exercise, empty.test, points, empty.max_points, outcome, message)


def as_number(value: Any) -> float | None:
    """A finite number, if it is one."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) and not isinstance(value, bool) else None


def unquoted(text: str) -> str:
    """The words in what `nbjudge.gradescope.results.quoted` has made."""
    lines = text.strip().split("\n")
    fenced = len(lines) > 1 and lines[0] == lines[-1] and set(lines[0]) == {"`"}
    return "\n".join(lines[1:-1] if fenced else lines)


def from_metadata(handed: Sequence[Handed], master: Assignment) -> Iterator[Scored]:
    """Every submitter of a download."""
    tests = Sheet(master)
    for one in handed:
        for person in one.submitters:
            names = (person.sid, person.email, person.email.partition("@")[0])
            try:
                verdicts = tests.verdicts(_results(one.results))
            except SubmissionError as error:
                yield Scored(_named(names), when=one.created, problem=str(error))
            else:
                yield Scored(_named(names), verdicts, one.created)


def _results(results: Mapping[str, Any]) -> dict[str, tuple[Any, Any, str]]:
    listed = results.get(":tests", results.get("tests"))
    if not isinstance(listed, list) or not listed:
        raise SubmissionError("the autograder has left no results in it")
    found: dict[str, tuple[Any, Any, str]] = {}
    for test in (one for one in listed if isinstance(one, dict)):
        name, score, most, words = (test.get(f":{k}", test.get(k)) for k in ("name", "score", "max_score", "output"))
        if most is not None:
            found[str(name)] = score, most, str(words or "")
    return found


def from_table(text: str, master: Assignment, where: str) -> Iterator[Scored]:
    """Every student in the table of scores; raises SubmissionError if it is no such table."""
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    tests = Sheet(master)
    try:
        columns = [str(name).strip() for name in rows.fieldnames or ()]
        if missing := [name for name in COLUMNS if name not in columns]:
            what = f"this is not Gradescope's table of scores: it has no column '{missing[0]}'"
            raise SubmissionError(what, where, FIX)
        rows.fieldnames = columns
        for row in rows:
            yield _from_row(row, tests)
    except csv.Error as error:
        raise SubmissionError(f"this is not Gradescope's table of scores ({error})", where, FIX) from None


def _from_row(row: Mapping[str, Any], tests: Sheet) -> Scored:
    email = str(row["Email"] or "").strip()
    names = _named((str(row["SID"] or "").strip(), email, email.partition("@")[0]))
    if str(row["Status"]).strip().lower() == "missing":
        return Scored(names, problem="nothing was handed in")
    try:
        return Scored(names, tests.verdicts(_points(row, tests)), _when(row))
    except SubmissionError as error:
        return Scored(names, problem=str(error))


def _points(row: Mapping[str, Any], tests: Sheet) -> dict[str, tuple[Any, Any, str]]:
    asked = [(_QUESTION.fullmatch(str(column)), value) for column, value in row.items()]
    found = {match["name"]: (value, match["points"], "") for match, value in asked if match}
    if tests.empty.keys() <= found.keys():
        return found
    total, most = as_number(row["Total Score"]), as_number(row["Max Points"])
    if total is None or most is None:
        raise SubmissionError("there is no score")
    if abs(most - tests.total) > CLOSE or (total > CLOSE and abs(total - most) > CLOSE):
        raise SubmissionError(TOTALS_ONLY.format(f"{total:g}", f"{most:g}"))
    full = total > CLOSE
    return {name: (one.max_points if full else 0.0, one.max_points, "") for name, one in tests.empty.items()}


def _when(row: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(row.get("Submission Time") or "").strip())
    except ValueError:
        return None


def _named(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
