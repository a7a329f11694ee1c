"""Jupyter messages as frames, written and read without trust.

A kernel may send anything. What is not a well-formed message reads as None; nothing here raises.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

DELIMITER = b"<IDS|MSG>"


@dataclass(frozen=True)
class Message:
    """One message from a kernel: its type, the id of the request it answers, and its content."""

    kind: str
    parent: str
    content: dict[str, Any]


def request(kind: str, content: dict[str, Any]) -> tuple[str, list[bytes]]:
    """A request's id and its frames; unsigned, for a kernel started with an empty key."""
    number = uuid.uuid4().hex
    header = {"msg_id": number, "msg_type": kind, "session": "nbjudge", "username": "nbjudge"}
    header |= {"version": "5.3", "date": "2000-01-01T00:00:00Z"}
    return number, [DELIMITER, b"", json.dumps(header).encode(), b"{}", b"{}", json.dumps(content).encode()]


def _loads(frame: bytes) -> Any:
    """JSON as Unicode that can be written again: bad bytes and lone surrogates replaced, NaN as None."""
    value = json.loads(frame.decode(errors="replace"), parse_constant=lambda _: None)
    if b"\\ud" in frame.lower():
        value = json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))
    return value


def read(frames: Sequence[bytes]) -> Message | None:
    """The message in the frames, or None."""
    try:
        start = list(frames).index(DELIMITER) + 2
        header, parent, _metadata, content = map(_loads, frames[start : start + 4])
        kind, asked = header["msg_type"], parent.get("msg_id", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not (isinstance(kind, str) and isinstance(asked, str) and isinstance(content, dict)):
        return None
    return Message(kind, asked, content)
