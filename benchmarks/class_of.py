"""Courses and classes to measure with: the same submissions for every grader."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import nbformat

from nbjudge.master.course import Course

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tools"))  # what draws figures
NBJUDGE = [sys.executable, "-m", "nbjudge"]

# A light exercise: two small functions of tensors.
LIGHT = (ROOT / "tests" / "courses" / "tensors_and_gradients", "ps1")
FULL = (ROOT, "logistic-regression")
WRITTEN = "submissions.toml"  # answers by student, notebook and grade id, where a course of the tests has them


def copy_course(root: Path, assignment: str, target: Path) -> Course:
    """A fresh course with this one assignment, built by nbjudge."""
    shutil.copytree(root / "source" / assignment, target / "source" / assignment)
    if (root / "autograder").is_dir():
        shutil.copytree(root / "autograder", target / "autograder")
    shutil.copy(ROOT / "nbgrader_config.py", target)
    if (root / WRITTEN).is_file():
        shutil.copy(root / WRITTEN, target)
    done = subprocess.run([*NBJUDGE, "build", assignment], cwd=target, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{assignment} cannot be built:\n{done.stdout}\n{done.stderr}")
    return Course.at(target)


def answers(course: Course, assignment: str) -> Iterator[dict[str, str]]:
    """The answers of one student after another, by grade id: right, blank, and all that else is known of the course."""
    master = course.master(assignment)
    solved = nbformat.read(next(course.solutions(assignment).glob("*.ipynb")), as_version=4)  # type: ignore[no-untyped-call]
    right = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in solved.cells
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code"
    }
    samples = [*course.variants(master), *course.mistakes(master)]
    kinds = [right, {}, *(right | {sample.exercise: sample.source} for sample in samples), *_written(course)]
    # Half the class is right; the other half goes through everything else.
    for number, other in enumerate(cycle(kinds[1:])):
        own = f"\n# handed in as number {number}"  # nobody's work is the same, so nothing can be reused
        yield {name: source + own for name, source in (right if number % 2 else other).items()}


def _written(course: Course) -> list[dict[str, str]]:
    if not (course.root / WRITTEN).is_file():
        return []
    students = tomllib.loads((course.root / WRITTEN).read_text()).values()
    return [dict(answers) for notebooks in students for answers in notebooks.values()]


def hand_in(course: Course, assignment: str, students: int, folder: Path) -> list[Path]:
    """Write a class's notebooks in nbgrader's layout and return their paths."""
    (release,) = course.release(assignment).glob("*.ipynb")
    document: Any = json.loads(release.read_text())
    paths = []
    for number, theirs in enumerate(islice(answers(course, assignment), students)):
        filled = json.loads(json.dumps(document))
        for cell in filled["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in theirs:
                cell["source"] = theirs[name]
        path = folder / f"student{number:04}" / assignment / release.name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(filled))
        paths.append(path)
    return paths
