"""What judging costs beyond the notebook's own computing: ``python benchmarks/overhead.py [--runs 10]``.

Each run judges the solution notebook twice, one after the other: in the sandbox, from outside; and as the floor,
the same cells by ``exec`` in one process forked from the same warm one. Prints the medians in milliseconds.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Worker processes import this file again: what is heavy is imported where it is used.
if TYPE_CHECKING:
    from nbjudge.bench import Bench
    from nbjudge.worker import Task

ROOT = Path(__file__).resolve().parent.parent
CASES = ((ROOT / "tests" / "courses" / "functions_called", "ps1"), (ROOT, "logistic-regression"))


def plain(task: Task, result: Connection) -> None:
    """Run all cells, tests included, in this process, as a kernel would without protocol or border."""
    import plotly.basedatatypes

    plotly.basedatatypes.BaseFigure.show = lambda figure, *args, **kwargs: figure.to_json()
    sys.path.insert(0, task.root)
    os.chdir(tempfile.mkdtemp())
    sys.stdout = io.StringIO()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for step in task.steps:
        exec(compile(step.source, "<cell>", "exec"), namespace)
    result.send(None)
    os._exit(0)


def seconds_plain(bench: Bench, task: Task) -> float:
    """Wall time of the floor, from the request to the result."""
    context = bench.pool._context
    ours, theirs = context.Pipe(duplex=False)
    started = time.monotonic()
    process = context.Process(target=plain, args=(task, theirs))
    process.start()
    theirs.close()
    ours.recv()
    took = time.monotonic() - started
    process.kill()
    process.join()
    return took


def seconds_judged(bench: Bench, task: Task) -> float:
    """Wall time of the judge for the same task; the solution must pass."""
    from nbjudge.verdict import Outcome

    started = time.monotonic()
    (judgement,) = bench.pool.judge([task])
    took = time.monotonic() - started
    if any(verdict.outcome is not Outcome.PASSED for verdict in judgement.verdicts):
        raise SystemExit(f"the solution does not pass: {judgement.verdicts}")
    return took


def main() -> None:
    """Measure both assignments and print a table."""
    from nbjudge.bench import Conditions, open_bench, task_maker
    from nbjudge.candidate import candidate
    from nbjudge.course import Course

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    print(f"{'assignment':40}{'plain':>10}{'judged':>10}{'overhead':>10}   (ms, medians of {runs})")
    conditions = Conditions(workers=1)
    with open_bench(Course.at(ROOT), conditions) as bench:
        for root, assignment in CASES:
            course = Course.at(root)
            master = course.master(assignment)
            notebook = master.notebooks[0]
            task = task_maker(course, master, bench, 1, conditions)("solution", notebook, candidate(notebook))
            seconds_judged(bench, task)  # a warm-up
            pairs = [(seconds_plain(bench, task), seconds_judged(bench, task)) for _ in range(runs)]
            floor, judged = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
            extra = statistics.median(after - before for before, after in pairs) * 1000
            print(f"{root.name + '/' + notebook.name:40}{floor:10.0f}{judged:10.0f}{extra:10.0f}")


if __name__ == "__main__":
    main()
