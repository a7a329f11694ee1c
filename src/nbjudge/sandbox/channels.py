"""The channels of a Jupyter kernel as unix sockets: the grader makes them, and the kernel is handed them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from contextlib import suppress

import zmq

from nbjudge.sandbox import messages

MESSAGE_LIMIT = 32 * 1024 * 1024  # bytes in one frame; a longer one costs the kernel its connection
QUEUE_LIMIT = 32  # messages that wait here; further ones wait, and are dropped, in the kernel
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


def connect(kind: int, base: str, channel: str) -> zmq.Socket[bytes]:
    """The grader's end of a channel; what arrives is bounded in size and in number."""
    sock: zmq.Socket[bytes] = zmq.Context.instance().socket(kind)
    sock.setsockopt(zmq.LINGER, 0)
    sock.setsockopt(zmq.MAXMSGSIZE, MESSAGE_LIMIT)
    sock.setsockopt(zmq.RCVHWM, QUEUE_LIMIT)
    if kind == zmq.SUB:
        sock.setsockopt(zmq.SUBSCRIBE, b"")
    sock.connect(f"ipc://{path(base, channel)}")
    return sock


def receive(sock: zmq.Socket[bytes]) -> messages.Message | None:
    """The next message without waiting; None if there is none or it makes no sense."""
    try:
        return messages.read(sock.recv_multipart(flags=zmq.DONTWAIT))
    except zmq.ZMQError:
        return None
