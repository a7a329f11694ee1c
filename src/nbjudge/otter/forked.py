"""Ordinary Jupyter kernels that start at once: each is a fork of a process that has torch and the rest imported.

Nothing else about them differs from what ``python -m ipykernel_launcher`` starts: no sandbox, the same messages, the
same environment and folder as asked for. Stock graders are run on them, unchanged, to compare grades. The process
is ``python -m nbjudge.otter.forked``.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from typing import Any, NoReturn

from nbjudge.lean import leave_out
from nbjudge.sandbox.linux import PR_SET_PDEATHSIG, prctl
from nbjudge.sandbox.zygote import import_all, run_preload_hooks

IMPORTS = ("ipykernel.kernelapp", "ipykernel.ipkernel", "otter.check.notebook", "otter.execute", "nbgrader")
_MESSAGE = 1 << 20  # bytes that a request may have: a command and an environment


class ForkedKernel:
    """A forked kernel, with what the Jupyter client asks of a ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """0 once the process has ended, else None."""
        if self.returncode is None and select.select([self._handle], [], [], 0)[0]:
            os.close(self._handle)
            self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended; raises TimeoutExpired after ``timeout`` seconds."""
        if self.returncode is None and not select.select([self._handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
        return self.poll() or 0

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End the process at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)


class Warm:
    """The warm process; ``launch`` stands in for ``jupyter_client.launcher.launch_kernel``."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "nbjudge.otter.forked", str(theirs.fileno()), *preload]
            environment = os.environ | {"OMP_NUM_THREADS": "1"}
            self._process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], env=environment, stdout=subprocess.DEVNULL
            )

    def launch(self, cmd: list[str], env: dict[str, str] | None = None, cwd: str | None = None, **_: Any) -> Any:
        """Fork a kernel; ``cmd`` is what would start one in the ordinary way."""
        request = {"argv": cmd[cmd.index("-m") + 2 :], "env": dict(env or os.environ), "cwd": cwd or os.getcwd()}
        self._socket.send(json.dumps(request).encode())
        return ForkedKernel(int(self._socket.recv(64)))

    def close(self) -> None:
        """End the warm process; kernels that still run end with it."""
        self._socket.close()
        self._process.terminate()
        self._process.wait()


def serve(link: socket.socket) -> None:
    """Fork a kernel for every request, until the other side is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels leave nothing behind
    while request := link.recv(_MESSAGE):
        mine, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            link.close()
            # Signals go to a kernel's process group: nobody may hear of it while that is still the graders' own.
            os.setsid()
            os.close(mine)
            os.close(theirs)
            become_kernel(**json.loads(request))
        os.close(theirs)
        os.read(mine, 1)  # returns when the child has closed its end
        os.close(mine)
        link.send(str(child).encode())


def become_kernel(argv: list[str], env: dict[str, str], cwd: str) -> NoReturn:
    """Be what ``python -m ipykernel_launcher`` is; never returns."""
    try:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(env)
        paths = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path and path not in sys.path]
        sys.path[:0] = paths  # the interpreter read the variable when the warm process began
        sys.argv = ["ipykernel_launcher", *argv]
        _reseed()
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance(argv)
        os._exit(0)
    finally:
        os._exit(1)


def _reseed() -> None:
    """Random numbers as in a new process: other ones each time, where Python and NumPy would draw other ones."""
    import random

    import numpy

    random.seed(time.time_ns() ^ os.getpid())
    numpy.random.seed((time.time_ns() ^ os.getpid()) % 2**32)


def main() -> None:
    """Warm up, and serve the socket whose number is the first argument; the rest are modules to import."""
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    leave_out()
    import_all([*IMPORTS, *sys.argv[2:]])
    run_preload_hooks()
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
