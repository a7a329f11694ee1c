"""A class graded by nbgrader, by Otter and by nbjudge, side by side: ``python benchmarks/peers.py [--students 20]``.

Everybody gets the same submissions on the same machine in one run: stock ``nbgrader autograde``; Otter's grading
in one process (``otter.api.grade_submission``; its command line starts anew for each notebook and is slower);
``nbjudge grade``, as a whole command, with one worker, with all, and, of the light exercise, for a larger class.
The floor is the same cells run by a plain warm process. Memory is measured in runs of their own, over the first
submissions only, since looking at it costs time. Prints a table, and keeps it with a figure in build/bench.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import psutil
from class_of import FULL, LIGHT, NBJUDGE, ROOT, copy_course, hand_in
from floor import Floor
from render_figures import Painter

from nbjudge.master.course import Course
from nbjudge.master.notebook import read_notebook
from nbjudge.pool.usual import USUAL
from nbjudge.sandbox.watch import proportional

FEW = 6  # submissions over which memory is measured
OUT = ROOT / "build" / "bench"
TITLES = {"light": "A light exercise, the whole command", "full": "Logistic regression, the whole command"}
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


class Peak:
    """The largest memory, in MB, that a process and all below it held together while this was entered.

    Proportional set size: what several processes share is counted once. Pages of files, such as libraries, are left
    out: the system drops them when it likes, so the same run would weigh less on a machine that is short of memory.
    """

    def __init__(self, pid: int, every: float = 0.5) -> None:
        self._pid, self._every, self.megabytes = pid, every, 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look)

    def __enter__(self) -> Peak:
        self._watch.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(self._every):
            with halted(self._pid) as below:
                held = sum(proportional(pid, 0) for pid in [self._pid, *below])
            self.megabytes = max(self.megabytes, held / 1e6)


@contextmanager
def halted(pid: int) -> Iterator[list[int]]:
    """All processes below one, stopped for a moment: a sum over them is of what is there at the same time."""
    stopped: dict[int, psutil.Process] = {}
    try:
        with suppress(psutil.NoSuchProcess):
            top = psutil.Process(pid)
            while new := [process for process in top.children(recursive=True) if process.pid not in stopped]:
                for process in new:
                    stopped[process.pid] = process
                    with suppress(psutil.NoSuchProcess):
                        process.suspend()
        yield list(stopped)
    finally:
        for process in stopped.values():
            with suppress(psutil.NoSuchProcess):
                process.resume()


def timed(command: Sequence[str], folder: Path, weigh: bool = False) -> float:
    """Seconds that a command takes as a whole; or, to ``weigh``, its peak memory in MB."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, cwd=folder, env=os.environ | ENVIRONMENT, stdout=log, stderr=log)
        with Peak(process.pid) if weigh else nullcontext() as peak:
            code = process.wait()
        if code != 0:
            log.seek(0)
            raise SystemExit(f"{' '.join(command[:4])} ... ended with {code}:\n{log.read()[-3000:]}")
    return peak.megabytes if peak else time.monotonic() - started


def by_nbjudge(course: Course, assignment: str, submitted: Path, workers: int, weigh: bool = False) -> float:
    """``nbjudge grade`` in a course of its own, where nothing was graded before."""
    root = Path(tempfile.mkdtemp()) / "course"
    shutil.copytree(course.root, root)
    command = [*NBJUDGE, "grade", assignment, str(submitted), "--workers", str(workers)]
    return timed(command, root, weigh)


def by_nbgrader(source: Course, assignment: str, submitted: Path, weigh: bool = False) -> float:
    """``nbgrader autograde`` in a course of its own."""
    root = Path(tempfile.mkdtemp())
    for name in ("source", "autograder", "nbgrader_config.py"):
        if (source.root / name).exists():
            (root / name).symlink_to(source.root / name)
    (root / "submitted").symlink_to(submitted)
    nbgrader = [sys.executable, "-m", "nbgrader"]
    timed([*nbgrader, "generate_assignment", assignment], root)
    stock = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"  # not the judge, as the course has it
    return timed([*nbgrader, "autograde", assignment, "--create", stock], root, weigh)


def by_otter(source: Course, assignment: str, submitted: Path, weigh: bool = False) -> float:
    """Otter, all submissions in one process; its tests are the master's test cells as they stand."""
    folder = Path(tempfile.mkdtemp())
    (folder / "tests").mkdir()
    (master,) = (source.root / "source" / assignment).glob("*.ipynb")
    for cell in read_notebook(json.loads(master.read_text()), master.stem).tests:
        (folder / "tests" / f"{cell.grade_id}.py").write_text(
            "from otter.test_files import test_case\n\nOK_FORMAT = False\n"
            f"name = {cell.grade_id!r}\npoints = {cell.points}\n\n\n"
            f"@test_case(points=None, hidden=True)\ndef test(env):\n    exec({cell.source!r}, env)\n"
        )
    otter = [str(Path(sys.executable).parent / "otter"), "generate", "-t", "tests", "-o", "autograder.zip"]
    timed([*otter, "--no-config", "--no-requirements", "--no-environment"], folder)
    (folder / "papers.json").write_text(json.dumps(sorted(map(str, submitted.rglob("*.ipynb")))))
    (folder / "grade.py").write_text(
        "import json, sys\nfrom otter.api import grade_submission\n\n"
        "for path in json.load(open('papers.json')):\n    grade_submission(path, 'autograder.zip', quiet=True)\n"
    )
    os.environ["PYTHONPATH"] = str(source.root)  # where the tests' references are
    try:
        return timed([sys.executable, "grade.py"], folder, weigh)
    finally:
        del os.environ["PYTHONPATH"]


def floor(source: Course, paths: Sequence[Path]) -> float:
    """The same notebooks' code cells in a warm plain process, one after another; the staff's tests in place."""
    (master,) = (source.root / "source" / paths[0].parent.name).glob("*.ipynb")
    tests = {cell.grade_id: cell.source for cell in read_notebook(json.loads(master.read_text()), "").tests}
    total = 0.0
    with Floor(USUAL) as warm:
        for path in paths:
            cells = read_notebook(json.loads(path.read_text()), path.stem).cells
            total += warm.seconds([tests.get(c.grade_id, c.source) for c in cells if c.kind == "code"], source.root)
    return total


def measure(root: Path, assignment: str, students: int, many: int, rounds: int) -> list[dict[str, Any]]:
    """One row for each grader and class; ``rounds`` times everybody in turn, since a machine's speed may change."""
    place = Path(tempfile.mkdtemp())
    course = copy_course(root, assignment, place / "course")
    paths = hand_in(course, assignment, students, place / "submitted")
    hand_in(course, assignment, many, place / "large")
    hand_in(course, assignment, FEW, place / "few")
    cores = os.cpu_count() or 1
    graders: dict[str, Callable[..., float]] = {
        "nbgrader autograde": partial(by_nbgrader, course, assignment),
        "Otter, one process": partial(by_otter, course, assignment),
        "nbjudge grade, 1 worker": partial(by_nbjudge, course, assignment, workers=1),
        f"nbjudge grade, {cores} workers": partial(by_nbjudge, course, assignment, workers=cores),
    }
    runs = {("floor: plain warm process", students): partial(floor, course, paths)}
    for name, grade in graders.items():
        runs[name, students] = partial(grade, place / "submitted")
        if name.startswith("nbjudge"):
            runs[name, many] = partial(grade, place / "large")
    held = {name: grade(place / "few", weigh=True) for name, grade in graders.items()}
    seconds = [{key: run() for key, run in runs.items()} for _ in range(rounds)]
    return [
        {"assignment": assignment, "grader": name, "class": size, "megabytes": held.get(name)}
        | {"each": [one[name, size] / size for one in seconds]}
        for name, size in runs
    ]


def show(rows: Sequence[dict[str, Any]]) -> None:
    """The table: medians over the rounds, and of the ratios to nbgrader and to Otter in the same round."""
    peers = {row["grader"].split()[0]: row["each"] for row in rows}
    print(f"{'':34}{'class':>6}{'s in all':>10}{'s each':>9}{'nbgrader ÷':>12}{'Otter ÷':>9}{'peak MB':>9}")
    for row in rows:
        each, size = statistics.median(row["each"]), row["class"]
        ratios = [_ratio(peers[peer], row["each"]) for peer in ("nbgrader", "Otter,")]
        line = f"{row['grader']:34}{size:6}{each * size:10.1f}{each:9.3f}{ratios[0]:12.1f}{ratios[1]:9.1f}"
        print(f"{line}{row['megabytes'] or float('nan'):9.0f}", flush=True)


def _ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(theirs, ours, strict=True))


def draw(rows: Sequence[dict[str, Any]], title: str) -> go.Figure:
    """Seconds for each submission, on a logarithmic axis."""
    seconds = [statistics.median(row["each"]) for row in rows]
    points = go.Scatter(
        x=seconds,
        y=[f"{row['grader']}, {row['class']} submissions" for row in rows],
        text=[f"{each:.2g} s" for each in seconds],
        textposition="middle right",
        mode="markers+text",
        marker={"size": 12, "color": ["#1f5fa8" if "nbjudge" in row["grader"] else "#8a94a0" for row in rows]},
    )
    figure = go.Figure(points, {"title": title, "template": "plotly_white", "height": 380, "margin": {"t": 60}})
    ticks = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]
    figure.update_xaxes(type="log", title="seconds per submission, the whole command", tickvals=ticks)
    return figure.update_yaxes(autorange="reversed", automargin=True)


def main() -> None:
    """Measure, print, and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--many", type=int, default=200, help="the larger class, for nbjudge and the light case")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", choices=["light", "full"])
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    for name, (root, assignment) in {"light": LIGHT, "full": FULL}.items():
        if options.only in (None, name):
            print(f"\n{assignment}, the {name} case, {options.students} students", flush=True)
            # Starting up weighs little beside a long notebook, whatever the class.
            many = options.many if name == "light" else options.students
            rows = measure(root, assignment, options.students, many, options.rounds)
            show(rows)
            (OUT / f"{name}.json").write_text(json.dumps(rows, indent=2))
            with Painter() as painter:
                picture = painter.paint(json.loads(draw(rows, TITLES[name]).to_json()))
            (OUT / f"{name}.png").write_bytes(picture)
            print(f"kept in {OUT.relative_to(ROOT)}: {name}.json, {name}.png")


if __name__ == "__main__":
    main()
