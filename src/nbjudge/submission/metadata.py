"""Gradescope's submission_metadata.yml: who handed in which folder, when, and what the autograder said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from nbjudge.errors import SubmissionError
from nbjudge.submission.untrusted import is_plain

METADATA = "submission_metadata.yml"
LARGEST = 500_000_000  # bytes
FIX = "Download the submissions from Gradescope again."


@dataclass(frozen=True)
class Person:
    """A submitter; ``sid`` and ``email`` may be empty, but not both."""

    name: str
    sid: str
    email: str

    @property
    def student(self) -> str:
        """What we call them: the student id of the roster, or else the address."""
        return self.sid or self.email


@dataclass(frozen=True)
class Handed:
    """One submission in an export: its folder's name, its people, and the results as Gradescope keeps them."""

    folder: str
    submitters: tuple[Person, ...]
    created: datetime | None = None
    results: Mapping[str, Any] = field(default_factory=dict)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML's plain values; Ruby's names for its own classes are passed over."""


def _plain(loader: Any, _suffix: str, node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!ruby/", _plain)


def find_export(path: Path) -> Path | None:
    """The folder of an export: ``path`` itself, or the only folder in it that has the metadata."""
    if (path / METADATA).is_file():
        return path
    inside = sorted(path.glob(f"*/{METADATA}")) if path.is_dir() else []
    return inside[0].parent if len(inside) == 1 else None


def read_metadata(path: Path) -> tuple[Handed, ...]:
    """Every submission in a submission_metadata.yml; raises SubmissionError if that is not what the file is."""
    try:
        if path.stat().st_size > LARGEST:
            raise SubmissionError("this is too large for Gradescope's metadata", str(path))
        return parse_metadata(path.read_bytes(), str(path))
    except OSError as error:
        raise SubmissionError(f"this cannot be read ({error.strerror})", str(path), FIX) from None


def parse_metadata(data: bytes, where: str) -> tuple[Handed, ...]:
    """The same of the file's bytes; ``where`` is for the error."""
    try:
        # Only plain values come out of a safe loader.
        content = yaml.load(data, Loader=_Loader)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        place = "" if line is None else f" near line {line + 1}"
        raise SubmissionError(f"this is not Gradescope's metadata: no YAML{place}", where, FIX) from None
    if not isinstance(content, dict) or not content:
        raise SubmissionError("this is not Gradescope's metadata: it names no submission", where, FIX)
    return tuple(_handed(folder, entry, where) for folder, entry in content.items())


def _handed(folder: Any, entry: Any, where: str) -> Handed:
    if not isinstance(folder, str) or not is_plain(folder) or "/" in folder or not isinstance(entry, dict):
        raise SubmissionError(f"{str(folder)[:80]!a} is no submission", where, FIX)
    people = _get(entry, "submitters")
    found = [_person(one) for one in people if isinstance(one, dict)] if isinstance(people, list) else []
    results = _get(entry, "results")
    return Handed(
        folder,
        tuple(person for person in found if person.student),
        _time(_get(entry, "created_at")),
        results if isinstance(results, dict) else {},
    )


def _person(entry: Mapping[Any, Any]) -> Person:
    name, sid, email = (str(value).strip() if (value := _get(entry, key)) else "" for key in ("name", "sid", "email"))
    return Person(name, sid, email)


def _get(entry: Mapping[Any, Any], key: str) -> Any:
    """Ruby's symbols have a colon in front."""
    return entry.get(f":{key}", entry.get(key))


def _time(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00"))
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else None
