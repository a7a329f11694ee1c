"""The ipykernel application that a confined child runs, shortened to what grading needs.

It binds the sockets that the grader made and passed on as open files (ZMQ_USE_FD), so the two sides share no
folder. No configuration, start-up file, history or connection file is read or written.
"""

# mypy: disable-error-code="no-untyped-call"
# ipykernel is typed only in part.

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import socket
import sys
from collections.abc import Iterator
from typing import Any

import tornado.platform.asyncio  # noqa: F401  (tornado itself imports it late, in every child)
import zmq
from ipykernel import debugger
from ipykernel.compiler import XCachingCompiler
from ipykernel.control import ControlThread
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import new_id
from tornado import ioloop
from traitlets import Dict
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

from nbjudge.border.agent import serve
from nbjudge.sandbox.channels import PORTS
from nbjudge.sandbox.outputs import TEXT_LIMIT


class Compiler(XCachingCompiler):
    """Spares a traceback the search through all modules for the one that a cell belongs to: none."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """The name of a cell's file."""
        name: str = super().get_code_name(raw_code, code, number)
        inspect.modulesbyfile[name] = ""
        return name


class Shell(ZMQInteractiveShell):
    """ipykernel's shell, without the second traceback of each error, which only ``%notebook`` would show."""

    def _format_exception_for_storage(self, exception: BaseException, *_: Any, **__: Any) -> dict[str, Any]:
        return {"ename": type(exception).__name__, "evalue": "", "traceback": []}


class Stream(OutStream):
    """Standard output or error; of a flood only as much is sent as the grader looks at, which says that it is cut.

    A whole one would be a message too long for the grader to take, and the cell would show nothing.
    """

    def _flush_buffers(self) -> Iterator[tuple[dict[str, Any], str]]:
        for parent, text in super()._flush_buffers():
            yield parent, text[: TEXT_LIMIT + 1]


class ChannelHeartbeat(Heartbeat):
    """The echo thread, on a socket that already listens."""

    def __init__(self, context: zmq.Context[Any], file: int) -> None:
        self._file = file
        super().__init__(context, ("ipc", "channel", PORTS["hb"]))

    def _bind_socket(self) -> None:
        self.socket.setsockopt(zmq.USE_FD, self._file)
        self.socket.bind("ipc://channel-hb")


class KernelApp(IPKernelApp):
    """IPKernelApp on inherited sockets; channels that the grader did not pass stay unbound."""

    channels = Dict()
    outstream_class = "nbjudge.sandbox.kernelapp.Stream"

    def _try_bind_socket(self, s: Any, port: int) -> int:
        name = next(name for name, number in PORTS.items() if number == port)
        if name in self.channels:
            s.setsockopt(zmq.USE_FD, self.channels[name])
            s.bind(f"ipc://channel-{name}")
        return port

    def init_control(self, context: zmq.Context[Any]) -> None:
        """Bind the control channel; no debugger and no sub-shells, which would be two more threads."""
        self.control_socket = context.socket(zmq.ROUTER)
        self.control_port = self._bind_socket(self.control_socket, self.control_port)
        self.control_thread = ControlThread(daemon=True)

    def init_iopub(self, context: zmq.Context[Any]) -> None:
        """Bind IOPub, without the TCP pipe that would collect output of forked processes."""
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_port = self._bind_socket(self.iopub_socket, self.iopub_port)
        self.configure_tornado_logger()
        self.iopub_thread = IOPubThread(self.iopub_socket, pipe=False, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def build_kernel(self) -> None:
        """Create kernel and shell without sockets or threads, so that forks share them ready-made."""
        classes = {"shell_class": Shell, "compiler_class": Compiler}
        settings = {"parent": self, "session": self.session, "log": self.log, "user_ns": self.user_ns}
        self.kernel = IPythonKernel.instance(**settings, **classes)
        self.shell = self.kernel.shell
        self.kernel.shell.configurables.append(self)  # type: ignore[union-attr]

    def init_kernel(self) -> None:
        """Give the ready-made kernel its streams: the main and the control thread's."""
        kernel, shell = self.kernel, self.kernel.shell
        kernel.control_stream = ZMQStream(self.control_socket, self.control_thread.io_loop)
        kernel.shell_stream = ZMQStream(self.shell_socket)
        kernel.control_thread, kernel.iopub_thread = self.control_thread, self.iopub_thread
        kernel.iopub_socket, kernel.stdin_socket = self.iopub_socket, self.stdin_socket
        kernel._stdout, kernel._stderr = sys.stdout, sys.stderr
        shell.displayhook.pub_socket = shell.display_pub.pub_socket = self.iopub_socket
        self.displayhook.get_execution_count = lambda: kernel.execution_count
        self.control_thread.start()

    def init_heartbeat(self) -> None:
        """Answer heartbeats if the client asked for the channel."""
        if "hb" in self.channels:
            self.heartbeat = ChannelHeartbeat(zmq.Context(), self.channels["hb"])
            self.heartbeat.start()

    def initialize(self, argv: Any = None) -> None:
        """Only the steps that a ready-made kernel without configuration needs."""
        self.init_sockets()
        self.init_heartbeat()
        self.init_io()
        self.init_signal()
        self.init_kernel()
        self.init_path()
        self.init_gui_pylab()


def prepare() -> KernelApp:
    """Before the fork: build application, kernel and shell, and rehearse what a first cell would import."""
    debugger._is_debugpy_available = False
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.HistoryManager.hist_file = ":memory:"
    settings.Kernel._execute_sleep = 0.0  # half a millisecond before each reply, for clients that do not await idle
    ports = {f"{name}_port": number for name, number in PORTS.items()}
    app = KernelApp.instance(transport="ipc", ip="channel", config=settings, log_level=logging.CRITICAL, **ports)
    app.init_pdb()
    app.build_kernel()
    rehearse(app.kernel.shell)
    return app


def rehearse(shell: Any) -> None:
    """Run cells unheard that a first cell would be slow at: a traceback, and plotly's first figure (2 s)."""
    shell._showtraceback = shell.display_pub.publish = lambda *_, **__: None
    cells = ["[1, 2]\nNone", "def divide(x):\n    return x / 0\n\ndivide(1)", "del divide"]
    if "plotly.graph_objects" in sys.modules:
        cells += ["import plotly\nplotly.graph_objects.Figure([{'y': [1]}]).show()", "del plotly"]
    for source in cells:
        shell.run_cell(source, store_history=False, silent=True)
    shell.display_formatter.format([1.0, "text"])
    del shell._showtraceback, shell.display_pub.publish
    shell.last_execution_result = None
    for name in ("last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)


def run(agent: socket.socket, channel_files: dict[str, int], key: bytes) -> None:
    """After the fork: be an ipykernel until it is shut down."""
    app = KernelApp.instance() if KernelApp.initialized() else prepare()
    app.channels = channel_files
    app.session.pid, app.session.session, app.session.key = os.getpid(), new_id(), key
    app.initialize()
    loop: asyncio.AbstractEventLoop = ioloop.IOLoop.current().asyncio_loop  # type: ignore[attr-defined]
    serve(agent, app.kernel.shell.user_ns, loop)
    app.start()
