"""The warm process from which the judge's workers are forked: ``python -m nbjudge.pool.warm OPTIONS``.

It imports once what every worker needs, runs what the imported packages registered in the entry point group
``nbjudge.preload``, and then forks a worker for every connection to its socket. A worker is told over a pipe of
its own which function to call, answers with the result, and ends.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

from nbjudge.lean import collect_rarely, leave_out
from nbjudge.master.bindings import bound_names, parse, read_names
from nbjudge.sandbox import packets
from nbjudge.sandbox.linux import PR_SET_PDEATHSIG, prctl
from nbjudge.sandbox.zygote import for_forks, import_all, run_preload_hooks


def prepare(preload: Sequence[str], cells: Sequence[str] = ()) -> None:
    """Import, run and look up in advance whatever a worker would be slow at; ``cells`` are sources of a master."""
    with for_forks():
        import_all([*preload, "nbjudge.pool.worker", "IPython.core.inputtransformer2"])
        run_preload_hooks()
        for tree in filter(None, map(parse, cells)):
            bound_names(tree.body)
            read_names(tree.body)


def serve(listener: socket.socket) -> None:
    """Fork a worker for every connection, and say there how it ended."""
    links: dict[int, socket.socket] = {}

    def reap(*_: object) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                with links.pop(ended[0]) as link, contextlib.suppress(OSError):
                    packets.send(link, {"exit": os.waitstatus_to_exitcode(ended[1])})

    signal.signal(signal.SIGCHLD, reap)
    while True:
        link, _ = listener.accept()
        try:
            _, (pipe,) = packets.receive(link)
        except (OSError, EOFError, ValueError):
            link.close()
            continue
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # not before the link is noted
        try:
            worker = os.fork()
        except OSError:
            link.close()
            os.close(pipe)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            continue
        if worker == 0:
            _work(listener, link, pipe)
        links[worker] = link
        os.close(pipe)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _work(listener: socket.socket, link: socket.socket, pipe: int) -> NoReturn:
    """Do the one thing that this worker is for."""
    try:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        listener.close()
        packets.send(link, {}, [os.pidfd_open(os.getpid())])
        link.close()
        with Connection(pipe) as connection:
            module, function, arguments = connection.recv()
            connection.send(getattr(importlib.import_module(module), function)(*arguments))
        # All is said: the clean-up of a large process would only cost time.
        os._exit(0)
    finally:
        os._exit(1)


def main() -> None:
    """Read the options (a JSON object as the only argument), warm up, and serve."""
    options = json.loads(sys.argv[1])
    leave_out()
    collect_rarely()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != options["parent"]:
        sys.exit()  # the grader has been killed already
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which ends this process
    prepare(options["preload"], json.loads(Path(options["cells"]).read_text()))
    serve(socket.socket(fileno=options["listener"]))


if __name__ == "__main__":
    main()
