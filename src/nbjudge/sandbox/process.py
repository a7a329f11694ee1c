"""A kernel's process, seen from the grader: asked of the zygote, signalled and watched through pidfds."""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress

from nbjudge.errors import SandboxError
from nbjudge.sandbox import packets, users
from nbjudge.sandbox.limits import Limits

START_SECONDS = 20.0
FIX = "Run nbjudge doctor."


class KernelProcess:
    """One confined child. ``agent`` is the grader's end of a stream socket that the child holds too."""

    def __init__(
        self, agent: socket.socket, link: socket.socket, init: int, pidfd: int, user: int, times: Mapping[str, float]
    ) -> None:
        self.agent, self.pidfd, self.times = agent, pidfd, dict(times)
        self._link, self._init, self._user = link, init, user

    @classmethod
    def start(
        cls,
        address: str,
        key: str,
        seed: int,
        limits: Limits,
        channels: Mapping[str, socket.socket],
    ) -> KernelProcess:
        """Ask the zygote at an address for a child that serves the listening channel sockets.

        Raises SandboxError when the zygote is gone or the child could not be confined.
        """
        ours, theirs = socket.socketpair()
        link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = {"key": key, "seed": seed, "limits": limits.as_dict(), "channels": list(channels)}
        try:
            link.settimeout(START_SECONDS)
            link.connect(address)
            files = [theirs.fileno(), *(sock.fileno() for sock in channels.values())]
            packets.send(link, request, files)
            answer, handles = packets.receive(link)
        except (OSError, EOFError, ValueError) as problem:
            ours.close()
            link.close()
            raise SandboxError(f"the sandbox gave no kernel: {problem}", fix=FIX) from problem
        finally:
            theirs.close()
        if len(handles) != 2:
            ours.close()
            link.close()
            raise SandboxError(
                f"a kernel could not be confined: {answer.get('error', 'no reason given')}",
                fix=FIX,
            )
        return cls(ours, link, handles[0], handles[1], answer.pop("user"), answer)

    @property
    def alive(self) -> bool:
        """Whether the kernel's main process still runs."""
        return not self.wait(0.0)

    def wait(self, seconds: float) -> bool:
        """Wait for the kernel's main process to end; True when it has."""
        return _ended(self.pidfd, seconds)

    def exit_reason(self) -> str:
        """How the kernel ended, in words, after it has; only a hint, for people."""
        self._link.settimeout(0.5)
        try:
            code = packets.receive(self._link)[0]["exit"]
        except (OSError, EOFError, ValueError, KeyError):
            return "it was killed"
        if not isinstance(code, int):
            return "it was killed"
        if code >= 0:
            return f"it exited with code {code}"
        with suppress(ValueError):
            return f"it was ended by {signal.Signals(-code).name}"
        return "it was killed"

    def signal(self, number: int) -> None:
        """Send a signal to the kernel's main process; one that has ended is left alone."""
        with suppress(OSError):
            signal.pidfd_send_signal(self.pidfd, number)

    def kill(self) -> None:
        """End the kernel and everything it started, and wait until they are gone (at most 16 s)."""
        self.signal(signal.SIGKILL)
        if _ended(self._init, 6.0):  # init ends by itself, after the kernel, and takes the rest along
            return
        with suppress(OSError):
            signal.pidfd_send_signal(self._init, signal.SIGKILL)
        _ended(self._init, 5.0)
        if self._user > 0:  # what this init should have tidied
            with suppress(OSError):
                users.end_all(self._user)

    def close(self) -> None:
        """Kill, and let go of every handle; harmless when repeated."""
        if self.pidfd < 0:
            return
        self.kill()
        self.agent.close()
        self._link.close()
        os.close(self._init)
        os.close(self.pidfd)
        self.pidfd = self._init = -1


def _ended(pidfd: int, seconds: float) -> bool:
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    return bool(poller.poll(seconds * 1000))
