"""Submissions, collected from a folder in one of three layouts. One bad submission costs only itself."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from nbjudge.errors import SubmissionError
from nbjudge.submission.chosen import choose
from nbjudge.submission.document import read_submission_notebook as read_submission_notebook
from nbjudge.submission.metadata import METADATA, find_export, read_metadata
from nbjudge.submission.names import distinct_names, student_name
from nbjudge.submission.untrusted import FOLDER, Found, opened, reason, take_file, take_folder

_LOOSE = (".ipynb", ".zip")  # what may lie in a flat folder, one for each student


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    ``notebooks`` maps the assignment's notebook names (no suffix) to the files' bytes, ``files`` maps the
    relative names of everything else ("data/a.csv") to theirs. ``problems`` are sentences about what is
    missing or was left out; a submission with problems can still be graded as far as it has notebooks.
    """

    student: str
    notebooks: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    timestamp: datetime | None = None
    problems: tuple[str, ...] = ()


# Reads one submission; each call reads the disk again.
Read = Callable[[], Submission]


def collect(path: Path, assignment: str, notebooks: Sequence[str]) -> list[Submission]:
    """Read every submission of an assignment; see :func:`handed_in`."""
    return [read() for read in handed_in(path, assignment, notebooks).values()]


def handed_in(path: Path, assignment: str, notebooks: Sequence[str]) -> dict[str, Read]:
    """Who handed in an assignment, in the order of names, each with a function that reads what they sent.

    Three layouts: nbgrader's ``submitted/<student>/<assignment>/*.ipynb`` (``path`` is ``submitted`` or the
    folder that holds it); a folder of ``<student>.zip``, as Otter exports them, or, for an assignment of one
    notebook, ``<student>.ipynb``; and submissions downloaded from Gradescope, with their submission_metadata.yml.

    Raises:
        SubmissionError: the folder is missing, empty, or has none of these layouts.
    """
    root = path / "submitted" if (path / "submitted").is_dir() else path
    if export := find_export(path):
        return _from_export(export, notebooks)
    try:
        # The staff named this folder, so it may be a link; nothing inside it may.
        root_fd = os.open(root, FOLDER & ~os.O_NOFOLLOW)
    except FileNotFoundError:
        raise SubmissionError("there is no such folder", str(path), "Name a folder of submissions.") from None
    except NotADirectoryError:
        raise SubmissionError("this is not a folder", str(path), "Name a folder of submissions.") from None
    except OSError as error:
        raise SubmissionError(f"the folder cannot be read: {reason(error)}", str(path)) from None
    except ValueError:
        raise SubmissionError("this cannot be the name of a folder", ascii(str(path))) from None
    try:
        names = sorted(os.listdir(root_fd))
        students = [name for name in names if _has_assignment(root_fd, name, assignment)]
        kinds = _LOOSE[:1] if students else _LOOSE
        loose = [name for name in names if name.lower().endswith(kinds) and not name.startswith(".")]
        loose = [name for name in loose if name not in students]
        _check_layout(str(root), assignment, notebooks, students, loose)
    finally:
        os.close(root_fd)
    if students:
        return {student_name(name)[0]: partial(_read_folder, root, name, assignment, notebooks) for name in students}
    named = distinct_names([student_name(_stem(name))[0] for name in loose])
    return {
        student: partial(_read_file, root, name, student, notebooks) for student, name in zip(named, loose, strict=True)
    }


def _has_assignment(root_fd: int, name: str, assignment: str) -> bool:
    """Whether the folder ``name`` holds the assignment. Links and locked folders count: they get named."""
    try:
        if stat.S_ISLNK(os.stat(name, dir_fd=root_fd, follow_symlinks=False).st_mode):
            return not name.startswith(".") and not name.lower().endswith(".ipynb")
        with opened(name, root_fd, FOLDER) as folder:
            os.stat(assignment, dir_fd=folder, follow_symlinks=False)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _check_layout(root: str, assignment: str, notebooks: Sequence[str], students: list[str], loose: list[str]) -> None:
    """Raise unless exactly one of the two layouts is there."""
    layout = f"<student>/{assignment}/{notebooks[0]}.ipynb"
    if students and loose:
        what = f"this folder holds both student folders and loose notebooks (such as {loose[0]!a})"
        raise SubmissionError(what, root, f"Keep one of them: {layout}, or a flat folder of <student>.ipynb.")
    archives = all(name.lower().endswith(".zip") for name in loose)
    if students or (loose and (len(notebooks) == 1 or archives)):
        return
    if loose:
        what = f"{assignment} has {len(notebooks)} notebooks, so a flat folder cannot say which is which"
        raise SubmissionError(what, root, f"Use the layout {layout}.")
    flat = " or <student>.ipynb" if len(notebooks) == 1 else ""
    raise SubmissionError(f"there is no submission of {assignment} here", root, f"Expected {layout}{flat}.")


def _read_folder(root: Path, name: str, assignment: str, notebooks: Sequence[str]) -> Submission:
    """One student's submission in nbgrader's layout."""
    found = Found()
    try:
        with _opened_root(root) as fd, opened(name, fd, FOLDER) as outer, opened(assignment, outer, FOLDER) as inner:
            take_folder(inner, "", found)
    except OSError as error:
        found.problems.append(f"The folder could not be read: {reason(error)}.")
    student, odd = student_name(name)
    stamp = found.files.pop("timestamp.txt", None)
    timestamp = None if stamp is None else _parse_timestamp(stamp)
    chosen = choose(found, notebooks)
    if stamp is not None and timestamp is None:
        found.problems.append("timestamp.txt holds no date.")
    return Submission(student, chosen, found.files, timestamp, (*odd, *found.problems))


def read_folder(
    path: Path, student: str, notebooks: Sequence[str], timestamp: datetime | None = None, notes: tuple[str, ...] = ()
) -> Submission:
    """What lies in one folder, as Gradescope unpacks it, as a student's submission; no link in it is followed."""
    found = Found()
    try:
        with _opened_root(path.parent) as parent, opened(path.name, parent, FOLDER) as folder:
            take_folder(folder, "", found)
    except OSError as error:
        found.problems.append(f"The folder could not be read: {reason(error)}.")
    plain, odd = student_name(student)
    return Submission(plain, choose(found, notebooks), found.files, timestamp, (*odd, *found.problems, *notes))


def _read_file(root: Path, name: str, student: str, notebooks: Sequence[str]) -> Submission:
    """One student's submission in a flat folder: a notebook, or an archive with it."""
    plain, odd = student_name(_stem(name))
    found = Found()
    try:
        with _opened_root(root) as fd:
            take_file(fd, name, name, found)
    except OSError as error:
        found.problems.append(f"The file could not be read: {reason(error)}.")
    chosen, files = {}, {}
    if name.lower().endswith(".zip"):
        chosen, files = choose(found, notebooks), found.files
    elif name in found.files:
        chosen = {notebooks[0]: found.files[name]}
    twice = () if student == plain else (f"Two files are named {plain!a}.",)
    return Submission(student, chosen, files, problems=(*odd, *found.problems, *twice))


def _from_export(export: Path, notebooks: Sequence[str]) -> dict[str, Read]:
    """Gradescope's layout; of a group each member is a student with the same files."""
    readers: dict[str, Read] = {}
    for handed in read_metadata(export / METADATA):
        for person in handed.submitters:
            student = student_name(person.student)[0]
            twice = (f"There are two submissions of {student!a}; the last one counts.",) if student in readers else ()
            readers[student] = partial(
                read_folder, export / handed.folder, person.student, notebooks, handed.created, twice
            )
    if not readers:
        raise SubmissionError("it names nobody who handed in", str(export / METADATA))
    return dict(sorted(readers.items()))


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _opened_root(root: Path) -> AbstractContextManager[int]:
    """The staff named this folder, so it may be a link; nothing inside it may."""
    return opened(str(root), None, FOLDER & ~os.O_NOFOLLOW)


def _parse_timestamp(data: bytes) -> datetime | None:
    """nbgrader's ``2026-02-14 10:30:00.123456 UTC`` or any ISO form; without a zone it is UTC."""
    text = re.sub(r"\s*(UTC|GMT)$", "+00:00", data[:100].decode("utf-8", "replace").strip())
    try:
        when = datetime.fromisoformat(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
