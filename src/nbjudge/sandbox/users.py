"""Users that nobody else is: their processes, their files, and how both are ended. Only root can do this."""

from __future__ import annotations

import os
import pwd
import secrets
import signal
import subprocess
import tempfile
import time
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
    left = []
    for place in filter(os.path.isdir, SHARED):
        with os.scandir(place) as entries:
            left += [entry.path for entry in entries if entry.stat(follow_symlinks=False).st_uid == user]
    if left:
        # Not shutil: folders may be nested deeper than Python counts.
        subprocess.run(["rm", "-rf", "--", *left], check=False, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stored(user: int, most: int) -> int:
    """Bytes in a user's private folder, each file as at least 4 KiB; counting ends above ``most``."""
    total = 0
    for folder in Path("/tmp").glob(f"{PREFIX}*"):
        if folder.lstat().st_uid != user:
            continue
        for above, _, files in os.walk(folder):
            for name in (".", *files):
                try:
                    total += max(4096, os.lstat(os.path.join(above, name)).st_blocks * 512)
                except OSError:
                    continue
                if total > most:
                    return total
    return total


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
