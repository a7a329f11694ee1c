"""nbgrader's autograding, done by the judge.

    c.Autograde.exporter_class = "nbjudge.plugin.autograde.JudgedNotebook"

nbgrader's converter runs its own steps by an exporter, twice for each notebook: to sanitize what was handed in, and to
execute and score it. This exporter takes the place of both, so that a damaged notebook is mended as ``nbjudge grade``
mends it, and no step of nbgrader's runs a student's code. The first time, the submission as it was handed in is judged
and recorded, with all its notebooks; everything after that hands over what was recorded.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets import Enum, Integer

from nbjudge.errors import NbjudgeError
from nbjudge.judge.task import Limits
from nbjudge.master.course import Course
from nbjudge.plugin.press import grade_submission
from nbjudge.plugin.turns import take_turns
from nbjudge.pool.bench import Conditions
from nbjudge.record.receipt import GRADED, Receipt
from nbjudge.record.report import number


class JudgedNotebook(NotebookExporter):
    """Gives a submission's notebook as the judge leaves it: answers, outputs and verdicts, no hidden test.

    Preprocessors that are configured for autograding are not run.
    """

    timeout = Integer(30, min=1, help="Seconds for a cell; a call from a test gets half of it.").tag(config=True)
    device = Enum(["cpu", "cuda"], "cpu", help="What students' code computes on.").tag(config=True)
    isolation = Enum(["bwrap", "none"], "bwrap", help="'none' runs students' code as you; receipts say so.").tag(
        config=True
    )
    idle = Integer(900, min=0, help="Seconds after which an unused sandbox is closed.").tag(config=True)

    _judged: tuple[str, str] | None = None  # the assignment and the student that came last

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)  # type: ignore[no-untyped-call]
        if isinstance(self.parent, Autograde):  # nbgrader makes its exporter just before it begins
            take_turns(self.parent)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The notebook's text. Raises NbjudgeError when the submission could not be judged in full or recorded."""
        where = resources["nbgrader"]
        if self._judged != (where["assignment"], where["student"]):
            self._judged = None
            self._grade(where["assignment"], where["student"])
            self._judged = (where["assignment"], where["student"])
        course = self._course()
        path = course.folder("autograded", where["assignment"], where["student"]) / f"{where['notebook']}.ipynb"
        text = path.read_text(encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IWUSR)  # nbgrader writes it once more, and then takes the right away
        return text, self._init_resources(resources)  # type: ignore[no-untyped-call]

    def _course(self) -> Course:
        """The course as nbgrader sees it now, whatever its configuration was read from."""
        if not isinstance(self.parent, Autograde):
            raise NbjudgeError("JudgedNotebook is for autograding only", fix="Set it as c.Autograde.exporter_class.")
        directory: CourseDirectory = self.parent.coursedir
        return Course(Path(directory.root).resolve(), self.parent.config)

    def _grade(self, assignment: str, student: str) -> None:
        limits = Limits(cell=float(self.timeout), call=self.timeout / 2)
        conditions = Conditions(device=self.device, isolation=self.isolation, limits=limits)  # type: ignore[arg-type]
        try:
            receipt = grade_submission(self._course(), assignment, student, conditions, float(self.idle))
        except NbjudgeError as error:
            self.log.error("%s", error)
            raise
        self._tell(receipt)
        if trouble := _trouble(receipt):
            self.log.error("%s", trouble)
            raise trouble

    def _tell(self, receipt: Receipt) -> None:
        self.log.info("%s: %s of %s points", receipt.student, number(receipt.score), number(receipt.max_score))
        for line in (*receipt.repairs, *receipt.events, *receipt.diagnosis.values()):
            self.log.info("%s: %s", receipt.student, line)


def _trouble(receipt: Receipt) -> NbjudgeError | None:
    """What a person has to look at before there is a grade; a notebook that was not handed in is no trouble."""
    rest = receipt.status
    for name in receipt.notebooks:
        rest = rest.replace(f"damaged: {name}: not handed in", "").strip("; ")
    if rest in ("", GRADED):
        return None
    return NbjudgeError(rest, receipt.student, "Autograde it again." if receipt.not_judged else "")
