"""One submission in Gradescope's container: read, judged, and told. Whatever happens, results.json is honest.

    python -m nbjudge.gradescope.run /autograder      # --check instead: can this container grade at all?

The container's root runs this. Nothing of /autograder is readable for anybody else from then on.
"""

from __future__ import annotations

import json
import secrets
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbjudge.errors import NbjudgeError, SubmissionError
from nbjudge.grade.basis import Basis
from nbjudge.grade.grade import judged_works
from nbjudge.grade.marking import Work
from nbjudge.gradescope.package import Settings
from nbjudge.gradescope.results import broken, results
from nbjudge.judge.task import Limits, Task
from nbjudge.master.course import Course
from nbjudge.pool.bench import Conditions, open_bench
from nbjudge.pool.prepare import prepare, read_release
from nbjudge.record.receipt import Receipt, write_atomically
from nbjudge.sandbox.confinement import Isolation
from nbjudge.sandbox.strongest import WORDS, strongest
from nbjudge.submission.submission import Submission, read_folder

RESERVE = 30  # seconds that are kept for telling what was found
SHARE = 0.7  # of the time is for the notebooks themselves; the rest for known mistakes
TOO_LATE = (
    "**Your submission was not graded in time.** That may be about your work, if it runs for minutes, or about the "
    "autograder. The points below are no grade. Please tell the course's staff."
)


class OutOfTime(BaseException):
    """Gradescope is about to end the container. Nothing that handles errors may catch this."""


def run(root: Path) -> None:
    """Grade the submission below ``root``, Gradescope's /autograder, and write results/results.json there."""
    started = time.monotonic()
    try:
        for place in (root, root / "source", root / "submission", root / "results"):
            place.chmod(0o700)
        settings = Settings.from_json((root / "source" / "settings.json").read_text())
        with _within(settings.minutes * 60 - RESERVE):
            told = _grade(root, settings, started)
    except OutOfTime:
        told = broken(TOO_LATE)
    except BaseException:  # whatever it was: it must not look like a grade
        traceback.print_exc()
        told = broken()
    write_atomically(root / "results" / "results.json", json.dumps(told, indent=2, allow_nan=False) + "\n")


def _grade(root: Path, settings: Settings, started: float) -> dict[str, Any]:
    course = Course.at(root / "source" / "course")
    master = course.master(settings.assignment)
    isolation, refusals = strongest([root])
    for line in refusals:
        print(f"Not to be had here: {line}")
    print(f"Isolation: {WORDS[isolation]}")
    notebooks = [notebook.name for notebook in master.notebooks]
    limits = Limits(settings.cell, settings.cell / 2, (settings.minutes * 60 - RESERVE) * SHARE / len(notebooks))
    conditions = Conditions(1, secrets.randbits(64), isolation=isolation, limits=limits)
    submission = read_folder(root / "submission", _student(root), notebooks)
    folder = root / "submission"
    basis = Basis(course, master, read_release(course, master), conditions, conditions.seed or 0, folder)
    receipt = _judged(basis, submission)
    print(receipt.to_json())
    for verdict in receipt.verdicts:
        if verdict.detail:
            print(f"== {verdict.notebook}: {verdict.test}\n{verdict.detail}")
    return results(master, receipt, settings.hidden, time.monotonic() - started)


def _judged(basis: Basis, submission: Submission) -> Receipt:
    def works(make: Callable[..., Task]) -> Iterator[Work]:
        prepared = prepare(submission, basis.master, basis.released, make)
        yield Work(prepared, basis.of(submission) | basis.place(submission))

    with open_bench(basis.course, basis.conditions, basis.master) as bench:
        ((_, receipt),) = judged_works(basis, works, bench)
        return receipt


def _student(root: Path) -> str:
    """Who handed in, for the staff's eyes; Gradescope's own record of it decides."""
    try:
        users = json.loads((root / "submission_metadata.json").read_text())["users"]
        return str(users[0]["email"])[:128]
    except (OSError, ValueError, LookupError, TypeError):
        return "student"


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def end(*_: object) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, max(1.0, seconds))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def check() -> Isolation:
    """Which isolation this container allows; raises NbjudgeError if none."""
    isolation, refusals = strongest()
    for line in refusals:
        print(f"Not to be had here: {line}")
    print(f"Isolation: {WORDS[isolation]}")
    return isolation


def main(arguments: list[str]) -> None:
    """The command line of the container's scripts."""
    if len(arguments) != 1:
        raise SubmissionError("this takes one argument: Gradescope's folder", fix="Name /autograder, or pass --check.")
    if arguments == ["--check"]:
        check()
    else:
        run(Path(arguments[0]).resolve())


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except NbjudgeError as error:
        sys.exit(f"nbjudge: {error}")
