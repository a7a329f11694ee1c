"""Ends a submission whose processes together hold too much memory, from the grader's side.

A limit set inside counts each process by itself; the sum can only be seen from outside. What a process shares
with the zygote, from which it was forked, is not counted.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

EVERY_SECONDS = 0.25
FEW = 8  # processes of a submission up to which what they share is taken off by a rule of thumb
_WRAPPERS = ("bwrap", "setpriv")


class Watch:
    """Looks at every submission below a sandbox's outermost process, until it is stopped."""

    def __init__(self, top: int, most: int) -> None:
        self._top, self._most = top, most
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
        ended = []
        for init in inits:
            theirs = list(family(init))
            few = len(theirs) <= FEW
            if sum(max(0, held(pid) - shared) if few else proportional(pid) for pid in theirs) > self._most:
                with suppress(OSError):
                    os.kill(init, signal.SIGKILL)
                    ended.append(init)
        return ended


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


def proportional(pid: int) -> int:
    """Like `held`, with what several processes share divided among them: exact, and slow to find out."""
    try:
        return _kilobytes(pid, "smaps_rollup", ("Pss_Anon", "Pss_Shmem"))
    except (OSError, ValueError):
        return held(pid)


def _kilobytes(pid: int, file: str, which: tuple[str, ...]) -> int:
    # A process may give itself a name that is no text.
    lines = Path(f"/proc/{pid}/{file}").read_text(errors="replace").splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(which))
