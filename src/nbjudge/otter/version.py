"""Otter's version of an assignment, written beside nbgrader's: for students, and the tests for staff."""

from __future__ import annotations

import ast
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat

from nbjudge.errors import CourseError
from nbjudge.master.assignment import Assignment
from nbjudge.master.course import Course
from nbjudge.master.notebook import Notebook, Role
from nbjudge.otter.assign import Version, assign, installed_version
from nbjudge.otter.source import Document, otter_source
from nbjudge.otter.unfit import check_fit, check_version
from nbjudge.pool.prepare import BUNDLE, read_release, staff_files
from nbjudge.publish.leaks import find_leaks
from nbjudge.publish.release import swap
from nbjudge.record.environment import hash_code
from nbjudge.record.receipt import hash_files, write_atomically


def student_folder(course: Course, assignment: str) -> Path:
    """Where the students' version for Otter lies."""
    return course.root / "otter" / assignment


def bundle_folder(course: Course, assignment: str) -> Path:
    """Where Otter's source and tests lie, a folder for each notebook."""
    return course.staff(assignment) / BUNDLE


def write_version(course: Course, assignment: str, force: bool = False) -> str:
    """Write Otter's version of a published assignment, if Otter is there; says in a line what was done.

    Raises CourseError for what Otter cannot express, and if anything of the solution, the hidden tests or the
    references would show.
    """
    try:
        check_version(installed_version())
    except CourseError as error:
        return f"{assignment}: Otter's version was not written: {error}"
    master = course.master(assignment)
    released = read_release(course, master)
    for notebook in master.notebooks:
        check_fit(notebook)
    sources = {one.name: otter_source(one, released[one.name], master.files) for one in master.notebooks}
    files = staff_files(course, master)
    parts = {f"{name}.ipynb": json.dumps(source, sort_keys=True).encode() for name, source in sources.items()}
    versions = f"{installed_version()} {hash_code('nbjudge.otter')}"
    inputs = hash_files(parts | {f"files/{name}": data for name, data in files.items()} | {"code": versions.encode()})
    record = course.root / "build" / "nbjudge" / f"{assignment}.otter.txt"
    if not force and record.is_file() and record.read_text() == f"{inputs} {_written(course, assignment)}":
        return f"{assignment}: Otter's version is unchanged."
    with tempfile.TemporaryDirectory(prefix="nbjudge-otter-") as staging:
        made = {name: assign(name, source, files, Path(staging, name)) for name, source in sources.items()}
        check_student(master, released, {name: one.student for name, one in made.items()})
        _publish(course, assignment, sources, made, files, Path(staging, "new"))
    write_atomically(record, f"{inputs} {_written(course, assignment)}")
    return f"{assignment}: Otter's version is written."


def check_student(master: Assignment, released: Mapping[str, Document], made: Mapping[str, Document]) -> None:
    """Raise CourseError unless the students' version shows what nbgrader's release shows, and nothing more."""
    texts = {f"{name}, test {test}": text for name, test, text in _constants(made)}
    leaks = find_leaks(master, made, texts)
    if leaks:
        listed = "".join(f"\n  {leak}" for leak in leaks)
        raise CourseError(f"Otter's version would give something away:{listed}", master.name)
    for notebook in master.notebooks:
        _check_same(notebook, released[notebook.name], made[notebook.name])


def _constants(made: Mapping[str, Document]) -> list[tuple[str, str, str]]:
    """What the students' tests execute, and their docstrings, as text."""
    return [
        (
            name,
            test,
            "\n".join(str(node.value) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)),
        )
        for name, document in made.items()
        for test, source in document["metadata"].get("otter", {}).get("tests", {}).items()
    ]


def _check_same(notebook: Notebook, released: Document, made: Document) -> None:
    tests = {cell.id for cell in notebook.cells if cell.role is Role.TEST}
    expected = [(cell["id"], _shown(cell)) for cell in released["cells"] if cell["id"] not in tests]
    known = {name for name, _ in expected}
    found = [(cell["id"], _shown(cell)) for cell in made["cells"] if cell["id"] in known]
    if expected != found:
        pairs = [*zip(expected, found, strict=False), *((one, None) for one in expected[len(found) :])]
        (name, _), _ = next((one, other) for one, other in pairs if one != other)
        what = f"the cell with the id '{name}' does not come out of Otter as it stands in the release"
        raise CourseError(what, notebook.name, "Look for words in it that Otter takes for its own.")


def _shown(cell: Document) -> tuple[str, str]:
    lines = cell["source"].split("\n")
    kept = [line for line in lines if line not in ("<!-- BEGIN QUESTION -->", "<!-- END QUESTION -->")]
    return cell["cell_type"], "\n".join(kept).strip()


def _publish(
    course: Course,
    assignment: str,
    sources: Mapping[str, Document],
    made: Mapping[str, Version],
    files: Mapping[str, bytes],
    staging: Path,
) -> None:
    student, bundle = staging / "student", staging / "bundle"
    for path, data in files.items():
        (student / path).parent.mkdir(parents=True, exist_ok=True)
        (student / path).write_bytes(data)
    for name, version in made.items():
        tests = bundle / name / "tests"
        tests.mkdir(parents=True)
        student.mkdir(parents=True, exist_ok=True)
        nbformat.write(version.student, student / f"{name}.ipynb")  # type: ignore[no-untyped-call]
        nbformat.write(sources[name], bundle / name / f"{name}.ipynb")  # type: ignore[no-untyped-call]
        for test, text in version.tests.items():
            (tests / f"{test}.py").write_text(text, encoding="utf-8")
    try:
        swap({student: student_folder(course, assignment), bundle: bundle_folder(course, assignment)})
    except OSError as error:
        fix = "Make the folders otter and autograder writable, then build again."
        raise CourseError(f"Otter's version was not written ({error})", assignment, fix) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _written(course: Course, assignment: str) -> str:
    folders = {"student": student_folder(course, assignment), "bundle": bundle_folder(course, assignment)}
    return hash_files(
        {
            f"{label}/{path.relative_to(folder)}": path.read_bytes()
            for label, folder in folders.items()
            for path in folder.rglob("*")
            if path.is_file()
        }
    )
