"""Framing of the messages between the judge and the student's side: a length, then one msgpack value."""

from __future__ import annotations

import select
import socket
import struct
import time
from typing import Any

import msgpack

from nbjudge.border import MAX_BYTES, MAX_NODES

MAX_MESSAGE = 2 * MAX_BYTES
MAX_ELEMENTS = 4 * MAX_NODES  # a node of a tree is a list with a tag

_LENGTH = struct.Struct(">Q")


class WireError(Exception):
    """The peer closed the connection or sent something that is not a well-formed message."""


class WireTimeout(Exception):
    """The peer's message did not arrive in time."""


class Unsendable(Exception):
    """A message of one's own is too large, or not of plain numbers, text, bytes and lists; nothing was sent."""


def send(sock: socket.socket, message: Any, deadline: float | None = None) -> None:
    """Send one message. ``deadline`` is in ``time.monotonic()`` seconds; None waits for ever.

    Raises WireError when the peer is gone, WireTimeout when it does not read in time, Unsendable when no peer
    would accept the message.
    """
    try:
        data = msgpack.packb(message, unicode_errors="surrogatepass")
    except (ValueError, TypeError, OverflowError, MemoryError) as error:
        raise Unsendable(f"a message cannot be packed ({type(error).__name__})") from None
    if len(data) > MAX_MESSAGE:
        raise Unsendable(f"a message has {len(data)} bytes, {MAX_MESSAGE} are allowed")
    view = memoryview(_LENGTH.pack(len(data)) + data)
    while view:
        _wait(sock, deadline, write=True)
        try:
            view = view[sock.send(view, socket.MSG_DONTWAIT) :]
        except BlockingIOError:
            continue
        except OSError as error:
            raise WireError(f"the connection broke: {error}") from None


def receive(sock: socket.socket, deadline: float | None = None) -> Any:
    """Wait for one message of at most MAX_MESSAGE bytes.

    Raises WireError (closed, oversized, malformed) or WireTimeout.
    """
    (length,) = _LENGTH.unpack(_read(sock, _LENGTH.size, deadline))
    if length > MAX_MESSAGE:
        raise WireError(f"a message of {length} bytes was announced, {MAX_MESSAGE} are allowed")
    data = _read(sock, length, deadline)
    try:
        return _unpack(data)
    except (ValueError, TypeError, msgpack.UnpackException, RecursionError, MemoryError) as error:
        raise WireError(f"a message was malformed ({type(error).__name__})") from None


def _unpack(data: bytearray) -> Any:
    left = MAX_ELEMENTS

    def count(found: list[Any]) -> list[Any]:
        # Counted while the message is read: each of its bytes could stand for an empty list of seventy.
        nonlocal left
        left -= len(found) + 1
        if left < 0:
            raise ValueError("too many elements")
        return found

    longest = min(len(data), MAX_ELEMENTS)
    return msgpack.unpackb(
        data, unicode_errors="surrogatepass", list_hook=count, max_array_len=longest, max_ext_len=0, max_map_len=0
    )


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
    wait = None if deadline is None else deadline - time.monotonic()
    if wait is not None and wait <= 0:
        raise WireTimeout  # even if there is something: a peer could always have one more byte
    if sock.fileno() < 0:
        raise WireError("the connection was closed here")
    poll = select.poll()
    poll.register(sock, select.POLLOUT if write else select.POLLIN)
    if not poll.poll(None if wait is None else wait * 1000):
        raise WireTimeout
