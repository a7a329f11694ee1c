"""A judge's connection to an honest agent in a process of its own, and to one that answers as a test likes."""

from __future__ import annotations

import contextlib
import socket
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from local_kernel import LocalKernel

from nbjudge.border.student import Student
from nbjudge.border.wire import WireError, WireTimeout, receive, send


@contextlib.contextmanager
def honest(source: str = "", call_seconds: float = 20.0) -> Iterator[Student]:
    """A student whose kernel has run one cell."""
    kernel = LocalKernel()
    try:
        assert kernel.execute({"source": textwrap.dedent(source)}, 20).status == "ok"
        yield Student(kernel.agent, kernel.interrupt, call_seconds)
    finally:
        kernel.close()


@contextlib.contextmanager
def hostile(answer: Callable[[list[Any], socket.socket], Any], call_seconds: float = 20.0) -> Iterator[Student]:
    """A student whose agent sends what ``answer`` makes of a request; nothing for None."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with contextlib.suppress(WireError, WireTimeout, OSError):
            while True:
                reply = answer(receive(theirs, time.monotonic() + 20), theirs)
                if reply is not None:
                    send(theirs, reply)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Student(ours, lambda: None, call_seconds)
    finally:
        ours.close()
        theirs.close()
        thread.join(10)


def get(student: Student, name: str) -> Any:
    """The value of a name on the student's side."""
    (value,) = student.get(name)
    return value
