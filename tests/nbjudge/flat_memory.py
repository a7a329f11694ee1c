"""Grade a large class of made-up submissions and print the grader's memory and time as it goes.

    python tests/nbjudge/flat_memory.py COURSE FOLDER COUNT (light | real)

COURSE is a published course with the assignment ps1. The last line is JSON: for each process what it held (MB,
resident) after each twentieth of the class. "light" replaces sandbox and workers by a few lines, so that
what is measured is all the rest: reading, repairing, recording, receipts and feedback. "real" also shows the
processes that all submissions come from: the workers' and the sandbox's, which is to say the warm one and the zygote.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import lost
import psutil
from tiny import DOUBLE, HALF_RIGHT, SQUARE, hand_in

from nbjudge.grade.grade import grade_course
from nbjudge.pool.bench import Bench, Conditions
from nbjudge.sandbox.watch import submissions_below

WORK = (
    {"double": DOUBLE, "square": SQUARE},
    {"double": DOUBLE, "square": HALF_RIGHT},
    {"double": "def double(x):\n    return x + 2"},
)


Held = dict[str, list[float]]


def memory(processes: Mapping[str, int], held: Held) -> str:
    """What each process holds in MB: resident, and with what is shared divided among those that share it (PSS)."""
    found = {name: psutil.Process(pid).memory_full_info() for name, pid in processes.items()}
    for name, one in found.items():
        held.setdefault(name, []).append(round(one.rss / 1e6, 1))
    return "  ".join(f"{name} {one.rss / 1e6:7.1f} / {one.pss / 1e6:7.1f}" for name, one in found.items())


def progress(processes: Mapping[str, int], held: Held) -> Callable[[int], AbstractContextManager[Any]]:
    """Print a line for every twentieth of the class."""

    @contextmanager
    def lines(total: int) -> Iterator[Any]:
        began, cpu = time.monotonic(), time.process_time()
        done = 0
        print(f"     0 submissions  {memory(processes, held)}  (MB, RSS / PSS)", flush=True)

        def tell(student: str, status: str) -> None:
            nonlocal done
            done += 1
            if done % max(1, total // 20) == 0:
                each = (time.monotonic() - began) / done * 1000, (time.process_time() - cpu) / done * 1000
                times = f"{each[0]:6.1f} ms each, {each[1]:.1f} of the grader's processor time"
                print(f"{done:6} submissions  {memory(processes, held)}  {times}", flush=True)

        yield tell

    return lines


def processes_of(bench: Bench, light: bool) -> dict[str, int]:
    """The grader, and the two that submissions are forked from."""
    if light:
        return {"grader": os.getpid()}
    assert bench.sandbox._process is not None
    zygote, _ = submissions_below(bench.sandbox._process.pid)
    return {"grader": os.getpid(), "warm": bench.pool._warm.pid, "zygote": zygote}


def main() -> None:
    root, folder, count, light = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "light"
    hand_in(root, folder / "submitted", {f"s{number:05}": WORK[number % 3] for number in range(count)})
    lost.PAUSE = 0.0
    with lost.open_bench(light) as bench:
        processes = processes_of(bench, light)
        held: Held = {}
        conditions, lines = Conditions(workers=2, seed=9), progress(processes, held)
        receipts = grade_course(root, "ps1", folder / "submitted", folder / "out", conditions, lines, bench)
        points = sum(receipt.score for receipt in receipts)
        print(f"{len(receipts):6} receipts     {memory(processes, held)}  {points:g} points in all")
        print(json.dumps(held))


if __name__ == "__main__":
    main()
