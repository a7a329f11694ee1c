"""Grade a large class of made-up submissions and print the grader's memory and time as it goes.

    python tests/nbjudge/flat_memory.py COURSE FOLDER COUNT

COURSE is a published course with the assignment ps1. Sandbox and workers are replaced by a few lines, so that what
is measured is all the rest: reading, repairing, recording, receipts and feedback.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lost
import psutil
from tiny import DOUBLE, HALF_RIGHT, SQUARE, hand_in

from nbjudge.grade.grade import grade_course
from nbjudge.pool.bench import Conditions

WORK = (
    {"double": DOUBLE, "square": SQUARE},
    {"double": DOUBLE, "square": HALF_RIGHT},
    {"double": "def double(x):\n    return x + 2"},
)


def memory() -> float:
    """This process's resident memory in MB."""
    return float(psutil.Process().memory_info().rss) / 1e6


@contextmanager
def progress(total: int) -> Iterator[Any]:
    """Print a line for every tenth of the class."""
    began, cpu = time.monotonic(), time.process_time()
    done = 0

    def tell(student: str, status: str) -> None:
        nonlocal done
        done += 1
        if done % max(1, total // 10) == 0:
            each = (time.monotonic() - began) / done * 1000, (time.process_time() - cpu) / done * 1000
            print(f"{done:6} submissions  {memory():7.1f} MB  {each[0]:6.1f} ms each, {each[1]:.1f} of processor time")

    yield tell


def main() -> None:
    root, folder, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    hand_in(root, folder / "submitted", {f"s{number:05}": WORK[number % 3] for number in range(count)})
    lost.PAUSE = 0.0
    print(f"     0 submissions  {memory():7.1f} MB")
    with lost.open_bench(light=True) as bench:
        receipts = grade_course(root, "ps1", folder / "submitted", folder / "out", Conditions(seed=9), progress, bench)
    points = sum(receipt.score for receipt in receipts)
    print(f"{len(receipts):6} receipts     {memory():7.1f} MB  {points:g} points in all")


if __name__ == "__main__":
    main()
