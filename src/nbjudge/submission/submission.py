"""Submissions, collected from a folder in one of two layouts. One bad submission costs only itself."""

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
from nbjudge.submission.document import read_submission_notebook as read_submission_notebook
from nbjudge.submission.untrusted import FOLDER, Found, is_plain, opened, reason, take_file, take_folder

# Each character has one place in it: a name made for the purpose would otherwise take a lifetime to read.
_COPY_SUFFIX = re.compile(r"([-_ ]*copy(\s*\d+)?|\s*\(\d+\))+$", re.IGNORECASE)


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

    Two layouts: nbgrader's ``submitted/<student>/<assignment>/*.ipynb`` (``path`` is ``submitted`` or the
    folder that holds it) and, for an assignment of one notebook, a folder of ``<student>.ipynb``.

    Raises:
        SubmissionError: the folder is missing, empty, or has neither layout.
    """
    root = path / "submitted" if (path / "submitted").is_dir() else path
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
        loose = [name for name in names if name.lower().endswith(".ipynb") and not name.startswith(".")]
        loose = [name for name in loose if name not in students]
        _check_layout(str(root), assignment, notebooks, students, loose)
    finally:
        os.close(root_fd)
    if students:
        return {_student_name(name)[0]: partial(_read_folder, root, name, assignment, notebooks) for name in students}
    named = _distinct([_student_name(name[: -len(".ipynb")])[0] for name in loose])
    return {
        student: partial(_read_file, root, name, student, notebooks[0])
        for student, name in zip(named, loose, strict=True)
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
    if students or (loose and len(notebooks) == 1):
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
    student, odd = _student_name(name)
    chosen, notes = _choose_notebooks(found.files, notebooks)
    stamp = found.files.pop("timestamp.txt", None)
    timestamp = None if stamp is None else _parse_timestamp(stamp)
    if stamp is not None and timestamp is None:
        notes.append("timestamp.txt holds no date.")
    return Submission(student, chosen, found.files, timestamp, (*odd, *found.problems, *notes))


def _read_file(root: Path, name: str, student: str, notebook: str) -> Submission:
    """One student's submission in a flat folder."""
    plain, odd = _student_name(name[: -len(".ipynb")])
    found = Found()
    try:
        with _opened_root(root) as fd:
            take_file(fd, name, name, found)
    except OSError as error:
        found.problems.append(f"The file could not be read: {reason(error)}.")
    notebooks = {notebook: found.files[name]} if name in found.files else {}
    twice = () if student == plain else (f"Two files are named {plain!a}.",)
    return Submission(student, notebooks, problems=(*odd, *found.problems, *twice))


def _opened_root(root: Path) -> AbstractContextManager[int]:
    """The staff named this folder, so it may be a link; nothing inside it may."""
    return opened(str(root), None, FOLDER & ~os.O_NOFOLLOW)


def _distinct(students: Sequence[str]) -> list[str]:
    """``ann.ipynb`` and ``ann.IPYNB`` are two submissions; the second becomes ``ann-2``."""
    distinct: list[str] = []
    for student in students:
        name, number = student, 2
        while name in distinct or (name != student and name in students):
            name, number = f"{student}-{number}", number + 1
        distinct.append(name)
    return distinct


def _choose_notebooks(files: dict[str, bytes], notebooks: Sequence[str]) -> tuple[dict[str, bytes], list[str]]:
    """Move the assignment's notebooks out of ``files``; a renamed copy is taken when there is exactly one."""
    chosen = {name: files.pop(f"{name}.ipynb") for name in notebooks if f"{name}.ipynb" in files}
    notes = []
    for name in notebooks:
        if name in chosen:
            continue
        spare = [file for file in files if file.lower().endswith(".ipynb") and "/" not in file]
        alike = [file for file in spare if _COPY_SUFFIX.sub("", file[:-6]).lower() == name.lower()]
        candidates = alike or (spare if len(notebooks) == 1 else [])
        if len(candidates) == 1:
            chosen[name] = files.pop(candidates[0])
            notes.append(f"{name}.ipynb is missing; {candidates[0]!a} was taken for it.")
        else:
            notes.append(f"{name}.ipynb is missing.")
    return chosen, notes


def _student_name(name: str) -> tuple[str, tuple[str, ...]]:
    """The student's name and a note; odd names are spelt out in escapes, so that no two become one."""
    if is_plain(name):
        return name, ()
    spelt = ascii(name)[1:-1]
    if spelt.startswith("."):
        spelt = "\\x2e" + spelt[1:]
    return spelt, ("The student's name is too long or too odd; rename the folder or file.",)


def _parse_timestamp(data: bytes) -> datetime | None:
    """nbgrader's ``2026-02-14 10:30:00.123456 UTC`` or any ISO form; without a zone it is UTC."""
    text = re.sub(r"\s*(UTC|GMT)$", "+00:00", data[:100].decode("utf-8", "replace").strip())
    try:
        when = datetime.fromisoformat(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
