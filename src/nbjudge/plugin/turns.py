"""One submission after the other, and none in the hands of two graders at the same time.

Two programs of nbgrader that autograde the same submission add its rows twice, which fails, and remove each other's
files. It has no place for a lock around a submission, so the converter's loop over submissions is replaced.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.converters import Autograde, NbGraderException

from nbjudge.errors import NbjudgeError
from nbjudge.grade.ledger import ledger_folder, open_ledger
from nbjudge.master.course import Course
from nbjudge.plugin.press import PATIENCE
from nbjudge.submission.submission import handed_in


def take_turns(converter: Autograde) -> None:
    """Let a converter wait, submission by submission, until no other grader has it.

    A submission that fails does not end the run, whatever the reason; nbgrader's exception comes at its end.
    """
    whole = converter.convert_notebooks

    def one_by_one() -> None:
        found, failed = dict(converter.assignments), []
        for folder in sorted(found):
            try:
                with _turn(converter, Path(folder)):
                    converter.assignments = {folder: _notebooks(converter, folder) or found[folder]}
                    whole()
            except (NbGraderException, NbjudgeError) as error:
                if isinstance(error, NbjudgeError):
                    converter.log.error("%s", error)
                failed.append(folder)
        converter.assignments = found
        if failed:
            raise NbGraderException(f"{len(failed)} of {len(found)} were not autograded: {', '.join(failed)}")

    converter.convert_notebooks = one_by_one


@contextmanager
def _turn(converter: Autograde, folder: Path) -> Iterator[None]:
    """Have a submission for oneself. The lock is on its folder and ends with the process that has it."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            converter.log.info("Waiting for another grader who autogrades %s", folder)
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        with open_ledger(ledger_folder(Path(converter.coursedir.root), _place(converter, folder)[0]), PATIENCE):
            pass  # a whole class that `nbjudge grade` is writing
        yield
    finally:
        os.close(lock)


def _notebooks(converter: Autograde, folder: str) -> list[str]:
    """Paths that bear the assignment's names for its notebooks, though a student's file may be called otherwise."""
    assignment, student = _place(converter, Path(folder))
    with suppress(NbjudgeError):
        course = Course(Path(converter.coursedir.root).resolve(), converter.config)
        names = [notebook.name for notebook in course.master(assignment).notebooks]
        read = handed_in(course.folder("submitted", assignment, student).parent.parent, assignment, names)[student]
        wanted = [name for name in read().notebooks if fnmatchcase(name, converter.coursedir.notebook_id)]
        return [os.path.join(folder, f"{name}.ipynb") for name in wanted]
    return []


def _place(converter: Autograde, folder: Path) -> tuple[str, str]:
    """Assignment and student of a folder, read as nbgrader reads them."""
    pattern = converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
    found = re.match(pattern, str(folder))
    if found is None:
        raise NbGraderException(f"{folder} does not look like {pattern}")
    return found["assignment"], found["student"]
