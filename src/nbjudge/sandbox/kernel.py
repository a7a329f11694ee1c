"""A student's kernel, seen from the grader: run a cell within a time, whatever the kernel does.

Speaks Jupyter's protocol itself over two sockets. Everything that comes back is untrusted: it can neither
raise here, nor fill the memory, nor make a call last longer than its time-out and the grace that follows.
"""

from __future__ import annotations

import math
import signal
import socket
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import zmq
from nbformat import NotebookNode

from nbjudge.errors import SandboxError
from nbjudge.sandbox import channels, messages
from nbjudge.sandbox.limits import Limits
from nbjudge.sandbox.outputs import FIGURE_LIMIT, KERNEL_LIMIT, TEXT_LIMIT, Outputs
from nbjudge.sandbox.process import START_SECONDS, KernelProcess

GRACE_SECONDS = 2.0  # between the interrupt and the kill
IDLE_SECONDS = 1.0  # between a cell's reply and the end of its output

Status = Literal["ok", "error", "timeout", "died"]


@dataclass(frozen=True)
class CellRun:
    """How one cell ended. ``reason`` says in words why a kernel died."""

    status: Status
    outputs: list[NotebookNode] = field(default_factory=list)
    seconds: float = 0.0
    reason: str = ""


class Kernel:
    """One confined kernel. Use as a context manager, or call ``close``.

    ``agent`` is the grader's end of the stream socket on which `nbjudge.border.agent` answers in the kernel.
    """

    def __init__(self, process: KernelProcess, base: str, shell: zmq.Socket[bytes], iopub: zmq.Socket[bytes]) -> None:
        self.process, self._base = process, base
        self._shell, self._iopub = shell, iopub
        self._room = KERNEL_LIMIT
        self._poller = zmq.Poller()
        for source in (shell, iopub, process.pidfd):
            self._poller.register(source, zmq.POLLIN)

    @classmethod
    def start(cls, address: str, seed: int, limits: Limits | None = None) -> Kernel:
        """A kernel forked from the zygote at an address, ready for its first cell.

        Raises SandboxError when there is none to be had within 20 seconds.
        """
        base = str(Path(address).parent / f"k{uuid.uuid4().hex[:10]}")
        try:
            listeners = channels.listen(base, ("shell", "iopub"))
        except OSError as problem:
            raise SandboxError(f"the sandbox is gone: {problem}", fix="Start it again.") from problem
        try:
            process = KernelProcess.start(address, "", seed, limits or Limits(), listeners)
        except SandboxError:
            channels.close(base, listeners)
            raise
        for listener in listeners.values():
            listener.close()
        kernel = cls(
            process,
            base,
            channels.connect(zmq.DEALER, base, "shell"),
            channels.connect(zmq.SUB, base, "iopub"),
        )
        try:
            kernel._await_ready()
        except BaseException:
            kernel.close()
            raise
        return kernel

    @property
    def agent(self) -> socket.socket:
        """The grader's end of the agent socket."""
        return self.process.agent

    @property
    def alive(self) -> bool:
        """Whether the kernel's main process still runs."""
        return self.process.pidfd >= 0 and self.process.alive

    def interrupt(self) -> None:
        """Interrupt what runs now, as Ctrl-C does."""
        self.process.signal(signal.SIGINT)

    def kill(self) -> None:
        """End the kernel and everything it started."""
        self.process.kill()

    def close(self) -> None:
        """Kill, and let go of sockets and names; harmless when repeated."""
        self.process.close()
        for sock in (self._shell, self._iopub):
            sock.close(linger=0)
        for channel in ("shell", "iopub"):
            Path(channels.path(self._base, channel)).unlink(missing_ok=True)

    def __enter__(self) -> Kernel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def execute(self, cell: NotebookNode, timeout: float) -> CellRun:
        """Run a code cell. Past its time it is interrupted; a kernel that goes on regardless is killed.

        Never raises for anything that the kernel does, and returns within ``timeout`` plus 2 seconds of
        grace plus the moment it takes to kill.
        """
        started = time.monotonic()
        outputs = Outputs(min(TEXT_LIMIT, self._room), min(FIGURE_LIMIT, self._room))
        number = self._ask("execute_request", _execute_content(str(cell["source"])))
        status = self._follow(number, outputs, started + timeout) if number else None
        late = status is None and self.alive
        if late:
            self.interrupt()
            if self._follow(number, outputs, time.monotonic() + GRACE_SECONDS) is None:
                self.kill()
        self._room = max(0, self._room - outputs.size)
        reason = ""
        final: Status = "timeout" if late else (status or "died")
        if final == "died":
            reason = self.process.exit_reason()
        return CellRun(final, outputs.nodes, time.monotonic() - started, reason)

    def _ask(self, kind: str, content: dict[str, Any]) -> str:
        """Send a request; its id, or "" when the kernel takes no more."""
        number, frames = messages.request(kind, content)
        try:
            self._shell.send_multipart(frames, flags=zmq.DONTWAIT)
        except zmq.ZMQError:
            return ""
        return number

    def _follow(self, number: str, outputs: Outputs, deadline: float) -> Literal["ok", "error"] | None:
        """Gather output until the cell's reply and the idle after it; None if time or kernel ended first."""
        status: Literal["ok", "error"] | None = None
        idle = False
        while not (status and idle) and (left := deadline - time.monotonic()) > 0:
            ready = dict(self._poller.poll(_milliseconds(left)))
            if self._iopub in ready:
                idle = self._take_output(number, outputs) or idle
            if self._shell in ready and (reply := channels.receive(self._shell)) and reply.parent == number:
                status = "ok" if reply.content.get("status") == "ok" else "error"
                deadline = min(deadline, time.monotonic() + IDLE_SECONDS)
            if self.process.pidfd in ready and self._iopub not in ready and self._shell not in ready:
                break
        return status

    def _take_output(self, number: str, outputs: Outputs) -> bool:
        """Take one IOPub message in; True when it says that the request is done."""
        message = channels.receive(self._iopub)
        if message is None or message.parent != number:
            return False
        outputs.add(message)
        return message.kind == "status" and message.content.get("execution_state") == "idle"

    def _await_ready(self) -> None:
        """Go on at the kernel_info reply, once IOPub is known to reach us; no waiting for silence."""
        deadline = time.monotonic() + START_SECONDS
        number = self._ask("kernel_info_request", {})
        heard = replied = False
        while not (heard and replied):
            left = deadline - time.monotonic()
            ready = dict(self._poller.poll(_milliseconds(left)))
            if not ready or self.process.pidfd in ready:
                what = f"the kernel did not start: {self.process.exit_reason()}" if ready else "no reply"
                raise SandboxError(what, fix="Run nbjudge doctor.")
            if self._iopub in ready:
                channels.receive(self._iopub)
                heard = True
            if self._shell in ready:
                reply = channels.receive(self._shell)
                replied = reply is not None and reply.parent == number


def _milliseconds(seconds: float) -> int:
    return math.ceil(max(0.0, seconds) * 1000)


def _execute_content(source: str) -> dict[str, Any]:
    return {
        "code": source,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": False,
    }
