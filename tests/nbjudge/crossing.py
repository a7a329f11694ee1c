"""What a value becomes on its way over the border, msgpack's framing included."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

from nbjudge.border.decode import decode
from nbjudge.border.encode import encode
from nbjudge.border.wire import receive, send


class Stayed:
    """Stands for an object that stayed on the student's side."""

    def __init__(self, node: Any) -> None:
        self.node = node


def crossed(value: Any) -> Any:
    """A value as it arrives on the judge's side; what stays behind becomes a Stayed."""
    return decode(framed(encode(value, lambda item: ["ref", type(item).__name__])), Stayed)


def framed(tree: Any) -> Any:
    """A tree after its way through a socket."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=send, args=(theirs, tree))
        sender.start()
        try:
            return receive(ours, time.monotonic() + 20)
        finally:
            sender.join()
