"""A tiny course whose gate holds: two exercises, references, mistakes, variants, a question; and its students."""

from __future__ import annotations

import copy
import csv
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
from masters import answer, check, notebook, plain, question

ASSIGNMENT = "ps1"
NOTEBOOK = "warmup"
STUDENTS_SEED = 5

DOUBLE = "def double(x):\n    return 2 * x"
SQUARE = "def square(x):\n    return x * x"
HALF_RIGHT = "def square(x):\n    return abs(x) * x"
HIDDEN_NUMBER = "31337"

CELLS = (
    plain("# Warming up", "markdown"),
    plain("import random"),
    answer(f"{DOUBLE.splitlines()[0]}\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    check(
        '"Doubles numbers."\nassert double(1) == 2, "double(1) should be 2"\n'
        "### BEGIN HIDDEN TESTS\n"
        "from autograder.ps1.reference import twice\n"
        "x = random.randrange(10, 10**6)\n"
        f"assert double(x) == twice(x) and double({HIDDEN_NUMBER}) == 62674\n"
        "### END HIDDEN TESTS"
    ),
    check("assert double('ab') == 'abab'", "test_double_text", 1),
    answer("def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION", "square"),
    check("assert square(3) == 9", "test_square_seen", 1),
    # Partial credit: a number as the last expression.
    check(
        "points = 0\n"
        "### BEGIN HIDDEN TESTS\n"
        "points += 1.5 * (square(7) == 49)\n"
        "points += 1.5 * (square(-5) == 25)\n"
        "### END HIDDEN TESTS\n"
        "points",
        "test_square_signs",
        3,
    ),
    question("A square is never negative."),
)
MAX_SCORE = 7.0

REFERENCE = "def twice(x):\n    return x + x\n"
MISTAKES = {
    "double": 'def adds_two(x):\n    """You add two instead of doubling."""\n    return x + 2\n',
    "square": 'def doubles(x):\n    """You double instead of squaring."""\n    return x + x\n',
}
VARIANTS = {
    "double": 'def added(x):\n    """A sum."""\n    return x + x\n',
    "square": 'def power(x):\n    """A power."""\n    return x**2\n',
}


def write_course(
    root: Path,
    cells: Iterable[object] = CELLS,
    mistakes: Mapping[str, str] = MISTAKES,
    variants: Mapping[str, str] = VARIANTS,
    second: Iterable[object] | None = None,
) -> Path:
    """Write the course's masters and staff files; with ``second``, a second notebook named "more"."""
    source, staff = root / "source" / ASSIGNMENT, root / "autograder" / ASSIGNMENT
    for folder in (source, staff / "mistakes", staff / "variants"):
        folder.mkdir(parents=True)
    nbformat.write(notebook(*cells), source / f"{NOTEBOOK}.ipynb")
    if second is not None:
        nbformat.write(notebook(*second), source / "more.ipynb")
    (staff / "reference.py").write_text(REFERENCE)
    for kind, samples in (("mistakes", mistakes), ("variants", variants)):
        for exercise, text in samples.items():
            (staff / kind / f"{exercise}.py").write_text(text)
    return root


def released(root: Path, name: str = NOTEBOOK) -> object:
    """The released notebook as an nbformat document."""
    return nbformat.read(root / "release" / ASSIGNMENT / f"{name}.ipynb", as_version=4)


def filled(document: object, answers: Mapping[str, str]) -> object:
    """A copy of a released notebook with answers by grade id."""
    made = copy.deepcopy(document)
    for cell in made.cells:  # type: ignore[attr-defined]
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    return made


def hand_in(root: Path, folder: Path, students: Mapping[str, Mapping[str, str] | bytes], flat: bool = False) -> Path:
    """Write submissions; a student's work is answers by grade id, or the notebook's bytes as they are."""
    document = released(root)
    for student, work in students.items():
        path = folder / f"{student}.ipynb" if flat else folder / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = work if isinstance(work, bytes) else json.dumps(filled(document, work)).encode()
        path.write_bytes(text)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def tree(*folders: Path) -> dict[str, str]:
    """Every file and folder below some folders: its path, and a hash of what a file holds."""
    found = {}
    for folder in folders:
        for path in [folder, *folder.rglob("*")]:
            held = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            if path.exists() and "__pycache__" not in path.parts:
                found[os.fspath(path)] = held
    return found
