"""Stock nbgrader's commands, each in a fork of one process that has imported it: as from a shell, only sooner.

    python tests/nbjudge/warm_nbgrader.py

Reads requests from its input, a line of JSON each: {"folder": course folder, "words": ["autograde", "ps1"]}. Answers
each with a line: {"status": exit status, "log": all that the command said}.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import threading
import traceback
from typing import Any, TextIO

from nbgrader.apps.nbgraderapp import NbGraderApp

# What the commands import only once they work.
LATER = ("nbgrader.converters", "nbgrader.preprocessors", "nbgrader.server_extensions", "nbconvert", "nbclient")


def command(folder: str, words: list[str], log: TextIO) -> int:
    """Run a command as a process of its own; its exit status."""
    if process := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    status = 1
    try:
        os.chdir(folder)
        NbGraderApp.launch_instance(words)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        status = command(request["folder"], request["words"], log)
        log.seek(0)
        return {"status": status, "log": log.read()}


def main() -> None:
    for name in LATER:
        importlib.import_module(name)
    assert threading.active_count() == 1, "a fork keeps only one thread"
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
