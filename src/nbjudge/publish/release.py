"""From a master to what students get, by nbgrader's own hand, and to the solution."""

from __future__ import annotations

import copy
import io
import logging
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url

from nbjudge.errors import CourseError, GradebookError
from nbjudge.master.assignment import Assignment, check_master
from nbjudge.master.course import Course, importable
from nbjudge.master.markers import visible, without_markers
from nbjudge.publish.leaks import Leak, find_leaks
from nbjudge.record.tables import create_gradebook

_LARGEST_TEXT = 2_000_000  # bytes; a larger file beside a notebook is data


@dataclass(frozen=True)
class Built:
    """A release and its solution, not yet published.

    ``release`` and ``solutions`` are folders in the staging area; ``documents`` holds the released nbformat
    documents by notebook name.
    """

    master: Assignment
    release: Path
    solutions: Path
    documents: Mapping[str, Any]

    def leaks(self) -> list[Leak]:
        """What the finished release gives away; empty if it is fit to publish."""
        texts = {name: _text(self.release / name) for name in self.master.files}
        return find_leaks(self.master, self.documents, {name: text for name, text in texts.items() if text})


def build_release(course: Course, assignment: str, staging: Path) -> Built:
    """Build one assignment inside ``staging``, an empty folder or none; the course is left as it is.

    nbgrader works on a copy of the course and of its gradebook, so what it would refuse shows here. Raises
    CourseError if the master is unsound, GradebookError if nbgrader would not take it.
    """
    master = course.master(assignment)
    check_master(master)
    staging.mkdir(parents=True, exist_ok=True)
    trial = staging / "gradebook.db"
    _copy_gradebook(course.gradebook_url, trial)
    release = _generate(course, master, staging / "course", f"sqlite:///{trial}")
    solutions = staging / "solutions"
    _copy_files(course, master, solutions)
    for name, document in master.documents.items():
        nbformat.write(solved(document), solutions / f"{name}.ipynb")  # type: ignore[no-untyped-call]
    documents = {
        path.stem: nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        for path in sorted(release.glob("*.ipynb"))
    }
    return Built(master, release, solutions, documents)


def publish(course: Course, built: Built) -> None:
    """Write the assignment into the real gradebook, then put release and solution in place together.

    Raises GradebookError, with nothing moved, if nbgrader refuses, as it does when cells changed after
    submissions were recorded.
    """
    name = built.master.name
    with tempfile.TemporaryDirectory(prefix="nbjudge-") as scratch:
        _generate(course, built.master, Path(scratch), course.gradebook_url)
    try:
        swap({built.release: course.release(name), built.solutions: course.solutions(name)})
    except OSError as error:
        fix = "Make the release and solutions folders writable, then build again."
        raise CourseError(f"nothing was published ({error})", name, fix) from error


def solved(document: Any) -> Any:
    """The solution notebook of a master: no markers, no hidden tests, no outputs; mark schemes stay."""
    made = copy.deepcopy(document)
    for cell in made.cells:
        cell.source = without_markers(visible(cell.source))
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return made


def _generate(course: Course, master: Assignment, root: Path, gradebook: str) -> Path:
    """Run nbgrader's generate_assignment on a copy of the master in ``root``; returns the release."""
    config = copy.deepcopy(course.config)
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.db_url = gradebook
    directory = CourseDirectory(config=config, assignment_id=master.name)
    source = Path(directory.format_path(directory.source_directory, ".", master.name))
    release = Path(directory.format_path(directory.release_directory, ".", master.name))
    if not (source.is_relative_to(root) and release.is_relative_to(root)):
        raise CourseError(
            "nbgrader's directories lie outside the course's folder, so nothing can be tried out in a copy",
            str(course.root / "nbgrader_config.py"),
            "Make c.CourseDirectory.directory_structure and its directories relative.",
        )
    shutil.copytree(course.source(master.name), source)
    for part in ("header", "footer"):  # read from the course's root
        extra = config.IncludeHeaderFooter.get(part)
        if extra and not os.path.isabs(extra):
            (root / extra).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(course.root / extra, root / extra)
    create_gradebook(gradebook)
    with importable(course.root):
        converter = GenerateAssignment(coursedir=directory, config=config)
        converter.force = converter.create_assignment = True
        _start(converter, master.name)
    return release


def _start(converter: GenerateAssignment, name: str) -> None:
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    converter.log.addHandler(handler)
    try:
        converter.start()
    except Exception as error:
        told = re.findall(r"^(?:\w+\.)*\w*(?:Error|Exception): (.+)", heard.getvalue(), re.MULTILINE)
        reason = (told[-1] if told else str(error)).rstrip(".")
        fix = "Mend the master, then build again."
        if "submissions associated" in reason:
            fix = "Keep the cells and their ids as they were, or remove those submissions first."
        raise GradebookError(f"nbgrader refuses to generate it: {reason}", name, fix) from error
    finally:
        converter.log.removeHandler(handler)


def _copy_gradebook(url: str, target: Path) -> None:
    """Copy a gradebook that is a SQLite file, even while others write to it; leave out any other."""
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or not place.database or not Path(place.database).is_file():
        return
    with closing(sqlite3.connect(place.database)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _copy_files(course: Course, master: Assignment, target: Path) -> None:
    target.mkdir(parents=True)
    for name in master.files:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(course.source(master.name) / name, target / name)


def swap(moves: Mapping[Path, Path]) -> None:
    """Put each new folder in the place of an old one; on failure every old one is put back."""
    ready: list[tuple[Path, Path, Path]] = []
    for new, place in moves.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        # Beside its final place, so that what follows are renames within one file system.
        beside = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        shutil.copytree(new, beside / "new")
        ready.append((place, beside / "new", beside / "old"))
    done: list[tuple[Path, Path, Path]] = []
    try:
        for place, new, old in ready:
            if place.exists():
                place.rename(old)
            done.append((place, new, old))
            new.rename(place)
    except BaseException:
        for place, new, old in reversed(done):
            if not new.exists():
                place.rename(new)
            if old.exists():
                old.rename(place)
        raise
    finally:
        for _, new, _ in ready:
            shutil.rmtree(new.parent, ignore_errors=True)


def _text(path: Path) -> str:
    if path.stat().st_size > _LARGEST_TEXT:
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
