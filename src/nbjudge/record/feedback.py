"""A feedback page for each student: one HTML file that needs nothing else and runs nothing.

Only what is meant for the student is shown (messages, diagnosis, points); a verdict's ``detail`` never is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.record.receipt import GRADED, Receipt, write_atomically
from nbjudge.record.report import exercise_marks, number, one_line

# A message longer than this is cut: nobody reads on, and a student's exception may hold megabytes.
_LONGEST_MESSAGE = 2000


@dataclass(frozen=True)
class _Row:
    """One test as the page shows it."""

    title: str
    points: str
    max_points: str
    state: str  # passed, partial, failed or unsure
    message: str


@dataclass(frozen=True)
class _Section:
    """One exercise as the page shows it."""

    title: str
    is_code: bool  # the title is the exercise's own name, such as a function's
    notebook: str
    points: str
    max_points: str
    state: str
    diagnosis: str
    rows: tuple[_Row, ...]


def write_feedback(folder: Path, receipt: Receipt, titles: Mapping[str, str] | None = None) -> Path:
    """Write ``folder/feedback/<name>.html`` and return its path. ``titles`` may name tests and exercises."""
    path = folder / "feedback" / f"{safe_name(receipt.student)}.html"
    write_atomically(path, render_feedback(receipt, titles))
    return path


def render_feedback(receipt: Receipt, titles: Mapping[str, str] | None = None) -> str:
    """The page as text. Every word that a student may have chosen is escaped."""
    names = titles or {}
    notebooks = {notebook for notebook, _ in exercise_marks(receipt)}
    sections = [
        _section(receipt, exercise, notebook if len(notebooks) > 1 else "", verdicts, names)
        for (notebook, exercise), verdicts in exercise_marks(receipt).items()
    ]
    share = receipt.score / receipt.max_score if receipt.max_score > 0 else 0.0
    return _template().render(
        student=one_line(receipt.student),
        assignment=_title(receipt.assignment, names),
        graded=receipt.status == GRADED,
        status=_capital(_readable(receipt.status)),
        score=number(receipt.score),
        max_score=number(receipt.max_score),
        percent=round(100 * min(max(share, 0.0), 1.0)),
        sections=sections,
        unsure=len(receipt.not_judged),
        perfect=bool(sections) and all(section.state == "passed" for section in sections),
        events=[_capital(_readable(sentence)) for sentence in receipt.events],
        repairs=[_readable(sentence) for sentence in receipt.repairs],
        questions=[_title(name, names) for name in receipt.questions],
        date=_date(receipt.started),
    )


def safe_name(student: str) -> str:
    """A file name for a student that every system takes; names that had to be changed stay distinct."""
    plain = re.sub(r"[^\w.@+-]+", "-", student).lstrip(".-").encode()[:150].decode(errors="ignore")
    # A name that looks like a changed one is changed too, so that nobody can take another's file name.
    if plain == student and plain and not re.search(r"-[0-9a-f]{8}$", plain):
        return plain
    return f"{plain or 'student'}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _section(
    receipt: Receipt, exercise: str, notebook: str, verdicts: Sequence[Verdict], names: Mapping[str, str]
) -> _Section:
    rows = tuple(
        _Row(
            title=_title(verdict.test, names),
            points="–" if verdict.outcome is Outcome.NOT_JUDGED else number(verdict.points),
            max_points=number(verdict.max_points),
            state=_state([verdict]),
            message=_readable(verdict.message),
        )
        for verdict in verdicts
    )
    return _Section(
        title=names.get(exercise, exercise),
        is_code=exercise not in names,
        notebook=notebook,
        points=number(sum(verdict.points for verdict in verdicts)),
        max_points=number(sum(verdict.max_points for verdict in verdicts)),
        state=_state(verdicts),
        diagnosis=_readable(receipt.diagnosis.get(exercise, "")),
        rows=rows,
    )


def _state(verdicts: Sequence[Verdict]) -> str:
    outcomes = {verdict.outcome for verdict in verdicts}
    if Outcome.NOT_JUDGED in outcomes:
        return "unsure"
    if outcomes == {Outcome.PASSED}:
        return "passed"
    return "partial" if any(verdict.points > 0 for verdict in verdicts) else "failed"


def _title(name: str, names: Mapping[str, str]) -> str:
    """A title given for the name, or the name in words: ``test_lr_loss`` becomes "Lr loss"."""
    if name in names:
        return names[name]
    words = re.sub(r"[_-]+", " ", re.sub(r"^test[_-]+", "", name)).strip() or name
    return _capital(words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _readable(text: str) -> str:
    """The text cut to a readable length, without control characters (line ends stay)."""
    cut = text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + " …"
    return "".join(char if char.isprintable() or char == "\n" else " " for char in cut).strip()


def _date(started: str) -> str:
    try:
        return f"{datetime.fromisoformat(started).astimezone(UTC):%d %B %Y, %H:%M} UTC"
    except (ValueError, OverflowError):
        return ""


def _with_code(text: str) -> Markup:
    """Escaped text in which words between backticks become <code>."""
    parts = re.split(r"`([^`\n]+)`", text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("nbjudge"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["with_code"] = _with_code
    return environment.get_template("feedback.html.j2")
