"""Users that nobody else is: their processes, their files, and how both are ended. Only root can do this."""

from __future__ import annotations

import os
import pwd
import secrets
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PREFIX = "nbjudge-user-"
LOWEST, HIGHEST = 0x4000_0000, 0x6FFF_FFFF  # far from people's and systemd's own ids
SMALL = 30_000, 60_000  # where a container knows 65,536 ids only
SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock")  # where everybody may write
TRIES = 100


def spare_user() -> int:
    """A user id, the same as a group id, that has no name and no process here.

    Drawn at random: containers on one machine may count the processes of equal ids together.
    """
    known = [tuple(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    wide = any(first <= LOWEST and first + count > HIGHEST for first, _, count in known)
    low, high = (LOWEST, HIGHEST) if wide else SMALL
    for _ in range(TRIES):
        user = low + secrets.randbelow(high - low)
        if not _has_name(user) and not processes(user):
            return user
    raise OSError("no spare user id was found")


def become(user: int) -> None:
    """Be that user and group, for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def private_folder(user: int) -> str:
    """A new folder that only this user (and root) can enter."""
    folder = tempfile.mkdtemp(prefix=PREFIX, dir="/tmp")
    os.chown(folder, user, user)
    return folder


def processes(user: int) -> list[int]:
    """The processes that run as a user; those that have ended and wait for their parent are left out."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and _runs_as(name, user)]


def end_all(user: int) -> None:
    """End a user's processes and remove its files; the latter even where the former raises OSError."""
    try:
        end_processes(user)
    finally:
        remove_files(user)


def end_processes(user: int, seconds: float = 5.0) -> None:
    """End every process of a user, however fast they multiply. Raises OSError if some are left."""
    deadline = time.monotonic() + seconds
    while processes(user):
        if time.monotonic() > deadline:
            raise OSError(f"processes of user {user} do not end")
        killer = os.fork()
        if killer == 0:
            try:
                become(user)
                os.kill(-1, signal.SIGKILL)  # all at once: between two single signals one could fork
            finally:
                os._exit(0)
        os.waitpid(killer, 0)


def remove_files(user: int) -> None:
    """Remove what a user has left in the folders that all share."""
    if left := list(_owned(user)):
        # Not shutil: folders may be nested deeper than Python counts.
        subprocess.run(["rm", "-rf", "--", *left], check=False, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stored(user: int, most: int) -> int:
    """Bytes that a user has in the folders that all share, each file as at least 4 KiB, until above ``most``."""
    total = 0
    for path in _owned(user):
        for name in (path, *_files_below(path)):
            with suppress(OSError):
                total += max(4096, os.lstat(name).st_blocks * 512)
            if total > most:
                return total
    return total


def _owned(user: int) -> Iterator[str]:
    """What a user has in the folders that all share, where others' files come and go meanwhile."""
    for place in filter(os.path.isdir, SHARED):
        for name in os.listdir(place):
            path = os.path.join(place, name)
            if _owner(path) == user:
                yield path


def _owner(path: str) -> int:
    """Who a file is of; -1 if there is none any more."""
    try:
        return os.lstat(path).st_uid
    except OSError:
        return -1


def _files_below(path: str) -> Iterator[str]:
    """Each file in a folder and the folders in it, and these folders; nothing for a file."""
    for above, folders, files in os.walk(path):
        yield from (os.path.join(above, name) for name in (*folders, *files))


def user_of(pid: int | str) -> int:
    """The user that a process runs as; -1 if there is none. (The owner of /proc/PID says less.)"""
    try:
        status = Path(f"/proc/{pid}/status").read_text(errors="replace")
    except OSError:
        return -1
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    return -1 if fields.get("State", "Z").startswith(("Z", "X")) else int(fields["Uid"].split()[0])


def _runs_as(name: str, user: int) -> bool:
    return user_of(name) == user


def _has_name(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True
