"""Framing of the messages between the judge and the student's side: a length, then one msgpack value."""

from __future__ import annotations

import array
import select
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

import msgpack

from nbjudge.border.bounds import MAX_BYTES, MAX_NODES

MAX_MESSAGE = 2 * MAX_BYTES
MAX_ELEMENTS = 4 * MAX_NODES  # a node of a tree is a list with a tag
MAX_FILES = 64  # with one message

_LENGTH = struct.Struct(">Q")


class WireError(Exception):
    """The peer closed the connection or sent something that is not a well-formed message."""


class WireTimeout(Exception):
    """The peer's message did not arrive in time."""


class Unsendable(Exception):
    """A message of one's own is too large, or not of plain numbers, text, bytes and lists; nothing was sent."""


def send(sock: socket.socket, message: Any, deadline: float | None = None, files: Sequence[int] = ()) -> None:
    """Send one message and with it open files. ``deadline`` is in ``time.monotonic()`` seconds; None waits for ever.

    Raises WireError when the peer is gone, WireTimeout when it does not read in time, Unsendable when no peer
    would accept the message.
    """
    try:
        data = msgpack.packb(message, unicode_errors="surrogatepass")
    except (ValueError, TypeError, OverflowError, MemoryError) as error:
        raise Unsendable(f"a message cannot be packed ({type(error).__name__})") from None
    if len(data) > MAX_MESSAGE:
        raise Unsendable(f"a message has {len(data)} bytes, {MAX_MESSAGE} are allowed")
    parts = [memoryview(_LENGTH.pack(len(data))), memoryview(data)]
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))] if files else []
    while parts:
        _wait(sock, deadline, write=True)
        try:
            sent = sock.sendmsg(parts, rights, socket.MSG_DONTWAIT)
            rights = []
            parts = _after(parts, sent)
        except BlockingIOError:
            continue
        except OSError as error:
            raise WireError(f"the connection broke: {error}") from None


def _after(parts: list[memoryview], sent: int) -> list[memoryview]:
    while parts and sent >= len(parts[0]):
        sent -= len(parts.pop(0))
    return [parts[0][sent:], *parts[1:]] if parts else []


def receive(sock: socket.socket, deadline: float | None = None, files: list[int] | None = None) -> Any:
    """Wait for one message of at most MAX_MESSAGE bytes.

    Open files that come with it are put into ``files``; without one, the system drops them.
    Raises WireError (closed, oversized, malformed) or WireTimeout.
    """
    (length,) = _LENGTH.unpack(_read(sock, _LENGTH.size, deadline, files))
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


def _read(sock: socket.socket, size: int, deadline: float | None, files: list[int] | None = None) -> bytearray:
    # Grown as data comes: an announced length alone must not cost memory.
    data = bytearray()
    while len(data) < size:
        _wait(sock, deadline, write=False)
        try:
            if files is None:
                part = sock.recv(min(size - len(data), 2**20), socket.MSG_DONTWAIT)
            else:
                part, more, _, _ = socket.recv_fds(sock, size - len(data), MAX_FILES, socket.MSG_DONTWAIT)
                files += more
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
