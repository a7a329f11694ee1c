"""What nbgrader's formgrader finds of a student: a name, and the executed notebooks in their place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat

from nbjudge.errors import SubmissionError
from nbjudge.master.course import Course
from nbjudge.record.receipt import DRAFT

_LONGEST_NAME = 128  # characters, as in nbgrader's table of students


def check_student(student_id: str) -> None:
    """Raise SubmissionError unless the name can be a folder's and nbgrader's, and nothing more than that."""
    try:
        size = len(student_id.encode())
    except UnicodeEncodeError:
        size = -1
    if (
        not 0 < size <= 200
        or len(student_id) > _LONGEST_NAME
        or student_id[0] == "."
        or student_id != student_id.strip()
        or not student_id.isprintable()
        or set(student_id) & set("/\\*?[]")
    ):
        raise SubmissionError(
            "this cannot be a student's name",
            ascii(student_id[:60]),
            f"Use at most {_LONGEST_NAME} letters, digits and marks, no '/', '\\', '*', '?' or brackets, "
            "and no dot or space at the start.",
        )


def image(
    documents: Mapping[str, Any], when: datetime | None = None, files: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """What formgrader is to find of a submission, by relative name.

    ``documents`` holds executed nbformat documents by notebook name, ``when`` the time of submission in UTC,
    ``files`` what else was handed in.
    """
    found = dict(files or {})
    for name, document in documents.items():
        text = str(nbformat.v4.writes(document))  # type: ignore[no-untyped-call]
        # A student's error message may hold lone surrogates, which no file can carry.
        found[f"{name}.ipynb"] = text.encode("utf-8", "replace")
    if when is not None:
        found["timestamp.txt"] = f"{when:%Y-%m-%d %H:%M:%S.%f} UTC".encode()
    return found


def place(course: Course, assignment: str, student_id: str, files: Mapping[str, bytes | Path]) -> None:
    """Put a student's files (their bytes, or where they lie) where formgrader looks for them, each whole.

    Those of an earlier time are removed.
    """
    folder = course.folder("autograded", assignment, student_id)
    mode = 0o664 if course.directory.groupshared else 0o444
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        new = path.with_name(f"{DRAFT}{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            new.unlink(missing_ok=True)
            new.write_bytes(data.read_bytes() if isinstance(data, Path) else data)
            new.chmod(mode)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    wanted = {folder / name for name in files}
    wanted |= {parent for path in wanted for parent in path.parents}
    for stale in sorted(folder.rglob("*"), reverse=True):
        if stale not in wanted:
            stale.rmdir() if stale.is_dir() and not stale.is_symlink() else stale.unlink()
