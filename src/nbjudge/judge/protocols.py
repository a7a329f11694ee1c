"""A student's kernel as the judge needs it, whatever runs it: a sandboxed one, or a plain process in tests."""

from __future__ import annotations

import socket
from typing import Any, Protocol


class CellRun(Protocol):
    """What running a student's cell gave: a status, nbformat outputs and the time in seconds."""

    @property
    def status(self) -> str:
        """One of "ok", "error", "timeout" or "died"."""

    @property
    def outputs(self) -> list[Any]:
        """What the cell showed."""


class Kernel(Protocol):
    """The student's kernel as the judge needs it; :class:`nbjudge.sandbox.kernel.Kernel` is one."""

    @property
    def agent(self) -> socket.socket:
        """The judge's end of the agent's socket."""

    def execute(self, cell: Any, timeout: float) -> CellRun:
        """Run a cell of the student's."""

    @property
    def alive(self) -> bool:
        """Whether the kernel's process still runs."""

    def interrupt(self) -> None:
        """Interrupt what runs now."""

    def close(self) -> None:
        """End the kernel."""
