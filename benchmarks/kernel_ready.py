"""How long a forked kernel takes until it answers: ``python benchmarks/kernel_ready.py [--kernels 50]``.

One sandbox with PyTorch imported; each kernel is asked for, waited for until its kernel_info reply, used for
one cell and closed. Prints a table of medians and 90th percentiles in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence

from nbformat.v4 import new_code_cell

from nbjudge.sandbox.kernel import Kernel
from nbjudge.sandbox.sandbox import Sandbox

PRELOAD = ("numpy", "torch", "torchvision", "pandas", "plotly.graph_objects")


def measure(sandbox: Sandbox) -> dict[str, float]:
    """Seconds that each part of one kernel's life took."""
    asked = time.monotonic()
    with Kernel.start(sandbox.address, seed=0) as kernel:
        ready = time.monotonic()
        kernel.execute(new_code_cell("1 + 1"), timeout=10)  # type: ignore[no-untyped-call]
        used = time.monotonic()
        times = kernel.process.times
    closed = time.monotonic()
    return {
        "request and fork": times["started"] - asked,
        "namespaces, /proc, tmpfs": times["confined"] - times["started"],
        "second fork, privileges, limits": times["forked"] - times["confined"],
        "kernel start and first reply": ready - times["forked"],
        "READY (sum of the above)": ready - asked,
        "first cell": used - ready,
        "close": closed - used,
    }


def percentile_90(values: Sequence[float]) -> float:
    """The 90th percentile."""
    return statistics.quantiles(values, n=10)[-1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernels", type=int, default=50)
    parser.add_argument("--no-sandbox", action="store_true")
    options = parser.parse_args()
    opening = time.monotonic()
    with Sandbox(PRELOAD, isolation="none" if options.no_sandbox else "bwrap") as sandbox:
        opened = time.monotonic()
        measure(sandbox)
        rounds = [measure(sandbox) for _ in range(options.kernels)]
    print(f"sandbox ready after {opened - opening:.1f} s; {options.kernels} kernels, one after another")
    print(f"{'part':34}{'median ms':>10}{'p90 ms':>10}")
    for part in rounds[0]:
        values = [1000 * each[part] for each in rounds]
        print(f"{part:34}{statistics.median(values):10.1f}{percentile_90(values):10.1f}")


if __name__ == "__main__":
    main()
