"""Landlock: a process gives up, for itself and all that it starts, what it won't need of the disk and of others."""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same numbers on every machine
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL_DEVICE = 1 << 14, 1 << 15
_MAKE_DEVICES = 1 << 6 | 1 << 11
_ALL = (1 << 13) - 1  # what the first version knows of the disk
_SINCE = {2: 1 << 13, 3: _TRUNCATE, 5: _IOCTL_DEVICE}  # rights that later versions added
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
READ = _EXECUTE | _READ_FILE | _READ_DIR
USE = _READ_FILE | _WRITE_FILE
OWN = ~_MAKE_DEVICES
_TCP, _SCOPES = 0b11, 0b11  # bind and connect; unix sockets without a path, and signals

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def version() -> int:
    """Which Landlock this kernel has; 0 for none (older than Linux 5.13, switched off, or refused here)."""
    return max(0, int(_libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def restrict(allowed: Iterable[tuple[str, int]]) -> None:
    """Keep only the ``allowed`` rights, READ, USE or OWN below each path; a path that isn't there is passed over.

    From version 4 on there is no TCP either, and from 6 on no signal and no nameless socket to processes outside.
    The process must have no new privileges. Raises OSError where the kernel refuses.
    """
    newest = version()
    disk = _ALL | sum(right for since, right in _SINCE.items() if newest >= since)
    fields = [disk, *([_TCP] if newest >= 4 else []), *([_SCOPES] if newest >= 6 else [])]
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    rules = _call(_CREATE, ctypes.c_char_p(attributes), ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    try:
        for path, rights in allowed:
            _allow(rules, path, rights & disk)
        _call(_RESTRICT, ctypes.c_int(rules), ctypes.c_uint32(0))
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _OF_FILES
        below = 1
        rule = struct.pack("=Qi", rights, place)
        _call(_ADD_RULE, ctypes.c_int(rules), ctypes.c_int(below), ctypes.c_char_p(rule), ctypes.c_uint32(0))
    finally:
        os.close(place)


def _call(number: int, *arguments: object) -> int:
    answer = int(_libc.syscall(number, *arguments))
    if answer < 0:
        problem = ctypes.get_errno()
        raise OSError(problem, f"landlock: {os.strerror(problem)}")
    return answer
