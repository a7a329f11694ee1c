"""A small master with everything that the conversion knows, and what has come of it, file by file.

What is kept in ``golden/`` was read by people. After a change that is meant: ``python tests/nbjudge/otter/golden.py``
from the repository's root writes it anew; read the difference before it is committed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from masters import about, answer, check, plain, question, task
from nbformat.v4 import new_code_cell
from tiny import ASSIGNMENT, NOTEBOOK, write_course

from nbjudge.master.course import Course
from nbjudge.otter.version import bundle_folder, student_folder, write_version
from nbjudge.publish.release import build_release, publish

GOLDEN = Path(__file__).parent / "golden"
CELLS = (
    plain("# Größen, 量, 📏", "markdown"),
    plain("import random"),
    answer("def double(x):\n    '''Twice x.'''\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    check(
        '"Doubles numbers, größer als 0."\nassert double(1) == 2, "double(1) should be 2 — “zwei”"\n'
        "### BEGIN HIDDEN TESTS\n"
        "from autograder.ps1.reference import twice\n"
        "x = random.randrange(10, 10**6)\n"
        "assert double(x) == twice(x) and double(31337) == 62674\n"
        "### END HIDDEN TESTS\n"
        "assert double(0) == 0"
    ),
    check("assert double('ab') == 'abab'", "test_double_text", 0),
    check("### BEGIN HIDDEN TESTS\nassert double(0.25) == 0.5\n### END HIDDEN TESTS", "test-double-unseen", 1.5),
    answer("rate = 0.5\nsteps = 3", "settings"),
    check(
        "points = 0\n### BEGIN HIDDEN TESTS\npoints += 1.5 * (rate < 1)\n### END HIDDEN TESTS\npoints",
        "test_settings",
        3,
    ),
    new_code_cell(
        "### BEGIN SOLUTION\nprint(sum(range(4)))\n### END SOLUTION",
        metadata=about("free", grade=True, solution=True, points=2),
    ),
    question("Twice is the sum with itself."),
    task("Draw it.\n\n### BEGIN MARK SCHEME\nA line through the origin.\n### END MARK SCHEME"),
)


def write_golden_course(root: Path, cells: tuple[object, ...] = CELLS) -> Course:
    """Write and publish the course, without its gate."""
    course = Course.find(write_course(root, cells, mistakes={}, variants={}))
    publish(course, build_release(course, ASSIGNMENT, root.parent / f"{root.name}-staging"))
    return course


def made(course: Course) -> dict[str, str]:
    """What the conversion has written for the course, by the names of the files in ``golden/``."""
    bundle = bundle_folder(course, ASSIGNMENT) / NOTEBOOK
    found = {f"tests/{path.name}": path.read_text() for path in sorted((bundle / "tests").iterdir())}
    found["source.ipynb"] = (bundle / f"{NOTEBOOK}.ipynb").read_text()
    found["student.ipynb"] = (student_folder(course, ASSIGNMENT) / f"{NOTEBOOK}.ipynb").read_text()
    return found


def kept() -> dict[str, str]:
    """What is in ``golden/``."""
    return {path.relative_to(GOLDEN).as_posix(): path.read_text() for path in GOLDEN.rglob("*") if path.is_file()}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        course = write_golden_course(Path(folder, "course"))
        write_version(course, ASSIGNMENT)
        for name, text in made(course).items():
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_text(text)
