"""The stock graders: nbgrader's autograde and Otter's run, their own code, on kernels that start at once.

They run in a process of their own, ``python -m nbjudge.otter.stock JOBS``, since they change folders, loggers and
paths. JOBS is a JSON file; what the graders gave is written beside it.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbjudge.errors import CourseError
from nbjudge.otter.forked import Warm
from nbjudge.sandbox.linux import PR_SET_PDEATHSIG, prctl

Points = dict[str, dict[str, float]]  # submission -> "notebook/test" -> points
CELL = 120  # seconds for a cell, as nbgrader's configuration here has it
_START = "--Execute.startup_timeout=600"  # seconds; a busy machine may be slow to start a kernel


def run_stock(folder: Path, preload: Sequence[str], **jobs: Mapping[str, Any]) -> dict[str, Points]:
    """Let stock graders do their jobs in a folder; raises CourseError if one breaks down.

    A job is what ``by_nbgrader`` or ``by_otter`` takes, by the name "nbgrader" or "otter"; so are the points.
    """
    path = folder / "stock.json"
    path.write_text(json.dumps({"preload": list(preload), "jobs": jobs}))
    environment = os.environ | {"OMP_NUM_THREADS": "1", "JUPYTER_CONFIG_DIR": str(folder / "no-config")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    with (folder / "stock.log").open("w+") as log:
        command = [sys.executable, "-m", "nbjudge.otter.stock", str(path)]
        code = subprocess.run(command, cwd=folder, env=environment, stdout=log, stderr=log, check=False).returncode
        log.seek(0)
        if code:
            said = [line for line in log.read().strip().splitlines() if line.strip()] or [f"status {code}"]
            raise CourseError(f"a stock grader ({', '.join(jobs)}) broke down: {said[-1][:500]}", str(folder))
    points: dict[str, Points] = json.loads(path.with_suffix(".points").read_text())
    return points


@contextmanager
def forked_kernels(preload: Sequence[str]) -> Iterator[None]:
    """Kernels of this process are forks of a warm one, for a while."""
    local_provisioner: Any = importlib.import_module("jupyter_client.provisioning.local_provisioner")
    warm, ordinary = Warm(tuple(preload)), local_provisioner.launch_kernel
    local_provisioner.launch_kernel = warm.launch
    try:
        yield
    finally:
        local_provisioner.launch_kernel = ordinary
        warm.close()


def by_nbgrader(course: str, assignment: str, tests: Sequence[str]) -> Points:
    """``nbgrader autograde`` in a course whose ``submitted`` folder is filled; "notebook/test" names the tests."""
    from nbgrader.api import Gradebook
    from nbgrader.apps import AutogradeApp

    os.chdir(course)  # nbgrader's configuration is looked for here
    # Hidden tests import what lies in the course's folder; nbjudge and the zip see to that too.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [course, os.environ.get("PYTHONPATH")]))
    app = AutogradeApp()
    # The course may have put nbjudge in the place of nbgrader's own grading.
    own = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"
    app.initialize([assignment, "--create", "--log-level=ERROR", f"--Execute.timeout={CELL}", _START, own])
    app.start()
    students = sorted(path.name for path in Path("submitted").iterdir())
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        return {
            student: {
                test: gradebook.find_grade(test.split("/")[1], test.split("/")[0], assignment, student).auto_score
                for test in tests
            }
            for student in students
        }


def by_otter(papers: Mapping[str, Mapping[str, str]], archives: Mapping[str, str]) -> Points:
    """``otter run`` on each paper: paths by submission and notebook; ``archives`` are the zips by notebook."""
    from otter.run import main

    points: Points = {}
    for student, notebooks in papers.items():
        points[student] = {}
        for notebook, path in notebooks.items():
            if notebook in archives:
                with contextlib.redirect_stdout(io.StringIO()):
                    results = main(path, autograder=archives[notebook], output_dir="", no_logo=True)
                if results.has_catastrophic_failure():
                    raise RuntimeError(f"Otter has no results for {student}: {results.summary()}")
                points[student] |= {f"{notebook}/{name}": one.score for name, one in results.results.items()}
    return points


def main() -> None:
    """Do the job in the file named on the command line, and end with whoever asked for it."""
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    path = Path(sys.argv[1])
    given = json.loads(path.read_text())
    logging.getLogger().setLevel(logging.ERROR)
    graders: dict[str, Callable[..., Points]] = {"nbgrader": by_nbgrader, "otter": by_otter}
    with forked_kernels(given["preload"]):
        points = {name: graders[name](**job) for name, job in given["jobs"].items()}
    path.with_suffix(".points").write_text(json.dumps(points))


if __name__ == "__main__":
    main()
