"""Many notebooks at once: trusted worker processes, each judging one and ending with it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from nbjudge.judge.task import Judgement, Task, not_judged
from nbjudge.sandbox import packets
from nbjudge.sandbox.cuda import Device, settings
from nbjudge.sandbox.runfolder import RunFolder

RUNS = 3  # a notebook may be run so often: hidden checks waiting, then at their place, and never
SPARE_SECONDS = 60.0  # beyond a notebook's own time, before its worker is killed
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Pool:
    """A context manager over ``workers`` processes, forked from one that has the judge's modules loaded.

    Each notebook gets a fresh process: nothing that one submission leaves behind reaches the next, and a worker
    that dies or hangs costs its own notebook only.
    """

    def __init__(
        self, workers: int, preload: Sequence[str] = (), known: Sequence[str] = (), device: Device = "cpu"
    ) -> None:
        self._folder = RunFolder()  # the workers' folders lie in it, so that they are removed even after a kill
        self._ahead = 2 * workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="nbjudge")
        self._address = str(self._folder.path / "warm")
        # Its imports take seconds: they run while the sandbox starts, and the first tasks wait for them.
        self._warm = _start(self._address, preload, known, device)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._warm.kill()
        self._warm.wait()
        self._folder.close()

    def judge(self, tasks: Iterable[Task]) -> Iterator[Judgement]:
        """Judge notebooks in parallel and give each judgement as it is ready, in no fixed order.

        Tasks are taken a few ahead of the workers, so that a large class need not lie in memory.
        """
        coming = iter(tasks)
        running: set[Future[Judgement]] = set()
        while True:
            ahead = islice(coming, self._ahead - len(running))
            running |= {self._threads.submit(self._judge, task) for task in ahead}
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            while done:
                yield done.pop().result()

    def ask(self, module: str, function: str, *arguments: Any, seconds: float) -> Any:
        """What a module's function returns in a fresh worker, or why it didn't, as a text. Raises OSError."""
        with WorkerProcess(self._address) as process:
            process.ask(module, function, *arguments)
            return process.answer(seconds)

    def _judge(self, task: Task) -> Judgement:
        """What a worker leaves in its folder goes with it, even when it was killed."""
        try:
            place = str(self._folder.path)
            with tempfile.TemporaryDirectory(prefix="worker-", dir=place, ignore_cleanup_errors=True) as folder:
                return self._attend(task, folder)
        except OSError as error:
            return not_judged(task, f"the judge's process could not be had: {error}")

    def _attend(self, task: Task, folder: str) -> Judgement:
        with WorkerProcess(self._address) as process:
            process.ask("nbjudge.pool.worker", "judge_in", task, folder)
            answer = process.answer(RUNS * task.limits.notebook + SPARE_SECONDS)
        return not_judged(task, answer) if isinstance(answer, str) else answer


class WorkerProcess:
    """One process forked from the warm one. Raises OSError, on entering, when there is none to be had."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __enter__(self) -> WorkerProcess:
        self._link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._pipe, theirs = Pipe()
        try:
            self._link.connect(self._address)
            packets.send(self._link, {}, [theirs.fileno()])
            theirs.close()
            _, (self._pidfd,) = packets.receive(self._link)
        except (OSError, EOFError, ValueError) as error:
            self._link.close()
            self._pipe.close()
            theirs.close()
            raise OSError(f"the process that it comes from is gone ({error})") from error
        return self

    def __exit__(self, *exception: object) -> None:
        """End the process, and wait until it is gone."""
        self._pipe.close()
        with contextlib.suppress(OSError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        select.select([self._pidfd], [], [], 10)
        os.close(self._pidfd)
        self._link.close()

    def ask(self, module: str, function: str, *arguments: Any) -> None:
        """Have a module's function called there."""
        with contextlib.suppress(OSError):  # a process that has ended already gives no answer
            self._pipe.send((module, function, arguments))

    def answer(self, seconds: float) -> Judgement | str:
        """What the function returned, or why it didn't."""
        try:
            if not self._pipe.poll(seconds):
                return "the judge itself did not come to an end in time"
            answer: Judgement = self._pipe.recv()
        except (EOFError, OSError):
            self._link.settimeout(1)
            code: object = "unknown"
            with contextlib.suppress(OSError, EOFError, ValueError, KeyError):
                code = packets.receive(self._link)[0]["exit"]
            return f"the judge's process ended unexpectedly (exit code {code})"
        return answer


def _start(address: str, preload: Sequence[str], known: Sequence[str], device: Device) -> subprocess.Popen[bytes]:
    """Start the warm process; it dies with the thread that started it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(address)
        listener.listen(128)
        cells = Path(f"{address}-cells.json")
        cells.write_text(json.dumps(list(known)))
        folder = str(Path(address).parent)
        options = {"preload": list(preload), "listener": listener.fileno(), "cells": str(cells), "parent": os.getpid()}
        return subprocess.Popen(
            [sys.executable, "-m", "nbjudge.pool.warm", json.dumps(options)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # Workers run side by side, so each has one thread; torch's compiler makes its folder where all is removed.
            env=os.environ | dict.fromkeys(THREADS, "1") | {"TORCHINDUCTOR_CACHE_DIR": folder} | settings(device),
            pass_fds=[listener.fileno()],
        )
