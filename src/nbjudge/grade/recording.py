"""From the folder of a run into nbgrader's gradebook, many submissions at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

from nbjudge.errors import GradebookError, NbjudgeError
from nbjudge.grade.carry import is_recordable
from nbjudge.grade.ledger import Ledger
from nbjudge.master.assignment import Assignment
from nbjudge.master.course import Course
from nbjudge.master.titles import titles
from nbjudge.record.formgrader import place
from nbjudge.record.gradebook import Graded, record_all
from nbjudge.record.receipt import Receipt

BATCH = 32  # submissions in one transaction


@dataclass
class Recorder:
    """Records what the ledger holds, in this order: gradebook, formgrader's files, page, receipt.

    A submission stays held until its receipt is written, so that a run that was killed in between records it again.
    """

    course: Course
    master: Assignment
    ledger: Ledger
    gradebook: Gradebook
    titles: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.titles = titles(self.master)

    def record(self, students: Sequence[str]) -> None:
        """Record held submissions; of one that is refused the receipt says why, and it stays held.

        Raises NbjudgeError when nothing can be written to the gradebook or the folders.
        """
        for start in range(0, len(students), BATCH):
            self._record([self._held(student) for student in students[start : start + BATCH]])

    def _record(self, receipts: Sequence[Receipt]) -> None:
        graded = [self._graded(receipt) for receipt in receipts if is_recordable(receipt)]
        refused = dict(record_all(self.course, self.master.name, graded, self.gradebook)) if graded else {}
        for receipt in receipts:
            error = refused.get(receipt.student)
            if error is None and is_recordable(receipt):
                self._place(receipt.student)
            status = receipt.status if error is None else f"not recorded: {error}"
            self.ledger.settle(replace(receipt, status=status), self.titles, recorded=error is None)

    def _held(self, student: str) -> Receipt:
        receipt = self.ledger.held(student)
        if receipt is None:
            raise NbjudgeError("what was judged is not there any more", str(self.ledger.out), "Grade again.")
        return receipt

    def _graded(self, receipt: Receipt) -> Graded:
        unanswered = {(notebook, name) for notebook, _, name in (one.partition("/") for one in receipt.unanswered)}
        return Graded(
            receipt.student, receipt.verdicts, self._documents(receipt), receipt.handed_in or None, unanswered
        )

    def _documents(self, receipt: Receipt) -> Callable[[], dict[str, Any]]:
        folder = self.ledger.image(receipt.student)
        return partial(_read, {one.name: folder / f"{one.name}.ipynb" for one in self.master.notebooks})

    def _place(self, student: str) -> None:
        folder = self.ledger.image(student)
        files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        try:
            place(self.course, self.master.name, student, files)
        except OSError as error:
            fix = "Mend that, then run the same command again; what is done is kept."
            raise GradebookError(f"formgrader's copy cannot be written ({error.strerror})", student, fix) from None


def _read(paths: Mapping[str, Path]) -> dict[str, Any]:
    return {
        name: nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
        for name, path in paths.items()
        if path.is_file()
    }
