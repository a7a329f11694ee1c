"""Ends a submission whose processes together hold too much memory, from the grader's side.

A limit set inside counts each process by itself; the sum can only be seen from outside. What a process shares
with the zygote, from which it was forked, is not counted.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nbjudge.sandbox import users

EVERY_SECONDS = 0.25
FEW = 8  # processes of a submission up to which what they share is taken off by a rule of thumb
_WRAPPERS = ("bwrap", "setpriv")


class Watch:
    """Looks at every submission below a sandbox's outermost process, until it is stopped."""

    def __init__(self, top: int, most: int, stored: int | None = None) -> None:
        """``most`` bytes of memory; ``stored`` bytes on the disk, where no limit set inside bounds them."""
        self._top, self._most, self._stored = top, most, stored
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="nbjudge-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            with suppress(OSError):
                self.look()

    def look(self) -> list[int]:
        """End the submissions that hold more than allowed; the process ids of their inits. OSError if all ended."""
        zygote, inits = submissions_below(self._top)
        shared = held(zygote)
        return [init for init in inits if self._ended(init, shared)]

    def _ended(self, init: int, shared: int) -> bool:
        """End a submission if it holds too much.

        Its handle is opened before anything is read of its number: what was read is of this very process if the
        signal still reaches it. The processes below may have given their numbers away in between, so a sum that is
        too large is taken a second time.
        """
        try:
            with _handle(init) as handle:
                too_much = all(total(init, shared) > self._most for _ in range(2))
                too_much = too_much or self._fills_the_disk(init)
                if too_much and init in submissions_below(self._top)[1]:
                    # Outside of namespaces the init has to tidy up.
                    signal.pidfd_send_signal(handle, signal.SIGKILL if self._stored is None else signal.SIGTERM)
                    return True
        except OSError:
            pass  # it has ended by itself
        return False

    def _fills_the_disk(self, init: int) -> bool:
        """Whether a submission's user, who is its kernel's and not its init's, has stored too much."""
        if self._stored is None:
            return False
        users_below = {users.user_of(pid) for pid in children(init)} - {-1, 0}
        return any(users.stored(user, self._stored) > self._stored for user in users_below)


@contextmanager
def _handle(pid: int) -> Iterator[int]:
    """A file descriptor that means one process, whoever gets its number later. OSError if it has ended."""
    handle = os.pidfd_open(pid)
    try:
        yield handle
    finally:
        os.close(handle)


def total(init: int, shared: int) -> int:
    """Bytes of memory that a submission's processes hold together, beyond what each shares with the zygote."""
    theirs = list(family(init))
    few = len(theirs) <= FEW
    return sum(beyond(pid, shared) if few else proportional(pid, shared) for pid in theirs)


def submissions_below(top: int) -> tuple[int, list[int]]:
    """The zygote in a sandbox, and each submission's init: a child of the zygote, or adopted by what wraps it."""
    chain = [top]
    while Path(f"/proc/{chain[-1]}/comm").read_text(errors="replace").strip() in _WRAPPERS:
        below = children(chain[-1])
        if not below:
            raise ProcessLookupError("the sandbox has no zygote yet")
        chain.append(below[0])  # the first-born: what is adopted comes later
    return chain[-1], [child for pid in chain for child in children(pid) if child not in chain]


def children(pid: int) -> list[int]:
    """The processes that a process has started and not yet reaped."""
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
    return found


def family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    for child in children(pid):
        yield from family(child)


def held(pid: int) -> int:
    """Bytes of memory that a process holds, files of the disk aside; 0 for one that has ended."""
    with suppress(OSError, ValueError):
        return _kilobytes(pid, "status", ("RssAnon", "RssShmem"))
    return 0


def beyond(pid: int, shared: int) -> int:
    """Bytes that a process holds and cannot have from the zygote."""
    return max(0, held(pid) - shared)


def proportional(pid: int, shared: int) -> int:
    """Like `held`, with what several processes share divided among them: exact, and slow to find out.

    Like `beyond` where the system won't tell: a container's root may not look into other users' processes.
    """
    try:
        return _kilobytes(pid, "smaps_rollup", ("Pss_Anon", "Pss_Shmem"))
    except (OSError, ValueError):
        return beyond(pid, shared)


def _kilobytes(pid: int, file: str, which: tuple[str, ...]) -> int:
    # A process may give itself a name that is no text.
    lines = Path(f"/proc/{pid}/{file}").read_text(errors="replace").splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(which))
