"""A Jupyter kernel provisioner: any client that honours a kernelspec gets its kernel from the sandbox.

A kernelspec asks for it with ``"metadata": {"kernel_provisioner": {"provisioner_name": "nbjudge-sandbox"}}``;
``JUPYTER_DEFAULT_PROVISIONER_NAME=nbjudge-sandbox`` does so for every kernel.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import uuid
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Dict, Integer, List, Unicode

from nbjudge.errors import SandboxError
from nbjudge.sandbox import channels
from nbjudge.sandbox.kept import Kept
from nbjudge.sandbox.limits import Limits
from nbjudge.sandbox.process import KernelProcess
from nbjudge.sandbox.sandbox import Sandbox

ADDRESS_VARIABLE = "NBJUDGE_ZYGOTE"

_kept: dict[tuple[tuple[str, ...], int], Kept[Sandbox]] = {}  # by what is preloaded, and how long it is kept
_lock = threading.Lock()


class SandboxProvisioner(KernelProvisionerBase):
    """Kernels from the zygote at $NBJUDGE_ZYGOTE, or from one sandbox that this program's kernels share.

    The notebook's folder is not visible inside; a kernel's working directory is its private /tmp. A restarted kernel
    listens where the first one did, so that those who talked to that one need not notice.
    """

    preload = List(Unicode(), help="Modules that the sandbox imports first.").tag(config=True)
    seed = Integer(0, help="Seeds the generators of random, numpy and torch.").tag(config=True)
    limits = Dict(help="What a kernel may use, by the names of nbjudge.sandbox.limits.Limits.").tag(config=True)
    idle = Integer(600, min=0, help="Seconds after which a sandbox without kernels is closed.").tag(config=True)

    process: KernelProcess | None = None
    _sandbox: Kept[Sandbox] | None = None
    _address = _base = ""

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
        address = await self._zygote()
        if not self._base:
            self._base = str(Path(address).parent / f"k{uuid.uuid4().hex[:10]}")
        key, limits = self.parent.session.key if self.parent else b"", self._checked_limits()
        listeners = channels.listen(self._base, channels.PORTS)
        try:
            self.process = KernelProcess.start(address, key.decode(), self.seed, limits, listeners)
        except BaseException:
            channels.close(self._base, listeners)
            self._give_up()
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
            self._sandbox.give_back()
            self._sandbox, self._base = None, ""

    async def _zygote(self) -> str:
        """Where kernels are forked. The sandbox that is opened for it is this kernel's too until its cleanup."""
        if address := os.environ.get(ADDRESS_VARIABLE):
            return address
        if self._sandbox is None:
            kept = _shared(tuple(self.preload), self.idle)
            # Others of this program go on while it is opened.
            self._address = (await asyncio.to_thread(kept.take)).address
            self._sandbox = kept
        return self._address

    def _checked_limits(self) -> Limits:
        try:
            return Limits.from_dict(dict(self.limits))
        except (TypeError, ValueError) as error:
            fix = "Correct kernel_provisioner.config.limits in the kernel's kernel.json."
            raise SandboxError(f"a kernel's limits make no sense: {error}", fix=fix) from None

    def _give_up(self) -> None:
        """Open another sandbox the next time: this one gives no kernels."""
        kept, self._sandbox, self._base = self._sandbox, None, ""
        if kept is not None:
            with _lock:
                for key in [key for key, other in _kept.items() if other is kept]:
                    del _kept[key]
            kept.give_back()

    def _let_go(self) -> None:
        if self.process is not None:
            self.process.close()
            self.process = None
        for channel in channels.PORTS:
            Path(channels.path(self._base, channel)).unlink(missing_ok=True)


def _shared(preload: tuple[str, ...], idle: int) -> Kept[Sandbox]:
    with _lock:
        return _kept.setdefault((preload, idle), Kept(partial(Sandbox, preload), float(idle)))
