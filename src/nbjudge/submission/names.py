"""What a student is called: by a file or a folder that somebody else has named."""

from __future__ import annotations

from collections.abc import Sequence

from nbjudge.submission.untrusted import is_plain


def distinct_names(students: Sequence[str]) -> list[str]:
    """``ann.ipynb`` and ``ann.IPYNB`` are two submissions; the second becomes ``ann-2``."""
    distinct: list[str] = []
    for student in students:
        name, number = student, 2
        while name in distinct or (name != student and name in students):
            name, number = f"{student}-{number}", number + 1
        distinct.append(name)
    return distinct


def student_name(name: str) -> tuple[str, tuple[str, ...]]:
    """The student's name and a note; odd names are spelt out in escapes, so that no two become one."""
    if is_plain(name):
        return name, ()
    spelt = ascii(name)[1:-1]
    if spelt.startswith("."):
        spelt = "\\x2e" + spelt[1:]
    return spelt, ("The student's name is too long or too odd; rename the folder or file.",)
