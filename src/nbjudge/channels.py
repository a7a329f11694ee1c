"""The five channels of a Jupyter kernel as listening unix sockets that the grader makes and keeps."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from contextlib import suppress

PORTS = {"shell": 1, "iopub": 2, "stdin": 3, "control": 4, "hb": 5}


def path(base: str, channel: str) -> str:
    """Where a channel listens: Jupyter's ipc transport joins the "ip" and the "port" with a dash."""
    return f"{base}-{PORTS[channel]}"


def listen(base: str, channels: Iterable[str]) -> dict[str, socket.socket]:
    """One listening socket a channel. Raises OSError when the folder is gone or the path is too long."""
    sockets: dict[str, socket.socket] = {}
    try:
        for channel in channels:
            sockets[channel] = socket.socket(socket.AF_UNIX)
            sockets[channel].bind(path(base, channel))
            sockets[channel].listen(16)
    except OSError:
        close(base, sockets)
        raise
    return sockets


def close(base: str, sockets: dict[str, socket.socket]) -> None:
    """Close the sockets and remove their names."""
    for channel, sock in sockets.items():
        sock.close()
        with suppress(OSError):
            os.unlink(path(base, channel))
