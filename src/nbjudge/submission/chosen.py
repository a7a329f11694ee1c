"""Which of the files that a student handed in are the assignment's notebooks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbjudge.submission.archive import unpack
from nbjudge.submission.untrusted import Found

# Each character has one place in it: a name made for the purpose would otherwise take a lifetime to read.
_COPY_SUFFIX = re.compile(r"([-_ ]*copy(\s*\d+)?|\s*\(\d+\))+$", re.IGNORECASE)


def choose(found: Found, notebooks: Sequence[str]) -> dict[str, bytes]:
    """Move the assignment's notebooks out of ``found.files``, and give them by name.

    If one is missing and there is a single archive, as Otter's export makes it, what is in the archive counts too.
    """
    archives = [name for name in found.files if name.lower().endswith(".zip") and "/" not in name]
    if archives and any(f"{name}.ipynb" not in found.files for name in notebooks):
        if len(archives) == 1:
            unpack(archives[0], found)
        else:
            found.problems.append(f"There are {len(archives)} archives; none was unpacked.")
    chosen, notes = _choose_notebooks(found.files, notebooks)
    found.problems += notes
    return chosen


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
