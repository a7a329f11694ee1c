"""Judge a few cells with a kernel that needs no sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from local_kernel import LocalKernel

from nbjudge.judge.judge import Hidden, judge_notebook
from nbjudge.judge.judged import Judged
from nbjudge.judge.task import Limits
from nbjudge.judge.testcell import TestResult
from nbjudge.master.notebook import Cell, Notebook, Role
from nbjudge.publish.candidate import candidate
from nbjudge.submission.repair import Step

QUICK = Limits(cell=10.0, call=5.0, notebook=60.0)
HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"


def hidden(source: str) -> str:
    return HIDDEN.format(source)


def answer(name: str, source: str) -> Cell:
    return Cell(0, "code", Role.ANSWER, source, f"id-{name}", name)


def given(source: str, name: str = "given", role: Role = Role.LOCKED) -> Cell:
    return Cell(0, "code", role, source, f"id-{name}", name if role is Role.LOCKED else None)


def check(source: str, name: str = "check", points: float = 2.0) -> Cell:
    return Cell(0, "code", Role.TEST, source, f"id-{name}", name, points)


def notebook(*cells: Cell) -> Notebook:
    placed = [Cell(n, c.kind, c.role, c.source, c.id, c.grade_id, c.points) for n, c in enumerate(cells)]
    return Notebook("nb", tuple(placed))


def own(source: str, name: str = "own", grade_id: str | None = None) -> Step:
    """A cell of the student's; with a grade id, a copy of a released cell that the student changed."""
    return Step("student", Cell(0, "code", Role.PLAIN, source, f"id-{name}"), source, grade_id)


def judge_steps(master: Notebook, steps: Sequence[Step], limits: Limits = QUICK, hidden: Hidden = "at once") -> Judged:
    return judge_notebook(master, steps, LocalKernel, 7, limits=limits, hidden=hidden)


def judge(
    *cells: Cell, answers: Mapping[str, str] | None = None, limits: Limits = QUICK, hidden: Hidden = "at once"
) -> dict[str, TestResult]:
    """The results by test, of a submission with these answers (the master's own where none is given)."""
    master = notebook(*cells)
    return dict(judge_steps(master, candidate(master, answers), limits, hidden).results)


def judge_one(*cells: Cell, answers: Mapping[str, str] | None = None, limits: Limits = QUICK) -> TestResult:
    """The result of the only test."""
    (result,) = judge(*cells, answers=answers, limits=limits).values()
    return result
