"""Memory of one more submission at the same time: ``python benchmarks/memory.py [--only ASSIGNMENT]``.

The solution is judged over and over by 1, 2, 4 and 8 workers at once; the proportional set size of every process
of the grader (the judge's workers, the sandbox, the kernels in it), without files' pages, is added up four times a
second. Prints the largest sum for each number of workers, and the slope: MB for each further submission at the same
time.
"""

from __future__ import annotations

import argparse
import os
import statistics
from dataclasses import replace

from overhead import cases, task_of
from peers import Peak

from nbjudge.master.course import Course
from nbjudge.pool.bench import Conditions, open_bench

WORKERS = (1, 2, 4, 8)


def megabytes(course: Course, assignment: str, workers: int) -> float:
    """Peak memory of everything that grades, with this many submissions at once."""
    conditions = Conditions(workers=workers)
    with open_bench(course, conditions, course.master(assignment)) as bench:
        task = task_of(course, assignment, bench, conditions)
        list(bench.pool.judge([task]))  # everything is warm and imported
        tasks = [replace(task, student=str(number)) for number in range(6 * workers)]
        with Peak(os.getpid(), every=0.25) as peak:
            list(bench.pool.judge(tasks))
    return peak.megabytes


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="one assignment")
    only = parser.parse_args().only
    print(f"{'assignment':32}" + "".join(f"{f'{n} at once':>12}" for n in WORKERS) + f"{'MB for each more':>20}")
    for root, assignment in cases():
        if only in (None, assignment):
            held = [megabytes(Course.at(root), assignment, workers) for workers in WORKERS]
            slope = statistics.linear_regression(WORKERS, held).slope
            print(f"{assignment:32}" + "".join(f"{each:12.0f}" for each in held) + f"{slope:20.0f}", flush=True)


if __name__ == "__main__":
    main()
