"""Grading one submission again from its receipt: same seed, same limits, and are the verdicts the same?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from nbjudge.errors import CourseError, SandboxError, SubmissionError
from nbjudge.grade.basis import Basis
from nbjudge.grade.changes import Change, differences
from nbjudge.grade.grade import judged_works
from nbjudge.grade.marking import Work
from nbjudge.judge.task import Limits, Task
from nbjudge.master.course import Course
from nbjudge.pool.bench import Bench, Conditions, check_device, open_bench
from nbjudge.pool.prepare import prepare, read_release
from nbjudge.record.receipt import Receipt, from_json
from nbjudge.record.report import number, one_line
from nbjudge.sandbox.limits import Limits as SandboxLimits
from nbjudge.submission.submission import Submission, handed_in


@dataclass(frozen=True)
class Replay:
    """Two receipts of one submission: the one there was, and the one of grading it again."""

    old: Receipt
    new: Receipt

    @property
    def different(self) -> tuple[Change, ...]:
        """The tests with other verdicts."""
        return tuple(differences(self.new, self.old))

    @property
    def changed(self) -> tuple[str, ...]:
        """What the grade rests on and is not as it was: submission, tests, references, environment, grader."""
        names = [name for name in self.old.hashes if self.old.hashes[name] != self.new.hashes.get(name)]
        return tuple(sorted(names))

    @property
    def same(self) -> bool:
        """Whether the grade came out as it was."""
        return not self.different and self._status(self.old) == self._status(self.new)

    def lines(self) -> Iterator[str]:
        """What there is to say, in sentences."""
        who, count = one_line(self.new.student), len(self.new.verdicts)
        if self.same:
            points = f"{number(self.new.score)} of {number(self.new.max_score)} points"
            yield f"{who}: all {count} verdicts are the same, {points}."
        elif self.different:
            yield f"{who}: {len(self.different)} of {count} verdicts differ."
        else:
            yield f"{who}: it was '{one_line(self.old.status)}' and is '{one_line(self.new.status)}'."
        yield f"Changed since: {', '.join(self.changed)}." if self.changed else "Nothing that it rests on has changed."

    @staticmethod
    def _status(receipt: Receipt) -> str:
        return receipt.status if receipt.status.startswith(("damaged", "not judged")) else ""


def replay_receipt(
    path: Path, course: Path | None = None, no_sandbox: bool = False, bench: Bench | None = None
) -> Replay:
    """Grade the submission of the receipt at ``path`` again; nothing is recorded.

    ``course`` is the course's folder if the receipt does not lie inside it. Raises NbjudgeError when the receipt,
    the assignment or the submission is not there any more, and when the receipt is of a run without a sandbox and
    ``no_sandbox`` does not allow another one.
    """
    old = _receipt(path)
    if old.isolation == "none" and not no_sandbox:
        raise SandboxError("this was graded without a sandbox", str(path), "Pass --no-sandbox to do so again.")
    found = Course.find(course or path.resolve().parent)
    conditions = _conditions(old, path)
    check_device(conditions.device)
    master = found.master(old.assignment)
    folder = found.root / old.submissions
    submission = _submission(folder, old, [notebook.name for notebook in master.notebooks])
    basis = Basis(found, master, read_release(found, master), conditions, old.seed, folder)

    def works(make: Callable[..., Task]) -> Iterator[Work]:
        prepared = prepare(submission, master, basis.released, make)
        yield Work(prepared, basis.of(submission) | basis.place(submission))

    if bench is not None:
        return _judged(old, basis, works, bench)
    with open_bench(found, conditions, master) as opened:
        return _judged(old, basis, works, opened)


def _judged(old: Receipt, basis: Basis, works: Callable[[Callable[..., Task]], Iterator[Work]], bench: Bench) -> Replay:
    ((_, new),) = judged_works(basis, works, bench)
    return Replay(old, new)


def _receipt(path: Path) -> Receipt:
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SubmissionError("there is no such receipt", str(path), "Look in the receipts/ folder.") from None
    except UnicodeDecodeError:
        raise SubmissionError("this is not a receipt", str(path)) from None
    except SubmissionError as error:
        raise SubmissionError(error.what, str(path), error.fix) from None


def _conditions(receipt: Receipt, path: Path) -> Conditions:
    values: dict[str, Any] = dict(receipt.limits)
    try:
        limits = Limits(**{part.name: values.pop(part.name) for part in fields(Limits)})
        space = SandboxLimits.from_dict(values)
        return Conditions(1, receipt.seed, receipt.device, receipt.isolation, limits, space)  # type: ignore[arg-type]
    except (KeyError, TypeError) as error:
        raise CourseError(f"the receipt does not say what limits there were ({error})", str(path)) from None


def _submission(folder: Path, receipt: Receipt, notebooks: list[str]) -> Submission:
    try:
        readers = handed_in(folder, receipt.assignment, notebooks)
    except SubmissionError as error:
        fix = "Put the submissions back, then try again."
        raise SubmissionError(f"the submissions are not there any more: {error.what}", error.where, fix) from None
    if receipt.student not in readers:
        fix = "Put it back, then try again."
        raise SubmissionError(f"the submission of {receipt.student!a} is not there any more", str(folder), fix)
    return readers[receipt.student]()
