"""A last look at the finished release: nothing in it may come from what students must not see."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbjudge.master.assignment import Assignment
from nbjudge.master.markers import Kind, check_markers, hidden_lines, label, scheme_lines, solution_lines
from nbjudge.master.notebook import Cell, read_notebook

_MARKERS = tuple(f"{edge} {kind}" for kind in Kind for edge in ("BEGIN", "END"))
_STAFF = re.compile(r"\bautograder(?:/|\.[A-Za-z_])|\b(?:from|import)\s+autograder\b")
_TRIVIAL = {"raise NotImplementedError()", "raise NotImplementedError", "if __name__ == '__main__':"}
# A secret line this long is looked for inside other lines too; a shorter one only as a whole line.
_LONG = 24


@dataclass(frozen=True)
class Leak:
    """A place in the release that gives something away; ``line`` counts from 1, 0 means the whole cell."""

    notebook: str
    cell: str
    line: int
    what: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        return f"{self.notebook}, {self.cell}{line}: {self.what}"


def find_leaks(master: Assignment, released: Mapping[str, Any], files: Mapping[str, str] | None = None) -> list[Leak]:
    """Everything in a finished release that gives a solution, a hidden test or a mark scheme away.

    ``released`` holds the released nbformat documents by name, ``files`` the text of the other released files
    by their relative path. Lines that the master shows elsewhere, and lines too plain to tell anything
    (``return x``, ``else:``), do not count.
    """
    secrets = _secrets(master)
    leaks = []
    for name, document in released.items():
        notebook = read_notebook(document, name)
        leaks += [Leak(name, p.cell, p.line, p.what) for p in check_markers(notebook)]
        for cell, raw in zip(notebook.cells, document["cells"], strict=True):
            found = [*_in_text(cell.source, secrets), *_in_shape(cell, raw)]
            for text in _strings({key: raw[key] for key in raw if key != "source"}):
                found += [(0, f"outside its source, {what}") for _, what in _in_text(text, secrets)]
            leaks += [Leak(name, label(cell), line, what) for line, what in found]
        for text in _strings(document.get("metadata", {})):
            leaks += [Leak(name, "metadata", 0, what) for _, what in _in_text(text, secrets)]
    for path, text in (files or {}).items():
        leaks += [Leak(path, "file", line, what) for line, what in _in_text(text, secrets)]
    return list(dict.fromkeys(leaks))


def _secrets(master: Assignment) -> dict[str, str]:
    """What each telling hidden line is, by the line with its spaces folded."""
    secrets: dict[str, str] = {}
    shown: set[str] = set()
    for notebook in master.notebooks:
        for cell in notebook.cells:
            kinds = {
                "a line of the solution": solution_lines(cell),
                "a hidden test": hidden_lines(cell.source),
                "a line of the mark scheme": scheme_lines(cell),
            }
            for number, line in enumerate(cell.source.split("\n"), start=1):
                kind = next((kind for kind, lines in kinds.items() if number in lines), "")
                if not kind:
                    shown.add(_fold(line))
                elif _telling(line):
                    secrets[_fold(line)] = kind
    return {line: kind for line, kind in secrets.items() if line not in shown}


def _telling(line: str) -> bool:
    """Whether a line is specific enough that finding it elsewhere is no chance."""
    folded = _fold(line)
    if folded in _TRIVIAL or any(marker in line for marker in _MARKERS):
        return False
    return len(folded) >= 10 and len(re.findall(r"\w+", folded)) >= 3


def _fold(line: str) -> str:
    return " ".join(line.split())


def _in_text(text: str, secrets: dict[str, str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        yield from ((number, f"the marker '{marker}'") for marker in _MARKERS if marker in line)
        if _STAFF.search(line):
            yield number, "the path of a staff-only module"
        folded = _fold(line)
        for secret, kind in secrets.items():
            if secret == folded or (len(secret) >= _LONG and secret in folded):
                yield number, f"{kind}: '{secret}'"


def _in_shape(cell: Cell, raw: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    if raw.get("outputs"):
        yield 0, "an output"
    if raw.get("execution_count") is not None:
        yield 0, "an execution count"
    for name in raw.get("attachments", {}):
        if f"attachment:{name}" not in cell.source:
            yield 0, f"the attachment '{name}', which it does not show"


def _strings(value: Any) -> Iterator[str]:
    """Every string inside a JSON value, keys included; what is text in base64 comes decoded as well."""
    if isinstance(value, str):
        yield value
        if len(value) >= _LONG and re.fullmatch(r"[A-Za-z0-9+/\s]+=*\s*", value):
            try:
                yield base64.b64decode(value).decode("utf-8")
            except (binascii.Error, UnicodeDecodeError):
                return
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield str(key)
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
