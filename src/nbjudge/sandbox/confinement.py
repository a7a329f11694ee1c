"""Three ways to confine a forked child: namespaces, a user of its own, or, where that was asked for, nothing.

Each acts in the child's two lives (see `nbjudge.sandbox.child`), in this order: ``enter`` in the init, ``drop`` in the
kernel, ``settle`` in the init, and ``tidy`` there when the kernel has ended. Each raises OSError when the system
refuses: a child that cannot be confined must not start.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Protocol

from nbjudge.sandbox import landlock, users
from nbjudge.sandbox.limits import Limits
from nbjudge.sandbox.linux import (
    PR_SET_CHILD_SUBREAPER,
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    clear_capabilities,
    drop_privileges,
    own_file_systems,
    own_ids,
    prctl,
    raise_loopback,
)
from nbjudge.sandbox.seccomp import forbid_calls

Isolation = Literal["bwrap", "uid+landlock", "uid", "none"]  # strongest first
ASKED_TO_END = (signal.SIGTERM,)
DEVICES = ("null", "zero", "full", "random", "urandom")


class Confinement(Protocol):
    """How one child is confined.

    ``folder`` is where its kernel works; ``user`` is nobody else's but the kernel's, or -1.
    """

    folder: str
    user: int

    def enter(self, limits: Limits) -> None:
        """In the init, before the kernel is forked."""

    def drop(self) -> None:
        """In the kernel, before anything of a submission runs there."""

    def settle(self, kernel: int) -> None:
        """In the init, once the kernel is forked."""

    def tidy(self, kernel: int) -> None:
        """In the init, after the kernel's end."""


@dataclass
class Namespaces:
    """Inside bubblewrap: namespaces of its own, which end with their init and take everything along."""

    uid: int
    gid: int
    folder: str = "/tmp"
    user: int = -1

    def enter(self, limits: Limits) -> None:
        """Mount private file systems; the network is a loopback."""
        own_ids(self.uid, self.gid)
        own_file_systems(limits)
        raise_loopback()

    def drop(self) -> None:
        """No capabilities, and fewer calls."""
        drop_privileges()

    def settle(self, kernel: int) -> None:
        """The init needs no more than the kernel."""
        drop_privileges()

    def tidy(self, kernel: int) -> None:
        """Nothing outlives the namespaces."""


@dataclass
class OwnUser:
    """Without namespaces, under root: a user that is nobody else's, in a folder that is nobody else's.

    ``paths`` is all that can be read of the disk, by Landlock; None where that is not to be had: then file
    permissions alone decide. The init stays root, out of the kernel's reach, to end and remove what is left.
    """

    paths: Sequence[str] | None
    user: int = -1
    folder: str = field(default="/tmp", init=False)

    def enter(self, limits: Limits) -> None:
        """Find the user, make the folder, and adopt what the kernel leaves behind."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ASKED_TO_END)  # from here on there is something to tidy
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        self.user = users.spare_user()
        self.folder = users.private_folder(self.user)

    def drop(self) -> None:
        """Be the user, see little of the disk, have no network and no way back."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKED_TO_END)
        users.become(self.user)
        clear_capabilities()
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after the change of user, which would clear it
        prctl(PR_SET_DUMPABLE, 1)  # it may look at itself
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        os.environ |= {"HOME": self.folder, "TMPDIR": self.folder}
        tempfile.tempdir = None
        if self.paths is not None:
            allowed = [(path, landlock.READ) for path in (*self.paths, "/proc")]
            allowed += [(f"/dev/{name}", landlock.USE) for name in DEVICES]
            landlock.restrict([*allowed, (self.folder, landlock.OWN), ("/dev/shm", landlock.OWN)])
        forbid_calls(outside=True)

    def settle(self, kernel: int) -> None:
        """On request, end the kernel; the rest follows."""
        signal.signal(signal.SIGTERM, lambda *_: kill_group(kernel))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKED_TO_END)

    def tidy(self, kernel: int) -> None:
        """End what the kernel has left running, and remove what it has left lying about."""
        users.end_all(self.user)


@dataclass
class Unconfined:
    """For an explicit run without isolation."""

    folder: str = "/tmp"
    user: int = -1

    def enter(self, limits: Limits) -> None:
        """End with the zygote."""
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    def drop(self) -> None:
        """End with the init."""
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    def settle(self, kernel: int) -> None:
        """On request, end the kernel."""
        signal.signal(signal.SIGTERM, lambda *_: kill_group(kernel))

    def tidy(self, kernel: int) -> None:
        """End what stayed in the kernel's group."""
        kill_group(kernel)


def confinement(isolation: Isolation, paths: Sequence[str] = ()) -> Confinement:
    """The way to confine a child of this process; ``paths`` are what Landlock lets be read."""
    if isolation == "bwrap":
        return Namespaces(os.getuid(), os.getgid())
    if isolation == "none":
        return Unconfined()
    return OwnUser(tuple(paths) if isolation == "uid+landlock" else None)


def kill_group(pid: int) -> None:
    """End a process and its group; one that has ended is left alone."""
    with suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
