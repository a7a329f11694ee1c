"""A student's kernel without sandbox, Jupyter or start-up time: a forked process that runs cells and the agent."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from dataclasses import dataclass, field
from typing import Any

from nbjudge.border.agent import serve
from nbjudge.border.wire import WireError, WireTimeout, receive, send


@dataclass(frozen=True)
class Run:
    status: str
    outputs: list[Any] = field(default_factory=list)


class LocalKernel:
    """Executes cells in a child process; ``agent`` is the judge's end of the agent's socket."""

    def __init__(self) -> None:
        self.agent, agent = socket.socketpair()
        self.cells, cells = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.agent.close()
                self.cells.close()
                _child(agent, cells)
            finally:
                os._exit(1)
        agent.close()
        cells.close()

    def execute(self, cell: Any, timeout: float) -> Run:
        import time

        try:
            send(self.cells, cell["source"])
            return Run(receive(self.cells, time.monotonic() + timeout))
        except WireTimeout:
            self.close()
            return Run("timeout")
        except WireError:
            self.close()
            return Run("died")

    @property
    def alive(self) -> bool:
        return bool(self.pid)

    def interrupt(self) -> None:
        os.kill(self.pid, signal.SIGINT)

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.agent.close()
            self.cells.close()
            self.pid = 0


def _child(agent: socket.socket, cells: socket.socket) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)

    def run() -> None:
        try:
            exec(compile(receive(cells), "<cell>", "exec"), namespace)
            send(cells, "ok")
        except Exception:
            send(cells, "error")

    loop.add_reader(cells, run)
    serve(agent, namespace, loop)
    loop.run_forever()
