"""The sandbox: one bubblewrap around one warm zygote, seen from the grader.

    with Sandbox(["torch"], forbid=[course / "source"]) as sandbox:
        kernel = Kernel.start(sandbox.address, seed=7)

The process that opens a sandbox must keep the thread that opened it: bubblewrap dies with that thread.
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal

import psutil  # type: ignore[import-untyped]

from nbjudge.errors import SandboxError
from nbjudge.sandbox import bubblewrap
from nbjudge.sandbox.confinement import Isolation
from nbjudge.sandbox.launch import command, environment
from nbjudge.sandbox.limits import Limits
from nbjudge.sandbox.process import KernelProcess
from nbjudge.sandbox.runfolder import RunFolder
from nbjudge.sandbox.watch import Watch

START_SECONDS = 120.0
NO_NAMESPACES = (
    "Allow unprivileged user namespaces (Debian: sysctl kernel.unprivileged_userns_clone=1; Ubuntu: sysctl "
    "kernel.apparmor_restrict_unprivileged_userns=0; Docker: --security-opt seccomp=unconfined), "
    "or pass --no-sandbox to run without isolation."
)


class Sandbox:
    """A context manager that holds a zygote; workers reach it by ``address``.

    Args:
        preload: modules that the zygote imports before it forks; what is missing lands in ``missing``.
        isolation: "bwrap"; under root also "uid+landlock" and "uid", for where namespaces are refused; "none" for an
            explicit run without any.
        device: "cuda" shows the GPU and its driver; "cpu" hides it even where nothing is isolated.
        limits: the default of every kernel started here, and what receipts say.
        forbid: folders that must not be readable inside.

    Raises:
        SandboxError: on entering, when this machine cannot give the isolation asked for.
    """

    def __init__(
        self,
        preload: Sequence[str] = (),
        isolation: Isolation = "bwrap",
        device: Literal["cpu", "cuda"] = "cpu",
        limits: Limits | None = None,
        forbid: Sequence[Path] = (),
    ) -> None:
        self.preload, self.isolation, self.device = tuple(preload), isolation, device
        self.limits, self.forbid = limits or Limits(), tuple(forbid)
        self.missing: tuple[str, ...] = ()
        self._folder: RunFolder | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: Watch | None = None

    @property
    def address(self) -> str:
        """Where worker processes reach the zygote: the path of a unix socket."""
        if self._folder is None:
            raise SandboxError("the sandbox is not open", fix="Enter it with `with Sandbox(...)` first.")
        return str(self._folder.path / "zygote")

    def describe(self) -> dict[str, Any]:
        """What isolation a run had, for its receipts."""
        wrapped = self.isolation == "bwrap"
        return {
            "isolation": self.isolation,
            "proc": "private" if wrapped else "shared",
            "network": "shared" if self.isolation == "none" else "none",
            "uid": self._user(),
            "device": self.device,
            "limits": self.limits.as_dict(),
        }

    def _user(self) -> int | str:
        if self.isolation.startswith("uid"):
            return "one for each kernel"
        return int(bubblewrap.NOBODY) if self.isolation == "bwrap" and os.getuid() == 0 else os.getuid()

    def __enter__(self) -> Sandbox:
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the sandbox and remove its folder; harmless when repeated."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        process, self._process = self._process, None
        if process is not None:
            _end(process, self.isolation == "bwrap")
        if self._folder is not None:
            self._folder.close()
            self._folder = None

    def _open(self) -> None:
        self._folder = RunFolder()
        with (
            socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener,
            open(self._folder.path / "log", "w+b") as log,
        ):
            listener.bind(self.address)
            listener.listen(128)
            self._process = self._launch(listener, log)
            self.missing = tuple(self._await_ready(log))
        # A trial: the zygote may start where its children cannot be confined.
        KernelProcess.start(self.address, key="", seed=0, limits=self.limits, channels={}).close()
        stored = self.limits.disk if self.isolation.startswith("uid") else None
        self._watch = Watch(self._process.pid, self.limits.total, stored)

    def _launch(self, listener: socket.socket, log: IO[bytes]) -> subprocess.Popen[bytes]:
        line = command(self.isolation, self.preload, listener.fileno(), self.device, self.forbid)
        return subprocess.Popen(
            line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment(self.device),
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )

    def _await_ready(self, log: IO[bytes]) -> list[str]:
        """Wait for the zygote's one line; returns the modules it could not import."""
        assert self._process is not None
        assert self._process.stdout is not None
        line, deadline = b"", time.monotonic() + START_SECONDS
        pipe = self._process.stdout.fileno()
        while not line.endswith(b"\n"):
            if not select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise SandboxError(f"the zygote was not ready after {START_SECONDS:.0f} s")
            part = os.read(pipe, 65536)
            if not part:
                raise self._not_started(log)
            line += part
        answer = json.loads(line)
        if "error" in answer:
            raise SandboxError(str(answer["error"]), fix="Remove that module from what is preloaded.")
        return [str(name) for name in answer["missing"]]

    def _not_started(self, log: IO[bytes]) -> SandboxError:
        log.seek(0)
        last = (log.read().decode(errors="replace").strip().splitlines() or ["no message"])[-1]
        refused = last.startswith(("bwrap", "setpriv"))
        fix = NO_NAMESPACES if refused else "Check that nbjudge is installed in this Python."
        return SandboxError(f"the sandbox did not start: {last}", fix=fix)


def _end(process: subprocess.Popen[bytes], isolated: bool) -> None:
    """End the process with all that it started, and return when the last is gone.

    Killing bubblewrap itself would return at once; it ends by itself after the processes inside have.
    """
    try:
        started = psutil.Process(process.pid).children(recursive=not isolated)
    except psutil.Error:
        started = []
    for victim in started if isolated and started else [process]:
        with suppress(psutil.Error):
            victim.kill()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    psutil.wait_procs(started, timeout=10)
    if process.stdout is not None:
        process.stdout.close()
