"""The floor under every grader: the cells of a notebook run by a plain Python process that is already warm.

No kernel, no protocol, no isolation, no record: one ``exec`` per cell, tests included, in a process forked from
one that has the libraries imported. What a grader takes beyond that is its overhead.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any


class Floor:
    """A context manager over the warm process."""

    def __init__(self, preload: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, *preload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            text=True,
        )
        self._line()

    def __enter__(self) -> Floor:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.kill()
        self._process.communicate()

    def seconds(self, cells: Sequence[str], root: Path) -> float:
        """Wall time for all cells of one notebook, from the request to the result, in a fork of its own."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"cells": list(cells), "root": str(root)}) + "\n")
        self._process.stdin.flush()
        return float(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the floor's process ended")
        return line


def run(cells: Sequence[str], root: str) -> None:
    """Run the cells as a student's machine would; a cell that fails costs itself."""
    import plotly.basedatatypes

    plotly.basedatatypes.BaseFigure.show = lambda figure, *args, **kwargs: figure.to_json()
    sys.path.insert(0, root)
    os.chdir(tempfile.mkdtemp())
    sys.stdout = sys.stderr = io.StringIO()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells:
        with suppress(Exception):
            exec(compile(cell, "<cell>", "exec"), namespace)


def main() -> None:
    """Warm up, then fork for each line of JSON on stdin and write the seconds that it took."""
    from nbjudge.sandbox.zygote import import_all, run_preload_hooks

    import_all(sys.argv[1:])
    run_preload_hooks()
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            try:
                run(asked["cells"], asked["root"])
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        print(time.monotonic() - started, flush=True)


if __name__ == "__main__":
    main()
