"""What judging costs beyond the notebook's own computing: ``python benchmarks/overhead.py [--runs 10]``.

Each run takes the solution twice, one after the other: judged from outside in the sandbox by one worker, outputs
kept as for formgrader; and as the floor, the same cells by a plain process that is warm. Prints medians in ms.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import Any

import nbformat
from class_of import LIGHT, ROOT
from floor import Floor

from nbjudge.judge.task import Task
from nbjudge.judge.verdict import Outcome
from nbjudge.master.course import Course
from nbjudge.pool.bench import Bench, Conditions, open_bench, task_maker
from nbjudge.pool.usual import USUAL
from nbjudge.publish.candidate import candidate


def cases() -> list[tuple[Path, str]]:
    """The light exercise, and every assignment of the course."""
    return [LIGHT, *((ROOT, name) for name in Course.at(ROOT).assignments())]


def seconds_judged(bench: Bench, task: Task) -> float:
    """Wall time of the judge for a task; the solution must pass."""
    started = time.monotonic()
    (judgement,) = bench.pool.judge([task])
    took = time.monotonic() - started
    if any(verdict.outcome is not Outcome.PASSED for verdict in judgement.verdicts):
        raise SystemExit(f"the solution does not pass: {judgement.verdicts}")
    return took


def task_of(course: Course, assignment: str, bench: Bench, conditions: Conditions) -> Task:
    """The task of judging the assignment's own solution."""
    master = course.master(assignment)
    notebook = master.notebooks[0]
    document: Any = nbformat.read(course.root / "source" / assignment / f"{notebook.name}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    make = task_maker(course, master, bench, 1, conditions)
    task: Task = make("solution", notebook, candidate(notebook), released=document)
    return task


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--only", help="one assignment")
    options = parser.parse_args()
    print(f"{'assignment':40}{'floor':>10}{'judged':>10}{'overhead':>10}   (ms, medians of {options.runs})")
    conditions = Conditions(workers=1)
    for root, assignment in cases():
        if options.only not in (None, assignment):
            continue
        course = Course.at(root)
        with open_bench(course, conditions, course.master(assignment)) as bench, Floor(USUAL) as floor:
            task = task_of(course, assignment, bench, conditions)
            cells = [step.source for step in task.steps]
            seconds_judged(bench, task)  # a warm-up
            pairs = [(floor.seconds(cells, root), seconds_judged(bench, task)) for _ in range(options.runs)]
        plain, judged = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
        extra = statistics.median(after - before for before, after in pairs) * 1000
        print(f"{root.name + '/' + assignment:40}{plain:10.0f}{judged:10.0f}{extra:10.0f}", flush=True)


if __name__ == "__main__":
    main()
