"""The gate: an assignment is published only if its tests tell right from wrong.

The solution gets full points and a blank notebook none; every known mistake fails and every variant passes;
answers that know nothing earn nothing on hidden tests. All are judged on the same path as a submission.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nbjudge.judge.task import Judgement, Task
from nbjudge.judge.verdict import Outcome
from nbjudge.master.assignment import Assignment
from nbjudge.master.markers import hidden_lines, label
from nbjudge.master.mistakes import Sample
from nbjudge.master.notebook import Exercise, Notebook, Role, read_notebook
from nbjudge.master.refusals import find_refusals
from nbjudge.publish.candidate import candidate
from nbjudge.publish.known import Pattern, fingerprint
from nbjudge.publish.solvers import null_samples
from nbjudge.submission.repair import Step

MakeTask = Callable[[str, Notebook, tuple[Step, ...]], Task]
SOLUTION, BLANK, MISTAKE, VARIANT, NULL = "solution", "blank", "mistake", "variant", "null solver"


@dataclass(frozen=True)
class Entrant:
    """Someone at the gate: what sort, which sample, and the tests that decide about them."""

    kind: str
    notebook: str
    exercise: str
    name: str
    tests: tuple[str, ...]
    task: Task
    fingerprint: str = ""


@dataclass(frozen=True)
class Failing:
    """A rule that an entrant broke; ``test`` can be named in an exception."""

    notebook: str
    test: str
    what: str

    def __str__(self) -> str:
        return f"{self.notebook}, test {self.test}: {self.what}"


@dataclass(frozen=True)
class GateReport:
    """Counts per exercise and sort (held, of), what failed, and names fetched from the student's side.

    ``patterns`` are the points by test that each mistake got, by its fingerprint.
    """

    held: Mapping[tuple[str, str], tuple[int, int]]
    failing: tuple[Failing, ...]
    fetched: tuple[str, ...] = ()
    allowed: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, Pattern] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether the assignment may be published."""
        return not self.failing


def entrants(
    master: Assignment,
    released: Mapping[str, object],
    mistakes: Sequence[Sample],
    variants: Sequence[Sample],
    make_task: MakeTask,
) -> list[Entrant]:
    """Everyone that has to be judged before ``master`` is published."""
    found: list[Entrant] = []
    for notebook in master.notebooks:
        everything = tuple(str(cell.grade_id) for cell in notebook.tests)
        if not everything:
            continue
        found.append(_entrant(SOLUTION, notebook, "", "solution", everything, candidate(notebook), make_task))
        stubs = _stubs(read_notebook(released[notebook.name], notebook.name))  # type: ignore[arg-type]
        steps = candidate(notebook, stubs, everything)
        found.append(_entrant(BLANK, notebook, "", "blank", everything, steps, make_task))
        for exercise in notebook.exercises:
            for kind, sample in _samples(exercise, mistakes, variants):
                tests = tuple(str(cell.grade_id) for cell in exercise.tests)
                steps = candidate(notebook, {exercise.name: sample.source}, tests)
                entrant = _entrant(kind, notebook, exercise.name, sample.name, tests, steps, make_task)
                found.append(replace(entrant, fingerprint=fingerprint(sample)))
    return found


def _entrant(
    kind: str,
    notebook: Notebook,
    exercise: str,
    name: str,
    tests: tuple[str, ...],
    steps: tuple[Step, ...],
    make_task: MakeTask,
) -> Entrant:
    key = "/".join(part for part in (notebook.name, kind, exercise, name) if part)
    return Entrant(kind, notebook.name, exercise, name, tests, make_task(key, notebook, steps))


def _stubs(released: Notebook) -> dict[str, str]:
    return {
        str(cell.grade_id): cell.source
        for cell in released.cells
        if cell.role in (Role.ANSWER, Role.MANUAL) and cell.kind == "code"
    }


def _samples(
    exercise: Exercise, mistakes: Sequence[Sample], variants: Sequence[Sample]
) -> Iterator[tuple[str, Sample]]:
    for kind, samples in ((MISTAKE, mistakes), (VARIANT, variants), (NULL, null_samples(exercise))):
        for sample in samples:
            if sample.exercise == exercise.name:
                yield kind, sample


def check_gate(
    master: Assignment,
    judged: Sequence[tuple[Entrant, Judgement]],
    allowed: Mapping[str, str],
) -> GateReport:
    """Hold what was judged against the rules; ``allowed`` maps tests to the reason why theirs is excused."""
    hidden = {
        str(cell.grade_id) for notebook in master.notebooks for cell in notebook.tests if hidden_lines(cell.source)
    }
    tests = {label(cell): str(cell.grade_id) for notebook in master.notebooks for cell in notebook.tests}
    failing = [
        Failing(problem.notebook, tests[problem.cell], f"line {problem.line}: {problem.what}. {problem.fix}")
        for notebook in master.notebooks
        for problem in find_refusals(notebook)
    ]
    held: dict[tuple[str, str], tuple[int, int]] = {}
    fetched: set[str] = set()
    for entrant, judgement in judged:
        broken = [one for one in _broken(entrant, judgement, hidden) if one.test not in allowed]
        failing += broken
        key = (entrant.exercise or entrant.notebook, entrant.kind)
        good, total = held.get(key, (0, 0))
        held[key] = (good + (not broken), total + 1)
        fetched |= set(judgement.fetched)
    failing = [one for one in failing if one.test not in allowed]
    patterns = {
        entrant.fingerprint: {v.test: v.points for v in judgement.verdicts if v.test in entrant.tests}
        for entrant, judgement in judged
        if entrant.kind == MISTAKE
    }
    return GateReport(held, tuple(failing), tuple(sorted(fetched)), allowed, patterns)


def _broken(entrant: Entrant, judgement: Judgement, hidden: set[str]) -> list[Failing]:
    """The rules that one entrant's verdicts break."""
    verdicts = {verdict.test: verdict for verdict in judgement.verdicts}
    where = entrant.notebook
    unjudged = [v for v in verdicts.values() if v.outcome is Outcome.NOT_JUDGED and v.test in entrant.tests]
    if unjudged:
        who = f"the {entrant.kind} {entrant.name}"
        return [Failing(where, v.test, f"{who} could not be judged: {v.detail or v.message}") for v in unjudged]
    full = {test for test in entrant.tests if verdicts[test].points == verdicts[test].max_points}
    earned = {test for test in entrant.tests if verdicts[test].points > 0}
    if entrant.kind == SOLUTION:
        return [
            Failing(where, test, f"the solution itself does not pass: {_why(verdicts[test].detail)}")
            for test in entrant.tests
            if test not in full
        ]
    if entrant.kind == BLANK:
        return [Failing(where, test, "a blank answer earns its points") for test in sorted(earned)]
    if entrant.kind == NULL:
        what = f"{entrant.exercise}: an answer that knows nothing ({entrant.name}) earns its points"
        return [Failing(where, test, what) for test in sorted(earned & hidden)]
    if entrant.kind == MISTAKE and full == set(entrant.tests):
        what = f"{entrant.exercise}: the mistake {entrant.name!r} passes all tests of its exercise"
        return [Failing(where, entrant.tests[-1], what)]
    if entrant.kind == VARIANT:
        return [
            Failing(
                where,
                test,
                f"{entrant.exercise}: variant {entrant.name!r} fails: {_why(verdicts[test].detail)}",
            )
            for test in entrant.tests
            if test not in full
        ]
    return []


def _why(detail: str) -> str:
    lines = [line for line in detail.strip().splitlines() if line.strip()]
    return lines[-1][:300] if lines else "no reason known"
