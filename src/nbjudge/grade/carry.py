"""What of an earlier grade still stands, so that it need not be judged again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import nbformat

from nbjudge.grade.basis import Basis, holds
from nbjudge.grade.conclude import failed
from nbjudge.grade.ledger import Ledger
from nbjudge.judge.task import Judgement
from nbjudge.judge.verdict import Outcome
from nbjudge.record.receipt import Receipt
from nbjudge.submission.submission import Submission

# By student: what the gradebook holds now, by notebook and test; None where it holds no automatic score.
Scores = Mapping[str, Mapping[tuple[str, str], float | None]]


@dataclass(frozen=True)
class Plan:
    """What there is to do for a class: students whose work is ``held`` from an earlier run or still ``open``.

    ``again``: some of it was recorded before, from the very same submission, so that a person's consent is needed
    before a score changes.
    """

    held: tuple[str, ...]
    open: tuple[str, ...]
    again: bool


def plan(basis: Basis, ledger: Ledger, readers: Mapping[str, Callable[[], Submission]], scores: Scores) -> Plan:
    """Look at every submission once; none is kept in memory."""
    held: list[str] = []
    new: list[str] = []
    again = False
    for student, read in readers.items():
        facts = basis.of(read())
        receipt = ledger.receipt(student)
        if receipt is not None and _stands(basis, receipt, facts) and _is_recorded(basis, receipt, scores):
            ledger.let_go(student)
            continue
        waiting = ledger.held(student)
        (held if waiting is not None and _stands(basis, waiting, facts) else new).append(student)
        resent = receipt is not None and receipt.hashes.get("submission") != facts["hashes"]["submission"]
        again |= student in scores and not resent
    return Plan(tuple(held), tuple(new), again)


def _stands(basis: Basis, receipt: Receipt, facts: Mapping[str, Any]) -> bool:
    return holds(receipt, facts) and not _outdated(basis, receipt)


def _outdated(basis: Basis, receipt: Receipt) -> set[str]:
    """The exercises that lost points and were compared with other mistakes than there are now."""
    then, now = receipt.mistakes, basis.mistakes
    return {name for name in failed(receipt.verdicts) if then.get(name) != now.get(name)}


def is_recordable(receipt: Receipt) -> bool:
    """Whether the gradebook gets anything of it: of work that nobody could read it gets nothing."""
    return bool(receipt.verdicts) or not receipt.status.startswith("damaged")


def _is_recorded(basis: Basis, receipt: Receipt, scores: Scores) -> bool:
    """Whether the gradebook and formgrader have what the receipt says."""
    if not is_recordable(receipt):
        return True
    if not basis.course.folder("autograded", basis.master.name, receipt.student).is_dir():
        return False
    kept = scores.get(receipt.student, {})
    return all(kept.get((one.notebook, one.test)) == one.points for one in receipt.verdicts)


def carried(basis: Basis, earlier: Receipt, facts: Mapping[str, Any], notebooks: Iterable[str]) -> list[Judgement]:
    """The judgements of the notebooks for which nothing that matters has changed since an earlier receipt."""
    found = []
    outdated = _outdated(basis, earlier)
    for name in notebooks:
        verdicts = tuple(verdict for verdict in earlier.verdicts if verdict.notebook == name)
        same = earlier.notebooks.get(name) == facts["notebooks"][name]
        same = same and not any(one.exercise in outdated for one in verdicts)
        if not same or not verdicts or any(one.outcome is Outcome.NOT_JUDGED for one in verdicts):
            continue
        document = _executed(basis, earlier.student, name)
        if document is not None:
            own = f"{name}: "
            events = tuple(event.removeprefix(own) for event in earlier.events if event.startswith(own))
            found.append(Judgement(earlier.student, name, verdicts, events=events, document=document))
    return found


def _executed(basis: Basis, student: str, notebook: str) -> Any:
    path = basis.course.folder("autograded", basis.master.name, student) / f"{notebook}.ipynb"
    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception:  # nbformat raises whatever its many readers meet; then it is judged again
        return None
