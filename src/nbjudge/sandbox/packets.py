"""Small JSON packets with open files attached, between the grader and the zygote."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from typing import Any

PACKET_LIMIT = 65536
FILES_LIMIT = 16


def send(sock: socket.socket, content: dict[str, Any], files: Sequence[int] = ()) -> None:
    """Send one packet on a SOCK_SEQPACKET socket; the files are duplicated into the receiver."""
    socket.send_fds(sock, [json.dumps(content).encode()], list(files))


def receive(sock: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """The next packet and its files. Raises EOFError at the end, ValueError for junk."""
    data, files, _flags, _address = socket.recv_fds(sock, PACKET_LIMIT, FILES_LIMIT)
    if not data:
        raise EOFError("the other side closed the connection")
    content = json.loads(data)
    if not isinstance(content, dict):
        raise ValueError("a packet must be a JSON object")
    return content, files
