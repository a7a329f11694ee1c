"""Small foreign courses in ``tests/courses`` and what stock nbgrader makes of them.

A course folder holds ``source/ps1/*.ipynb`` (nbgrader masters), ``submissions.toml`` (per student and
notebook, the answer cells that the student filled in) and ``stock.json`` (the scores that stock nbgrader
gave). A student ``blank``, who hands in the release as it is, belongs to every course.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import nbgrader
from nbgrader.api import Gradebook
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

COURSES = Path(__file__).parent.parent / "courses"
ASSIGNMENT = "ps1"
RELEASE_STEPS = (LockCells, ClearSolutions, ClearOutput, ClearHiddenTests, ClearMarkScheme, ComputeChecksums)

Answers = dict[str, dict[str, str]]  # notebook -> grade id -> source of the answer cell
Scores = dict[str, float | None]  # "notebook/grade id" -> score; None waits for a person


def behaviours() -> list[str]:
    """The names of the course folders whose scores must equal stock nbgrader's."""
    return sorted(path.parent.name for path in COURSES.glob("*/submissions.toml"))


def read_submissions(course: Path) -> dict[str, Answers]:
    """Every student's answers, ``blank`` included."""
    return {"blank": {}, **tomllib.loads((course / "submissions.toml").read_text())}


def read_stock(course: Path) -> dict[str, Scores]:
    """The scores kept in ``stock.json``; the key ``max`` holds the points that can be had."""
    scores: dict[str, Scores] = json.loads((course / "stock.json").read_text())
    return scores


def copy_course(course: Path, to: Path) -> Path:
    """Copy the masters, and the course's configuration, into an empty course folder at ``to``.

    A course without a ``source`` folder is nbgrader's own documentation course, taken from its package.
    """
    source = course / "source"
    if not source.is_dir():
        source = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "source"
    to.mkdir(parents=True)
    shutil.copytree(source / ASSIGNMENT, to / "source" / ASSIGNMENT)
    if (course / "nbgrader_config.py").is_file():
        shutil.copy(course / "nbgrader_config.py", to)
    return to


def generate_release(root: Path) -> Path:
    """Let stock nbgrader make the release of a copied course; its folder."""
    run_nbgrader("generate_assignment", root)
    return root / "release" / ASSIGNMENT


def clear_release(root: Path) -> Path:
    """Make the release of a copied course by nbgrader's own clearing steps, without its gradebook: faster."""
    release = root / "release" / ASSIGNMENT
    shutil.copytree(root / "source" / ASSIGNMENT, release)
    for path in release.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        for step in RELEASE_STEPS:
            notebook, _ = step().preprocess(notebook, {})
        nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    return release


def hand_in(release: Path, submissions: dict[str, Answers], submitted: Path) -> Path:
    """Write each student's copy of the release, answers filled in, in nbgrader's ``submitted`` layout."""
    for student, answers in submissions.items():
        folder = submitted / student / ASSIGNMENT
        shutil.copytree(release, folder)
        for notebook, sources in answers.items():
            _fill_in(folder / f"{notebook}.ipynb", sources)
    return submitted


def stock_scores(course: Path, submissions: dict[str, Answers], root: Path) -> dict[str, Scores]:
    """Grade the submissions with stock nbgrader, in a copy of the course at ``root``; ``max`` is added."""
    release = generate_release(copy_course(course, root))
    hand_in(release, submissions, root / "submitted")
    run_nbgrader("autograde", root)
    return read_gradebook(root, list(submissions))


def run_nbgrader(command: str, root: Path) -> None:
    """Run one of nbgrader's commands on the assignment, as a person would, with no setting of ours."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    # nbgrader calls alembic by its name.
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    environment |= {"OMP_NUM_THREADS": "1", "JUPYTER_CONFIG_DIR": str(root / "no-config")}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", command, ASSIGNMENT],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, f"nbgrader {command} failed:\n{done.stderr[-4000:]}"


def read_gradebook(root: Path, students: list[str]) -> dict[str, Scores]:
    """The automatic scores of nbgrader's gradebook in the course folder; ``max`` is added."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        notebooks = gradebook.find_assignment(ASSIGNMENT).notebooks
        cells = [(notebook.name, cell) for notebook in notebooks for cell in notebook.grade_cells]
        scores: dict[str, Scores] = {"max": {f"{name}/{cell.name}": cell.max_score for name, cell in cells}}
        for student in students:
            scores[student] = {
                f"{name}/{cell.name}": gradebook.find_grade(cell.name, name, ASSIGNMENT, student).auto_score
                for name, cell in cells
            }
    return scores


def _fill_in(path: Path, sources: dict[str, str]) -> None:
    content = json.loads(path.read_text())
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in content["cells"]}
    for grade_id, source in sources.items():
        cells[grade_id]["source"] = source.strip("\n")
    path.write_text(json.dumps(content))
