"""The assignment in nbgrader's own hands: its command line, a copy of the course folder, nothing of ours."""

import csv
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from cells import ROOT, master, role

ASSIGNMENT = "logistic-regression"
FILE = f"{ASSIGNMENT}.ipynb"
# Hidden tests in the student's own kernel, as nbgrader does it by itself.
STOCK = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


def nbgrader(course, *arguments):
    # nbgrader starts alembic by its bare name, which lies beside the interpreter.
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "HOME": str(course), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course folder with the release generated."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "autograder", folder / "autograder")
    shutil.copytree(ROOT / "source" / ASSIGNMENT, folder / "source" / ASSIGNMENT)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    nbgrader(folder, "generate_assignment", ASSIGNMENT)
    return folder


@pytest.fixture(scope="module")
def release(course):
    return nbformat.read(course / "release" / ASSIGNMENT / FILE, as_version=4)


def test_a_release_shows_no_line_of_a_solution_a_hidden_test_or_the_mark_scheme(release):
    shown, hidden = [], []
    for cell in master(ASSIGNMENT).cells:
        secret = cell.cell_type == "markdown" and role(cell) == (True, True)
        for line in cell.source.splitlines():
            secret = secret or line.strip().startswith("### BEGIN ")
            (hidden if secret else shown).append(line.strip())
            secret = secret and not line.strip().startswith("### END ")
    released = {line.strip() for cell in release.cells for line in cell.source.splitlines()}
    assert len(hidden) > 70
    assert not released & (set(hidden) - set(shown))


def test_the_solution_earns_every_automatic_point_and_a_blank_none(course):
    for student, folder in (("right", "source"), ("blank", "release")):
        to = course / "submitted" / student / ASSIGNMENT
        to.mkdir(parents=True)
        shutil.copy(course / folder / ASSIGNMENT / FILE, to)
    nbgrader(course, "autograde", ASSIGNMENT, STOCK)
    nbgrader(course, "export")
    with (course / "grades.csv").open() as grades:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(grades)}
    assert scores == {"right": 20.0, "blank": 0.0}
