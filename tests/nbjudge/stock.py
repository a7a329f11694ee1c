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
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
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

# `solution` is bound by a hidden part of the course `rebound_in_hiding`; without it `shifted` raises a NameError.
PEEKING = {
    "hiding": {
        "scaled": "def scaled(x, factor):\n    return x * factor",
        "shifted": "def shifted(x):\n    return x + (scale if solution[1] == 5 else 0)",
    }
}

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


class Stock:
    """Stock nbgrader at work; its commands are forked from a process that has imported it."""

    def __init__(self, folder: Path) -> None:
        self._empty = folder / "empty" / "gradebook.db"
        # nbgrader calls alembic by its name.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
        environment |= {"PATH": path, "OMP_NUM_THREADS": "1", "JUPYTER_CONFIG_DIR": str(folder / "no-config")}
        script = str(Path(__file__).with_name("warm_nbgrader.py"))
        self._process = subprocess.Popen(
            [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )

    def run(self, root: Path, *words: str) -> None:
        """One of nbgrader's commands, as a person would give it in the course folder."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({"folder": str(root), "words": words}), file=self._process.stdin, flush=True)
        told = self._process.stdout.readline()
        assert told, "the process with nbgrader has ended"
        done = json.loads(told)
        assert done["status"] == 0, f"nbgrader {' '.join(words)} failed:\n{done['log'][-4000:]}"

    def generate_release(self, root: Path) -> Path:
        """Make the release of a copied course; its folder."""
        if not self._empty.exists():
            self._empty.parent.mkdir()
            self.run(self._empty.parent, "db", "assignment", "list")
        # To make the tables takes nbgrader seconds, and they are always the same.
        shutil.copy(self._empty, root)
        self.run(root, "generate_assignment", ASSIGNMENT)
        return root / "release" / ASSIGNMENT

    def scores(self, course: Path, submissions: dict[str, Answers], root: Path) -> dict[str, Scores]:
        """Grade the submissions in a copy of the course at ``root``; ``max`` is added."""
        hand_in(self.generate_release(copy_course(course, root)), submissions, root / "submitted")
        # The only setting of ours: on a busy machine an import takes more than the 30 s that a cell may take.
        self.run(root, "autograde", ASSIGNMENT, "--Execute.timeout=300")
        return read_gradebook(root, list(submissions))

    def close(self) -> None:
        self._process.communicate()


@contextmanager
def open_stock() -> Iterator[Stock]:
    with tempfile.TemporaryDirectory(prefix="stock-") as folder:
        stock = Stock(Path(folder))
        try:
            yield stock
        finally:
            stock.close()


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
