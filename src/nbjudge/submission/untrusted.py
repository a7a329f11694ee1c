"""Reading a folder that others have written into: regular files only, no link followed, sizes capped."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MAX_NOTEBOOK_BYTES = 100_000_000
MAX_SUBMISSION_BYTES = 200_000_000
MAX_FILES = 2000
MAX_DEPTH = 8
MAX_NAME_BYTES = 150

FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
# O_NONBLOCK: opening a fifo would otherwise wait for a writer that never comes.
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass
class Found:
    """Files by relative name, sentences about what was left out, and the bytes read so far."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    size: int = 0


@contextmanager
def opened(name: str, folder_fd: int | None, flags: int) -> Iterator[int]:
    """An open descriptor of ``name`` inside the folder, closed at the end."""
    fd = os.open(name, flags, dir_fd=folder_fd)
    try:
        yield fd
    finally:
        os.close(fd)


def take_folder(folder_fd: int, prefix: str, found: Found) -> None:
    """Read every regular file below the folder into ``found``; hidden names (checkpoints) are passed over."""
    # Notebooks first: a heap of other files must not use up what may be read.
    for name in sorted(os.listdir(folder_fd), key=lambda name: (not name.lower().endswith(".ipynb"), name)):
        relative = prefix + name
        if name.startswith(".") or name == "__pycache__":
            continue
        if len(found.files) + len(found.problems) >= MAX_FILES:
            found.problems.append(f"There are more than {MAX_FILES} files; the rest was left out.")
            return
        if not is_plain(name):
            found.problems.append(f"{relative[:80]!a} was left out: its name is too long or too odd.")
        elif not _is_folder(folder_fd, name):
            take_file(folder_fd, name, relative, found)
        elif prefix.count("/") >= MAX_DEPTH:
            found.problems.append(f"{relative!a} was left out: the folders are nested too deeply.")
        else:
            try:
                with opened(name, folder_fd, FOLDER) as inner:
                    take_folder(inner, relative + "/", found)
            except OSError as error:
                found.problems.append(f"{relative!a} could not be read: {reason(error)}.")


def take_file(folder_fd: int, name: str, relative: str, found: Found) -> None:
    """Read one regular file within the limits, or say why not."""
    limit = MAX_SUBMISSION_BYTES - found.size
    if name.lower().endswith(".ipynb"):
        limit = min(limit, MAX_NOTEBOOK_BYTES)
    try:
        with opened(name, folder_fd, FILE) as fd:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                found.problems.append(f"{relative!a} was left out: it is not a regular file.")
                return
            data = b"".join(_chunks(fd, limit + 1))
    except OSError as error:
        found.problems.append(f"{relative!a} could not be read: {reason(error)}.")
        return
    if len(data) > limit:
        found.problems.append(f"{relative!a} was left out: it is too large.")
        return
    found.size += len(data)
    found.files[relative] = data


def is_plain(name: str) -> bool:
    """Whether a name is safe to print and to write: printable, of moderate length, not hidden."""
    short = name.isprintable() and len(os.fsencode(name)) <= MAX_NAME_BYTES
    return short and not name.startswith(".") and "\\" not in name


def reason(error: OSError) -> str:
    """Why the system refused, in words."""
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "it is a link or not a folder"
    return (error.strerror or str(error)).lower()


def _is_folder(folder_fd: int, name: str) -> bool:
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=folder_fd, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _chunks(fd: int, limit: int) -> Iterator[bytes]:
    while limit > 0 and (chunk := os.read(fd, min(limit, 1 << 20))):
        limit -= len(chunk)
        yield chunk
