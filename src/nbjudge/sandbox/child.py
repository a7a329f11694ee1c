"""A forked child on its way from the zygote to a student's kernel.

Two lives: the fork, pid 1 of namespaces of its own, mounts private file systems and stays as the *init* that
reaps, reports the kernel's end and takes everything with it when killed; its child drops all privileges and
becomes the kernel.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

from nbjudge.sandbox import packets
from nbjudge.sandbox.confinement import Confinement, kill_group
from nbjudge.sandbox.limits import Limits
from nbjudge.sandbox.linux import PR_SET_DUMPABLE, enforce, prctl
from nbjudge.sandbox.seeding import seed_generators

READY = b"ready"


def become(
    request: dict[str, Any], connection: socket.socket, files: Sequence[int], confinement: Confinement
) -> NoReturn:
    """Turn this fresh fork into what the request asks for. Never returns."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        connection.settimeout(None)
        started = time.monotonic()
        limits = Limits.from_dict(dict(request["limits"]))
        confinement.enter(limits)
        confined = time.monotonic()
        _become_init(request, connection, files, limits, confinement, (started, confined))
    except BaseException as problem:
        report(connection, {"error": f"{type(problem).__name__}: {problem}"})
    finally:
        os._exit(1)


def _become_init(
    request: dict[str, Any],
    connection: socket.socket,
    files: Sequence[int],
    limits: Limits,
    confinement: Confinement,
    times: tuple[float, float],
) -> None:
    """Fork the kernel, hand its process handles to the grader, and wait for its end."""
    word = os.pipe()  # written to by the kernel process once it is confined and leads a group of its own
    kernel = os.fork()
    if kernel == 0:
        _become_kernel(request, files, limits, confinement, word)
    os.close(word[1])
    if (told := os.read(word[0], 4096)) != READY:
        confinement.tidy(kernel)
        raise OSError(told.decode(errors="replace") or "its process ended")
    handles = [os.pidfd_open(os.getpid()), os.pidfd_open(kernel)]
    prctl(PR_SET_DUMPABLE, 0)  # the kernel has the same uid: it must not trace its init
    answer = {"user": confinement.user, "started": times[0], "confined": times[1], "forked": time.monotonic()}
    packets.send(connection, answer, handles)
    confinement.settle(kernel)
    _close_all_but([connection.fileno()])
    _silence()
    _end_with(connection, kernel)
    code = _wait_for(kernel)
    report(connection, {"exit": code})
    confinement.tidy(kernel)
    os._exit(0)


def _end_with(connection: socket.socket, kernel: int) -> None:
    """End the kernel when the grader's end of the connection is gone: its process may have been killed."""
    hangs_up = select.poll()
    hangs_up.register(connection, select.POLLHUP)

    def look(*_: object) -> None:
        if hangs_up.poll(0):
            kill_group(kernel)

    signal.signal(signal.SIGIO, look)
    fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(connection, fcntl.F_SETFL, fcntl.fcntl(connection, fcntl.F_GETFL) | os.O_ASYNC)
    look()  # it may have gone before


def _wait_for(kernel: int) -> int:
    """Reap orphans until the kernel ends; its exit code, or minus the signal that ended it."""
    while True:
        pid, status = os.wait()
        if pid == kernel:
            return os.waitstatus_to_exitcode(status)


def _become_kernel(
    request: dict[str, Any], files: Sequence[int], limits: Limits, confinement: Confinement, word: tuple[int, int]
) -> NoReturn:
    """Drop privileges, apply limits, and run the ipykernel application."""
    code = 1
    try:
        os.setsid()
        names = list(request["channels"])
        agent = socket.socket(fileno=files[0])
        channels = dict(zip(names, files[1:], strict=True))
        _close_all_but([*files, word[1]])
        _silence()
        sys.argv = [""]
        try:
            os.chdir(confinement.folder)
            confinement.drop()
            enforce(limits)
        except OSError as problem:
            os.write(word[1], str(problem).encode())
            raise
        seed_generators(int(request["seed"]))
        os.write(word[1], READY)
        os.close(word[1])
        from nbjudge.sandbox import kernelapp

        kernelapp.run(agent, channels, request["key"].encode())
        code = 0
    finally:
        os._exit(code)


def _close_all_but(files: Sequence[int]) -> None:
    """Close every inherited file from 3 up, except the named ones."""
    low = 3
    for file in sorted(files):
        os.closerange(low, file)
        low = file + 1
    os.closerange(low, 65536)


def _silence() -> None:
    """Standard input, output and error lead nowhere; what a student prints goes through the kernel."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def report(connection: socket.socket, content: dict[str, Any]) -> None:
    """Tell the grader, if it still listens."""
    with suppress(OSError):
        packets.send(connection, content)
