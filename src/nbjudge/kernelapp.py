"""The ipykernel application that a confined child runs, shortened to what grading needs.

It binds the sockets that the grader made and passed on as open files (ZMQ_USE_FD), so the two sides share no
folder. No configuration, start-up file, history or connection file is read or written.
"""

# mypy: disable-error-code="no-untyped-call"
# ipykernel is typed only in part.

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import zmq
from ipykernel import debugger
from ipykernel.control import ControlThread
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from tornado import ioloop
from traitlets import Dict
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

from nbjudge.channels import PORTS


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

    def init_kernel(self) -> None:
        """Create the kernel itself, on streams of the main and the control thread."""
        control_stream = ZMQStream(self.control_socket, self.control_thread.io_loop)
        self.control_thread.start()
        self.kernel = IPythonKernel.instance(
            parent=self,
            session=self.session,
            control_stream=control_stream,
            shell_stream=ZMQStream(self.shell_socket),
            control_thread=self.control_thread,
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            stdin_socket=self.stdin_socket,
            log=self.log,
            user_ns=self.user_ns,
        )
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count

    def init_heartbeat(self) -> None:
        """Answer heartbeats if the client asked for the channel."""
        if "hb" in self.channels:
            self.heartbeat = ChannelHeartbeat(zmq.Context(), self.channels["hb"])
            self.heartbeat.start()

    def initialize(self, argv: Any = None) -> None:
        """Only the steps that a kernel without configuration needs."""
        self.init_pdb()
        self.init_sockets()
        self.init_heartbeat()
        self.init_io()
        self.init_signal()
        self.init_kernel()
        self.init_path()
        self.init_shell()
        self.init_gui_pylab()


def prepare() -> None:
    """Import and switch, before the fork, everything that a kernel needs after it."""
    debugger._is_debugpy_available = False
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)


def config(key: bytes) -> Config:
    """The configuration of a kernel: nothing is kept, nothing is read."""
    settings = Config()
    settings.Session.key = key
    settings.HistoryManager.enabled = False
    settings.HistoryManager.hist_file = ":memory:"
    return settings


def run(agent: socket.socket, channels: dict[str, int], key: bytes) -> None:
    """Be an ipykernel until it is shut down."""
    ports = {f"{name}_port": number for name, number in PORTS.items()}
    app = KernelApp.instance(
        transport="ipc",
        ip="channel",
        channels=channels,
        config=config(key),
        log_level=logging.CRITICAL,
        **ports,
    )
    app.initialize()
    loop: asyncio.AbstractEventLoop = ioloop.IOLoop.current().asyncio_loop  # type: ignore[attr-defined]
    try:
        from nbjudge.agent import serve
    except ImportError:
        pass
    else:
        serve(agent, app.kernel.shell.user_ns, loop)
    app.start()
