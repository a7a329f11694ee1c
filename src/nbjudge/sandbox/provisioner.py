"""A Jupyter kernel provisioner: any client that honours a kernelspec gets its kernel from the sandbox.

A kernelspec asks for it with ``"metadata": {"kernel_provisioner": {"provisioner_name": "nbjudge-sandbox"}}``;
``JUPYTER_DEFAULT_PROVISIONER_NAME=nbjudge-sandbox`` does so for every kernel.
"""

from __future__ import annotations

import asyncio
import os
import socket
import uuid
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Integer, List, Unicode

from nbjudge.sandbox import channels
from nbjudge.sandbox.limits import Limits
from nbjudge.sandbox.process import KernelProcess
from nbjudge.sandbox.sandbox import Sandbox

ADDRESS_VARIABLE = "NBJUDGE_ZYGOTE"


class SandboxProvisioner(KernelProvisionerBase):
    """Kernels from the zygote at $NBJUDGE_ZYGOTE, or from a sandbox of their own where it is not set.

    The notebook's folder is not visible inside; a kernel's working directory is its private /tmp.
    """

    preload = List(Unicode(), help="Modules that a sandbox of its own imports first.").tag(config=True)
    seed = Integer(0, help="Seeds the generators of random, numpy and torch.").tag(config=True)

    process: KernelProcess | None = None
    _sandbox: Sandbox | None = None
    _base = ""

    @property
    def agent(self) -> socket.socket:
        """The grader's end of the agent socket, once launched."""
        assert self.process is not None
        return self.process.agent

    @property
    def pidfd(self) -> int:
        """A handle of the kernel's main process, once launched."""
        assert self.process is not None
        return self.process.pidfd

    @property
    def has_process(self) -> bool:
        """Whether a kernel is launched and not yet waited for."""
        return self.process is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Nothing is run by command line: the kernelspec's argv is not used."""
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        """Fork a kernel and say how to reach it. Raises SandboxError when that cannot be had."""
        address = self._address()
        self._base = str(Path(address).parent / f"k{uuid.uuid4().hex[:10]}")
        key = self.parent.session.key if self.parent else b""
        listeners = channels.listen(self._base, channels.PORTS)
        try:
            self.process = KernelProcess.start(address, key.decode(), self.seed, Limits(), listeners)
        except BaseException:
            channels.close(self._base, listeners)
            raise
        for listener in listeners.values():
            listener.close()
        ports = {f"{name}_port": number for name, number in channels.PORTS.items()}
        scheme = self.parent.session.signature_scheme if self.parent else "hmac-sha256"
        info = {"transport": "ipc", "ip": self._base, "key": key, "signature_scheme": scheme, **ports}
        self.connection_info = info  # type: ignore[assignment]
        return info

    async def poll(self) -> int | None:
        """None while the kernel runs."""
        return None if self.process is not None and self.process.alive else 0

    async def wait(self) -> int | None:
        """Wait for the kernel's end, then let go of it."""
        while await self.poll() is None:
            await asyncio.sleep(0.02)
        self._let_go()
        return 0

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel's main process."""
        if self.process is not None:
            self.process.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and everything it started."""
        if self.process is not None:
            self.process.kill()

    async def terminate(self, restart: bool = False) -> None:
        """The same: there is nothing that a kernel in the sandbox would have to tidy up."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Let go of the kernel, and of a sandbox of its own unless a restart follows."""
        self._let_go()
        if self._sandbox is not None and not restart:
            self._sandbox.close()
            self._sandbox = None

    def _address(self) -> str:
        if address := os.environ.get(ADDRESS_VARIABLE):
            return address
        if self._sandbox is None:
            self._sandbox = Sandbox(self.preload).__enter__()
        return self._sandbox.address

    def _let_go(self) -> None:
        if self.process is not None:
            self.process.close()
            self.process = None
        for channel in channels.PORTS:
            Path(channels.path(self._base, channel)).unlink(missing_ok=True)
