"""Receipts: everything that a grade rests on, one JSON file per submission."""

from __future__ import annotations

import hashlib
import json
import math
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from nbjudge.errors import SubmissionError
from nbjudge.judge.verdict import Outcome, Verdict

GRADED = "graded"
DRAFT = ".writing-"  # how the names of half-written files begin


@dataclass(frozen=True)
class Receipt:
    """The grade of one submission and what it rests on.

    ``status`` is "graded", or says in words why not ("damaged: ...", "the kernel died in ...").
    ``events`` say what happened while it was judged: a cell that hung, a process that ended.
    ``diagnosis`` maps an exercise's name to the sentence about the likely mistake; ``mistakes`` maps each exercise
    that lost points to a hash of the known mistakes that it was compared with. ``hashes`` has the keys
    submission, tests, references, environment and grader, ``notebooks`` for each notebook a hash of all that its
    verdicts rest on (hex SHA-256). ``limits`` are the time and space that were allowed. ``submissions`` is the
    folder that the submission lay in, relative to the course's. ``started`` and ``handed_in`` are ISO times in
    UTC, ``seconds`` the time spent by part, ``questions`` the grade ids that a person will grade, ``unanswered``
    those of answers left as they were handed out, each behind its notebook's name: "intro/why".

    A verdict's ``detail`` is the staff's and is not written: no test can be read from a receipt.
    """

    student: str
    assignment: str
    status: str
    score: float
    max_score: float
    verdicts: tuple[Verdict, ...] = ()
    repairs: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    diagnosis: Mapping[str, str] = field(default_factory=dict)
    mistakes: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    notebooks: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    device: str = "cpu"
    isolation: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    submissions: str = ""
    handed_in: str = ""
    started: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def not_judged(self) -> tuple[Verdict, ...]:
        """The tests that the grader could not judge: never a zero, always reported."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome is Outcome.NOT_JUDGED)

    def to_json(self) -> str:
        """Stable text in ASCII: sorted keys, two blanks of indent, a line end at the end."""
        content = asdict(self)
        for verdict in content["verdicts"]:
            del verdict["detail"]
        return json.dumps(content, sort_keys=True, indent=2, allow_nan=False) + "\n"

    @property
    def done(self) -> bool:
        """Whether all was judged that could be, so that it need not be tried again."""
        return not self.not_judged and not self.status.startswith("not recorded")


def from_json(text: str) -> Receipt:
    """The receipt that ``to_json`` wrote.

    Raises:
        SubmissionError: this isn't JSON, or a field is missing, unknown or of a wrong type.
    """
    try:
        content = json.loads(text)
        _check_fields(content, Receipt)
        verdicts = content.pop("verdicts")
        for verdict in verdicts:
            _check_fields(verdict, Verdict)
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in content.items()
        }
        values["verdicts"] = tuple(Verdict(**one | {"outcome": Outcome(one["outcome"])}) for one in verdicts)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SubmissionError(f"this is not a receipt: {error}", fix="Delete it and grade again.") from None
    return Receipt(**values)


def _check_fields(content: Any, kind: type[Receipt] | type[Verdict]) -> None:
    """Raise ValueError unless the mapping has exactly the dataclass's fields with values of their types."""
    if not isinstance(content, dict):
        raise ValueError(f"a {kind.__name__} is not a mapping")
    expected = {part.name: str(part.type) for part in fields(kind) if part.name != "detail"}
    if different := sorted(expected.keys() ^ content.keys()):
        raise ValueError(f"missing or unknown fields in a {kind.__name__}: {', '.join(different)[:200]}")
    for name, kind_name in expected.items():
        if not _fits(content[name], kind_name):
            raise ValueError(f"{name} of a {kind.__name__} should be {kind_name}")


def _fits(value: Any, kind: str) -> bool:
    if kind == "int":
        return type(value) is int
    if kind == "float":
        return type(value) in (int, float) and math.isfinite(value)
    if kind.startswith("tuple"):
        item = str if "str" in kind else dict
        return isinstance(value, list) and all(isinstance(one, item) for one in value)
    if kind.startswith("Mapping"):
        inner = "float" if kind.endswith("float]") else "str"
        return isinstance(value, dict) and all(_fits(one, inner) for one in value.values())
    return isinstance(value, str)


def hash_files(files: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over names and contents; the order of the mapping does not matter."""
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode("utf-8", "surrogateescape"), files[name]):
            # Lengths keep ("ab", "c") apart from ("a", "bc").
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def write_atomically(path: Path, data: bytes | str | Iterable[str]) -> None:
    """Write a file so that a reader sees the old one or the whole new one, never half of it.

    Text may come in parts, which need not be in memory all at once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = [data] if isinstance(data, (bytes, str)) else data
    draft = path.with_name(f"{DRAFT}{os.getpid()}-{secrets.token_hex(8)}")
    try:
        with draft.open("wb") as file:
            for part in parts:
                # Lone surrogates, which a student's message may hold, become question marks.
                file.write(part.encode("utf-8", "replace") if isinstance(part, str) else part)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
