"""The zygote: a warm Python process inside the sandbox that forks one child per submission.

It imports the slow libraries once, starts no thread and reads nothing secret. Run as
``python -I -m nbjudge.sandbox.zygote OPTIONS`` by `nbjudge.sandbox.sandbox`; it gets a listening unix socket and says
on stdout when it is ready.
"""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import json
import os
import signal
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from nbjudge.lean import leave_out
from nbjudge.sandbox import child, packets
from nbjudge.sandbox.confinement import Isolation, confinement
from nbjudge.sandbox.linux import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, fork_into_namespaces, prctl, use_huge_pages

PRELOAD_GROUP = "nbjudge.preload"


def import_all(names: Iterable[str]) -> list[str]:
    """Import the modules; the names of those that cannot be imported are returned, not fatal."""
    missing = []
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    return missing


def run_preload_hooks() -> list[str]:
    """Call the ``nbjudge.preload`` entry points of the imported packages, such as one that loads a data set.

    They only save time; what a broken one should have prepared will say so where it is used. Returns their names.
    """
    failed = []
    for entry in importlib.metadata.entry_points(group=PRELOAD_GROUP):
        if entry.module.partition(".")[0] in sys.modules:
            try:
                entry.load()()
            except Exception:
                failed.append(entry.name)
    return failed


@contextmanager
def for_forks() -> Iterator[None]:
    """What is made in here is for forks to share: the garbage collector never looks at it, and it lies together.

    Nor does the collector look for garbage meanwhile: imports leave little, and would take an eighth longer.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()
    use_huge_pages()


def warm(names: Iterable[str]) -> list[str]:
    """Import and prepare everything that children share; returns what was missing."""
    with for_forks():
        missing = import_all(names) + run_preload_hooks()
        if "torch" in sys.modules:
            sys.modules["torch"].set_num_threads(1)
        from nbjudge.sandbox import kernelapp

        kernelapp.prepare()
    return missing


def threads() -> int:
    """How many threads this process has."""
    return len(os.listdir("/proc/self/task"))


def take_voice() -> int:
    """Keep stdout for the one line that the grader waits for; what libraries print goes nowhere."""
    voice = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return voice


def announce(voice: int, content: dict[str, Any]) -> None:
    """Write the one line that the grader waits for."""
    os.write(voice, json.dumps(content).encode() + b"\n")
    os.close(voice)


def serve(listener: socket.socket, isolation: Isolation, paths: Sequence[str]) -> None:
    """Fork a child for every connection, until killed."""
    way = confinement(isolation, paths)
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(5)
            try:
                request, files = packets.receive(connection)
            except (OSError, EOFError, ValueError):
                continue
            try:
                forked = fork_into_namespaces() if isolation == "bwrap" else os.fork()
            except OSError as problem:
                child.report(connection, {"error": str(problem)})
            else:
                if forked == 0:
                    child.become(request, connection, files, way)
            for file in files:
                os.close(file)


def main() -> None:
    """Read the options (a JSON object as the only argument), warm up, and serve."""
    leave_out()
    options = json.loads(sys.argv[1])
    if options["isolation"] != "bwrap":
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    voice = take_voice()
    missing = warm(options["preload"])
    count = threads()
    if count != 1:
        announce(voice, {"error": f"the preloaded modules started {count - 1} threads, so forking is not safe"})
        sys.exit(1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system reaps; children set it back
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    listener = socket.socket(fileno=options["listener"])
    announce(voice, {"ready": True, "missing": missing})
    serve(listener, options["isolation"], options["paths"])


if __name__ == "__main__":
    main()
