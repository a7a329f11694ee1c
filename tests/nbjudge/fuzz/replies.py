"""What the judge makes of any bytes that come in place of a reply."""

from __future__ import annotations

import socket
import struct
import types
from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np

from nbjudge.border import student as module
from nbjudge.border.handle import Handle
from nbjudge.border.student import Refusal, Student, Unreachable

NONCE = b"12345678"
MOST = 2**20  # of bytes that are sent at once
FUNCTION = ["ref", 7, "function", "function", "f", None]

QUESTIONS: dict[str, Callable[[Student], Any]] = {
    "get": lambda student: student.get("x"),
    "names": lambda student: student.names(),
    "file": lambda student: student.put_file("a.txt", b""),
    "unbind": lambda student: student.unbind("x"),
    "call": lambda student: handle(student)(np.zeros(2), [1, {"a": 2}], key=np.ones(3)),
    "attribute": lambda student: handle(student).weights,
    "length": lambda student: len(handle(student)),
    "text": lambda student: str(handle(student)),
    "items": lambda student: list(handle(student)),
}


def handle(student: Student) -> Handle:
    """A function of the student's."""
    return student._deref(FUNCTION)  # type: ignore[no-any-return]


def packed(content: Any) -> bytes:
    """A message as the agent packs it, without its length."""
    data: bytes = msgpack.packb(content, unicode_errors="surrogatepass")
    return data


def framed(data: bytes) -> bytes:
    """Bytes behind their length, as they travel."""
    return struct.pack(">Q", len(data)) + data


def asked(question: str, sent: bytes) -> str:
    """What sort of answer a question of the judge's gets when ``sent`` is all that ever comes back.

    Raises whatever is neither a value, nor an error that the reply describes, nor a refusal of the judge's.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * MOST)
        theirs.setblocking(False)
        theirs.send(sent[:MOST])
        theirs.shutdown(socket.SHUT_WR)
        student = Student(ours, lambda: None, call_seconds=2.0)
        student.changes = True
        try:
            repr(QUESTIONS[question](student))
        except Unreachable:
            return "unreachable"
        except Refusal:
            return "refused"
        except BaseException as error:
            if _described(error, student):
                return "error"
            raise
    return "value"


def _described(error: BaseException, student: Student) -> bool:
    """Whether the reply says that the student's code raised this; for a KeyError ``unbind`` raises NameError."""
    if not student.transcript:
        return False
    told = student.transcript[-1]
    return told == [type(error).__name__, str(error)] or isinstance(error, NameError)


def fix_the_nonce() -> None:
    """Number the judge's questions in a way that replies made beforehand can know."""
    module.secrets = types.SimpleNamespace(token_bytes=lambda size: NONCE[:size])  # type: ignore[assignment]
