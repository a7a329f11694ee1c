"""How fast the course's own computations are: ``make bench-course``, or ``python benchmarks/course [--runs 3]``.

All ways to do a task are timed in turns in one run, on this machine as it is; the table shows medians, and the
load of the machine when the run began and when it ended. A GPU is used as well where there is one.
"""

from __future__ import annotations

import argparse
import os

import digits
import finder
import landscapes
import sweep
import torch
from timing import compare


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=1000, help="of the sweep of 40 learning rates")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    print(f"{os.cpu_count()} cores, {torch.get_num_threads()} threads, {gpu}; medians of {options.runs} rounds")
    print(f"{'task':38}{'way':42}{'seconds':>9}{'speed':>8}   outcome")
    tasks = {
        f"sweep of 40 rates, {options.epochs:,} epochs": sweep.ways(options.epochs),
        "9 epochs of 13,007 digits": digits.ways(),
        "learning-rate finder": finder.ways(),
        **landscapes.tasks(),
    }
    for task, ways in tasks.items():
        for row in compare(task, ways, options.runs):
            print(f"{row.task:38}{row.way:42}{row.seconds:9.3f}{row.speed:7.1f}×   {row.outcome}", flush=True)
    print(f"largest difference between the losses of loop and batch: {sweep.largest_gap(options.epochs):.1e}")
    print(f"load of the machine: {before:.1f} at the start, {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
