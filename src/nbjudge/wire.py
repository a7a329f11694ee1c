"""Framing of the messages between the judge and the student's side: a length, then one msgpack value."""

from __future__ import annotations

import select
import socket
import struct
import time
from typing import Any

import msgpack

from nbjudge.border import MAX_BYTES

_LENGTH = struct.Struct(">Q")


class WireError(Exception):
    """The peer closed the connection or sent something that is not a well-formed message."""


class WireTimeout(Exception):
    """The peer's message did not arrive in time."""


def send(sock: socket.socket, message: Any, deadline: float | None = None) -> None:
    """Send one message. ``deadline`` is in ``time.monotonic()`` seconds; None waits for ever.

    Raises WireError when the peer is gone, WireTimeout when it does not read in time.
    """
    data = msgpack.packb(message, unicode_errors="surrogatepass")
    view = memoryview(_LENGTH.pack(len(data)) + data)
    while view:
        _wait(sock, deadline, write=True)
        try:
            view = view[sock.send(view, socket.MSG_DONTWAIT) :]
        except BlockingIOError:
            continue
        except OSError as error:
            raise WireError(f"the connection broke: {error}") from None


def receive(sock: socket.socket, deadline: float | None = None, most: int = 2 * MAX_BYTES) -> Any:
    """Wait for one message of at most ``most`` bytes.

    Raises WireError (closed, oversized, malformed) or WireTimeout.
    """
    (length,) = _LENGTH.unpack(_read(sock, _LENGTH.size, deadline))
    if length > most:
        raise WireError(f"a message of {length} bytes was announced, {most} are allowed")
    data = _read(sock, length, deadline)
    try:
        return msgpack.unpackb(data, strict_map_key=True, unicode_errors="surrogatepass", max_ext_len=0, max_map_len=0)
    except (ValueError, TypeError, msgpack.UnpackException, RecursionError, MemoryError) as error:
        raise WireError(f"a message was malformed ({type(error).__name__})") from None


def _read(sock: socket.socket, size: int, deadline: float | None) -> bytearray:
    # Grown as data comes: an announced length alone must not cost memory.
    data = bytearray()
    while len(data) < size:
        _wait(sock, deadline, write=False)
        try:
            part = sock.recv(min(size - len(data), 2**20), socket.MSG_DONTWAIT)
        except BlockingIOError:
            continue
        except OSError as error:
            raise WireError(f"the connection broke: {error}") from None
        if not part:
            raise WireError("the connection was closed")
        data += part
    return data


def _wait(sock: socket.socket, deadline: float | None, write: bool) -> None:
    wait = None if deadline is None else max(0.0, deadline - time.monotonic())
    poll = select.poll()
    poll.register(sock, select.POLLOUT if write else select.POLLIN)
    if not poll.poll(None if wait is None else wait * 1000):
        raise WireTimeout
