"""One test cell, run on the judge's side statement by statement."""

from __future__ import annotations

import ast
import contextlib
import io
import signal
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nbjudge.border.handle import Handle
from nbjudge.border.student import GRACE, Student, Unreachable
from nbjudge.judge.namespace import Namespace
from nbjudge.master.bindings import bound_names, origins, parse, read_names
from nbjudge.master.notebook import Cell
from nbjudge.master.parts import statements_of

ARGUMENTS_MAY_CHANGE = "arguments may change"


@dataclass(frozen=True)
class TestResult:
    """How a test cell ended: the share of its points, and why it is not all of them.

    ``visible`` tells whether the statement that failed, and all that it reads, stands in the student's release.
    ``broken`` means that the test could not be run: one of its own imports failed. ``handed`` are the names that
    it gave to the student's side. ``exposed`` tells whether a hidden statement had begun when it failed.
    """

    __test__ = False

    points: float
    problem: str = ""
    error: BaseException | None = None
    visible: bool = True
    exposed: bool = False
    broken: bool = False
    statement: str = ""
    detail: str = ""
    transcript: tuple[Any, ...] = ()
    handed: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    def followed_by(self, rest: TestResult) -> TestResult:
        """The result of the whole test, of which this one is the part before its rest."""
        transcript, seconds = self.transcript + rest.transcript, self.seconds + rest.seconds
        return replace(rest, transcript=transcript, handed=self.handed, seconds=seconds)

    def is_plain(self, cell: Cell) -> bool:
        """Whether it earned all points of its cell, or failed before anything hidden had begun."""
        return self.points == cell.points if self.error is None and not self.problem else not self.exposed


Part = Literal["all", "before", "rest", "visible"]


def run_test(
    cell: Cell, namespace: Namespace, student: Student, reads: set[str], seconds: float, part: Part = "all"
) -> TestResult:
    """Run a test cell, or a part of it, in the trusted namespace.

    The parts: what stands *before* its first hidden statement, the *rest* from there on, and what is *visible*
    of both. ``reads`` are names that the student's cells read: what the test binds of them in sight of every
    student, before any hidden statement, is handed over at once. Raises CourseError when the cell is not Python.
    """
    started = time.monotonic()
    student.complaints.clear()
    student.transcript.clear()
    if part != "rest":
        student.received.clear()
    student.changes = ARGUMENTS_MAY_CHANGE in cell.source
    student.deadline = started + seconds
    statement: ast.stmt | None = None
    points = cell.points
    statements = statements_of(cell)
    handed: dict[str, Any] = {}
    try:
        with _alarm(seconds + 2 * GRACE, student), contextlib.redirect_stdout(io.StringIO()):
            for statement, secret, in_sight in _chosen(statements, part):
                value = _execute(statement, cell, namespace)
                bound = bound_names([statement])
                if secret or read_names([statement]) & namespace.secret:
                    namespace.secret |= bound
                else:
                    namespace.secret -= bound
                if in_sight:
                    handed |= _hand_over(bound & reads - namespace.secret, namespace, student)
                if statement is statements[-1][0]:
                    points = _partial(value, cell, namespace, student)
        if student.complaints or student.fault:
            raise Unreachable(student.fault or student.complaints[0])
    except BaseException as error:
        return replace(_failure(error, cell, statement, statements, student, started), handed=handed)
    finally:
        student.deadline = float("inf")
    seconds_taken = time.monotonic() - started
    return TestResult(points, transcript=tuple(student.transcript), handed=handed, seconds=seconds_taken)


def _chosen(statements: list[tuple[ast.stmt, bool]], part: Part) -> Iterator[tuple[ast.stmt, bool, bool]]:
    """The part's statements, each with whether it is hidden, and whether all up to it stand in sight."""
    in_sight = True
    for statement, secret in statements:
        in_sight = in_sight and not secret
        if part == "all" or (not secret if part == "visible" else in_sight is (part == "before")):
            yield statement, secret, in_sight


def _execute(statement: ast.stmt, cell: Cell, namespace: Namespace) -> Any:
    name = f"<test {cell.grade_id}>"
    if isinstance(statement, ast.Expr):
        code = compile(ast.Expression(statement.value), name, "eval")
        return eval(code, namespace)
    exec(compile(ast.Module([statement], []), name, "exec"), namespace)
    return None


def _hand_over(names: set[str], namespace: Namespace, student: Student) -> dict[str, Any]:
    """Give the student's side what a statement in sight of every student has bound; what it took."""
    handed = {}
    for name in sorted(names):
        if dict.__contains__(namespace, name):
            # What cannot be sent (a module of the staff's, an open file) simply isn't there for the student.
            with contextlib.suppress(Exception):
                value = dict.__getitem__(namespace, name)
                student.bind({name: value})
                handed[name] = value
    return handed


def _partial(value: Any, cell: Cell, namespace: Namespace, student: Student) -> float:
    """nbgrader's convention: a number as the last expression is the points earned.

    It must be the test's own number: one that came across the border as it is would be the student's word.
    """
    if value is None or isinstance(value, Handle) or cell.source.rstrip().endswith(";"):
        return cell.points
    try:
        points = float(repr(value))
    except ValueError:
        if hasattr(value, "__array__") and _is_sum(cell):
            # Stock nbgrader shrugs and gives all points; an answer of many numbers, or none, must not earn them.
            raise ValueError("the number of points is an array") from None
        return cell.points
    tree = parse(cell.source)
    theirs = tree is not None and any(namespace.is_handed_in(name) for name in origins(tree.body))
    # Equal small integers are one object in Python, equal floats are not.
    if theirs or (type(value) is float and any(value is item for item in student.received)):
        raise student.refuse("the number of points would be the submission's own")
    if not 0 <= points <= cell.points:
        raise ValueError(f"partial credit must lie between 0 and {cell.points}")
    return points


def _is_sum(cell: Cell) -> bool:
    """Whether the cell ends in a name or in arithmetic, as it does where points are counted."""
    last = statements_of(cell)[-1][0]
    return isinstance(last, ast.Expr) and isinstance(last.value, (ast.Name, ast.BinOp))


def _failure(
    error: BaseException,
    cell: Cell,
    statement: ast.stmt | None,
    statements: list[tuple[ast.stmt, bool]],
    student: Student,
    started: float,
) -> TestResult:
    reached = statements[: 1 + next((n for n, (node, _) in enumerate(statements) if node is statement), -1)]
    secret_names = bound_names([node for node, secret in reached if secret])
    is_secret = bool(reached) and reached[-1][1]
    visible = statement is not None and not is_secret and not read_names([statement]) & secret_names
    problem = student.fault or (student.complaints[0] if student.complaints else "")
    trace = "".join(traceback.format_exception(error, limit=-6))
    return TestResult(
        points=0.0,
        problem=problem,
        error=error,
        visible=visible,
        exposed=any(secret for _, secret in reached),
        broken=isinstance(error, ImportError) and isinstance(statement, (ast.Import, ast.ImportFrom)),
        statement=ast.get_source_segment(cell.source, statement) or "" if statement else "",
        detail=trace[-4000:],
        transcript=tuple(student.transcript),
        seconds=time.monotonic() - started,
    )


@contextlib.contextmanager
def _alarm(seconds: float, student: Student) -> Iterator[None]:
    """Stop the judge's own code too when a test runs too long, for example over an endless reply.

    It rings after the deadline of the last request, so that no reply is left half read.
    """

    def ring(signum: int, frame: Any) -> None:
        student.complaints.append("the test did not come to its end in time")
        raise Unreachable(student.complaints[-1])

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
