"""What nbgrader's formgrader finds of a student: a name, and the executed notebooks in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import nbformat

from nbjudge.course import Course
from nbjudge.errors import SubmissionError

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


@contextmanager
def written(
    course: Course,
    assignment: str,
    student_id: str,
    documents: Mapping[str, Any],
    when: datetime | None = None,
) -> Iterator[None]:
    """Write a student's executed notebooks; they take their place only if the block ends without an error.

    ``documents`` holds nbformat documents by notebook name, ``when`` the time of submission in UTC.
    """
    folder = course.folder("autograded", assignment, student_id)
    folder.mkdir(parents=True, exist_ok=True)
    mode = 0o664 if course.directory.groupshared else 0o444
    texts = {}
    for name, document in documents.items():
        texts[f"{name}.ipynb"] = str(nbformat.v4.writes(document))  # type: ignore[no-untyped-call]
    if when is not None:
        texts["timestamp.txt"] = f"{when:%Y-%m-%d %H:%M:%S.%f} UTC"
    fresh = {folder / name: folder / f".{name}.new" for name in texts}
    try:
        for place, new in fresh.items():
            new.unlink(missing_ok=True)
            # A student's error message may hold lone surrogates, which no file can carry.
            new.write_bytes(texts[place.name].encode("utf-8", "replace"))
            new.chmod(mode)
        yield
        for place, new in fresh.items():
            new.replace(place)
    finally:
        for new in fresh.values():
            new.unlink(missing_ok=True)
    for stale in folder.glob("*.ipynb"):
        if stale not in fresh:
            stale.unlink()
