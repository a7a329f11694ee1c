"""The course folder, seen through nbgrader's own configuration."""

from __future__ import annotations

import glob
import logging
import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from nbformat.warnings import DuplicateCellId, MissingIDFieldWarning
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import chdir, find_all_files
from sqlalchemy.engine import make_url
from traitlets.config import Config

from nbjudge.errors import CourseError
from nbjudge.master.assignment import Assignment, check_master
from nbjudge.master.mistakes import Sample, read_samples
from nbjudge.master.notebook import read_notebook

__all__ = ["Assignment", "Course", "check_master"]

# nbjudge reads nbgrader's standard marker words only; a course that renames them would leak unseen.
_FIXED = {
    "ClearSolutions": ("begin_solution_delimeter", "end_solution_delimeter"),
    "ClearHiddenTests": ("begin_test_delimeter", "end_test_delimeter"),
    "ClearMarkScheme": ("begin_mark_scheme_delimeter", "end_mark_scheme_delimeter"),
}


@dataclass(frozen=True)
class Course:
    """A course folder and nbgrader's configuration of it."""

    root: Path
    config: Config

    @classmethod
    def find(cls, start: Path) -> Course:
        """The course that holds ``start``: the nearest folder upwards with nbgrader_config.py or source/.

        Raises CourseError if there is none, or if its configuration cannot be loaded.
        """
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / "nbgrader_config.py").is_file() or (folder / "source").is_dir():
                return cls.at(folder)
        raise CourseError(
            "no course here or in any folder above",
            str(start),
            "Run this inside a folder that has source/ or nbgrader_config.py.",
        )

    @classmethod
    def at(cls, folder: Path) -> Course:
        """The course whose nbgrader commands are run in ``folder``; raises CourseError."""
        config = _load_config(folder)
        for section, options in _FIXED.items():
            for option in options:
                if option in config.get(section, {}):
                    raise CourseError(
                        f"c.{section}.{option} renames a marker, and nbjudge knows the standard words only",
                        str(folder / "nbgrader_config.py"),
                        "Remove that line and use nbgrader's own marker words.",
                    )
        with chdir(str(folder)):
            root = CourseDirectory(config=config).root
        return cls(Path(root), config)

    @cached_property
    def directory(self) -> CourseDirectory:
        """nbgrader's own view of the folder."""
        with chdir(str(self.root)):
            return CourseDirectory(config=self.config, root=str(self.root))

    def folder(self, step: str, assignment: str, student: str = ".") -> Path:
        """The folder of one nbgrader step ("source", "release", "submitted", …) for one assignment.

        ``student`` is "." for the steps that belong to nobody.
        """
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, student, assignment))

    def source(self, assignment: str) -> Path:
        """Where the master lies."""
        return self.folder("source", assignment)

    def release(self, assignment: str) -> Path:
        """Where the students' version lies."""
        return self.folder("release", assignment)

    def solutions(self, assignment: str) -> Path:
        """Where the solution notebooks lie."""
        return self.root / "solutions" / assignment

    def staff(self, assignment: str) -> Path:
        """Where the staff's references, mistakes and variants lie; a folder with an importable name."""
        return self.root / "autograder" / assignment.replace("-", "_")

    @property
    def gradebook_url(self) -> str:
        """The database's URL, with a relative sqlite path taken from the course's root."""
        url = make_url(self.directory.db_url)
        if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
            url = url.set(database=str(self.root / str(url.database)))
        return url.render_as_string(hide_password=False)

    def assignments(self) -> tuple[str, ...]:
        """The names of the assignments that have at least one master notebook."""
        step, form = self.directory.source_directory, self.directory.format_path
        name = re.compile(form(step, r"\.", "(?P<name>[^/]+)", escape=True).replace(r"\\.", r"\."))
        found = (name.fullmatch(path) for path in glob.glob(form(step, ".", "*")))
        names = (match["name"] for match in found if match)
        return tuple(sorted(name for name in names if any(self.source(name).glob("*.ipynb"))))

    def master(self, assignment: str) -> Assignment:
        """Read one assignment's master; raises CourseError if it is unknown or cannot be read."""
        known = self.assignments()
        if assignment not in known:
            raise CourseError(
                f"there is no assignment '{assignment}'" + _nearest(assignment, known),
                str(self.root / self.directory.source_directory),
                f"There is: {', '.join(known)}." if known else "It holds no master notebook yet.",
            )
        folder = self.source(assignment)
        documents = {path.stem: _read_document(path) for path in sorted(folder.glob("*.ipynb"))}
        extra = find_all_files(str(folder), [*self.directory.ignore, "*.ipynb"])
        return Assignment(
            name=assignment,
            notebooks=tuple(read_notebook(document, name) for name, document in documents.items()),
            files=tuple(sorted(str(PurePosixPath(Path(path).relative_to(folder))) for path in extra)),
            documents=documents,
        )

    def mistakes(self, master: Assignment) -> tuple[Sample, ...]:
        """The common wrong solutions that staff wrote for this assignment; raises CourseError."""
        return _samples(self.staff(master.name) / "mistakes", master)

    def variants(self, master: Assignment) -> tuple[Sample, ...]:
        """The correct solutions in other styles that staff wrote; raises CourseError."""
        return _samples(self.staff(master.name) / "variants", master)


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Modules in the course's folder, such as nbgrader's plugins, can be imported for a while."""
    path = sys.path[:]
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path[:] = path


def _load_config(folder: Path) -> Config:
    app = NbGrader(raise_config_file_errors=True, log_level=logging.CRITICAL)
    try:
        # nbgrader would leave the folder on the path for good, and another course's tests find this one's references.
        with chdir(str(folder)), importable(folder):
            app.initialize(argv=[])
    except (Exception, SystemExit) as error:
        raise CourseError(
            f"nbgrader's configuration cannot be loaded ({type(error).__name__}: {error})",
            str(folder / "nbgrader_config.py"),
            "Mend the file, then try again.",
        ) from error
    config: Config = app.config
    return config


def _read_document(path: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", MissingIDFieldWarning)
            warnings.simplefilter("error", DuplicateCellId)
            return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (MissingIDFieldWarning, DuplicateCellId) as error:
        raise CourseError(
            "a cell has no id, or two have the same, so each release would differ from the last",
            str(path),
            "Open it in Jupyter and save it.",
        ) from error
    except Exception as error:  # nbformat raises whatever its many readers meet
        raise CourseError(
            f"this cannot be read as a notebook ({type(error).__name__})",
            str(path),
            "Open it in Jupyter and save it, or take it from version control again.",
        ) from error


def _samples(folder: Path, master: Assignment) -> tuple[Sample, ...]:
    samples: list[Sample] = []
    for path in sorted(folder.glob("*.py")):
        if path.stem == "__init__":
            continue
        if path.stem not in master.exercises:
            raise CourseError(
                f"'{path.stem}' is not an exercise of {master.name}" + _nearest(path.stem, master.exercises),
                str(path),
                f"Name the file after one of: {', '.join(master.exercises) or 'none'}.",
            )
        samples.extend(read_samples(path.stem, path.read_text(encoding="utf-8"), str(path)))
    return tuple(samples)


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""
