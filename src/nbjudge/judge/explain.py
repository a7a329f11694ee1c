"""What a student may be told about a test: never a hidden input, an expected value or an assertion's text."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Mapping, Sequence

from nbjudge.border.student import Unreachable
from nbjudge.judge.testcell import TestResult
from nbjudge.master.markers import hidden_lines
from nbjudge.master.notebook import Cell
from nbjudge.master.titles import title
from nbjudge.submission.repair import Step

LONGEST = 400


def message(result: TestResult, cell: Cell, answer_error: str = "", answered: bool = True) -> str:
    """Why a test gave less than its points, for the student; empty when it gave them all.

    ``answer_error`` names the error with which the answer's own cell stopped, if it did; ``answered`` is whether
    the student changed that cell at all.
    """
    if result.error is None and not result.problem:
        return "" if result.points == cell.points else f"Partial credit: {result.points:g} of {cell.points:g}."
    if not answered:
        return "Not answered."
    stopped = f"The cell with your answer stopped with {answer_error}. " if answer_error else ""
    if result.problem:
        return f"{stopped}{_sentence(result.problem)}"
    if not result.visible:
        return f"{stopped}{_hidden(result, cell)}"
    return f"{stopped}{_visible(result)}"


def needs_clean_run(steps: Sequence[Step], results: Mapping[str, TestResult], showing: Collection[int]) -> bool:
    """Whether a visible check failed, or one of the student's cells showed something, after hidden checks had run.

    By then the submission could have remembered hidden inputs, and its words could carry them; so they are taken
    from a second run in which no hidden check takes place. ``showing`` are the positions of cells with outputs.
    """
    exposed = False
    for position, step in enumerate(steps):
        if step.kind == "test":
            exposed = exposed or bool(hidden_lines(step.source))
        if exposed and (position in showing or (step.kind == "test" and _fails_in_sight(results[str(step.grade_id)]))):
            return True
    return False


def speaks_late(results: Mapping[str, TestResult]) -> bool:
    """Whether a visible check failed that stands behind its own test's hidden ones, where these waited for the end."""
    return any(_fails_in_sight(result) and result.exposed for result in results.values())


def told_from(result: TestResult, clean: TestResult | None) -> TestResult:
    """The result that a message may be made from: a visible failure, as it is without hidden checks."""
    if not _fails_in_sight(result) or clean is None:
        return result
    if clean.error is None or result.error is None or error_name(clean.error) != error_name(result.error):
        # It only fails so after hidden checks have run: say no more than that.
        return TestResult(result.points, error=AssertionError(), visible=False)
    return clean


def _fails_in_sight(result: TestResult) -> bool:
    return result.error is not None and result.visible and not result.problem


def error_name(error: BaseException) -> str:
    """The nearest builtin name: a class of the student's could carry a message in its own."""
    for kind in type(error).__mro__:
        if getattr(builtins, kind.__name__, None) is kind:
            return str(kind.__name__)
    return "Exception"


def _hidden(result: TestResult, cell: Cell) -> str:
    about = title(cell)
    if isinstance(result.error, AssertionError) or result.error is None:
        return f"A check with other inputs failed: {about}"
    return f"A check with other inputs ended in {error_name(result.error)}: {about}"


def _visible(result: TestResult) -> str:
    error = result.error or AssertionError()
    text = _words(error)
    if isinstance(error, AssertionError):
        statement = " ".join(result.statement.split())
        return _sentence(text) if text else _cut(f"This does not hold: {statement}")
    return _cut(f"{error_name(error)}: {text}" if text else f"{error_name(error)}.")


def _words(error: BaseException) -> str:
    """The error's message as text that can be written to a file."""
    try:
        text = str(error)
    except (Exception, Unreachable):
        return ""  # it shows an object of the submission's, whose process has ended by now
    return text.encode("utf-8", "replace").decode().strip()


def _sentence(text: str) -> str:
    text = _cut(text[:1].upper() + text[1:])
    return text if text.endswith((".", "!", "?", ":", "…")) else text + "."


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
