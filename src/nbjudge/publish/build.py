"""Building an assignment: release, solution and gradebook entries, or nothing at all."""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nbjudge.errors import CourseError
from nbjudge.judge.waiting import obstacle
from nbjudge.master.assignment import Assignment
from nbjudge.master.course import Course
from nbjudge.master.markers import hidden_lines
from nbjudge.pool.bench import Bench, Conditions, open_bench, task_maker
from nbjudge.pool.prepare import references
from nbjudge.publish.candidate import candidate
from nbjudge.publish.gate import GateReport, check_gate, entrants
from nbjudge.publish.release import build_release, publish
from nbjudge.record.environment import hash_environment
from nbjudge.record.receipt import hash_files, write_atomically
from nbjudge.record.recorded import recorded_cells


@dataclass(frozen=True)
class Build:
    """What came of building one assignment; ``unchanged`` means that an earlier build still holds.

    ``obstacles`` maps a notebook to the reason why its hidden checks cannot wait for its last cell.
    """

    assignment: str
    report: GateReport
    leaks: tuple[str, ...] = ()
    unchanged: bool = False
    obstacles: Mapping[str, str] = field(default_factory=dict)

    @property
    def published(self) -> bool:
        """Whether the release is now what the master says."""
        return self.report.passed and not self.leaks


def build_assignment(
    course: Course,
    assignment: str,
    conditions: Conditions,
    allowed: Mapping[str, str] | None = None,
    bench: Bench | None = None,
    advance: Callable[[int], Any] | None = None,
    force: bool = False,
) -> Build:
    """Build and check an assignment; publish it only if it holds.

    ``allowed`` maps a test's grade id to the reason why the gate excuses it; it is kept with the build. Raises
    NbjudgeError when the master cannot be built at all.
    """
    allowed = dict(allowed or {})
    record = _record(course, assignment)
    with tempfile.TemporaryDirectory(prefix="nbjudge-build-") as folder:
        built = build_release(course, assignment, Path(folder))
        check_allowed([built.master], allowed)
        inputs = _inputs(course, assignment, built.release, allowed)
        if not force and (earlier := _unchanged(record, inputs, course, assignment)):
            return replace(earlier, obstacles=_obstacles(built.master))
        leaks = tuple(str(leak) for leak in built.leaks())
        report = GateReport({}, ())
        if not leaks:
            with ExitStack() as stack:
                bench = bench or stack.enter_context(open_bench(course, conditions, built.master))
                make = task_maker(course, built.master, bench, secrets.randbelow(2**64), conditions)
                samples = course.mistakes(built.master), course.variants(built.master)
                found = entrants(built.master, built.documents, *samples, make)
                tell = stack.enter_context(advance(len(found))) if advance else lambda name, status: None
                by_key = {entrant.task.student: entrant for entrant in found}
                judged = []
                for judgement in bench.pool.judge([entrant.task for entrant in found]):
                    judged.append((by_key[judgement.student], judgement))
                    tell(judgement.student, "judged")
            judged.sort(key=lambda pair: found.index(pair[0]))
            report = check_gate(built.master, judged, allowed)
        done = Build(assignment, report, leaks, obstacles=_obstacles(built.master))
        if done.published:
            publish(course, built)
            write_atomically(record, _to_json(done, inputs, course))
        return done


def _obstacles(master: Assignment) -> dict[str, str]:
    hiding = [notebook for notebook in master.notebooks if any(hidden_lines(cell.source) for cell in notebook.tests)]
    found = {notebook.name: obstacle(candidate(notebook), notebook.given) for notebook in hiding}
    return {name: why for name, why in found.items() if why}


def check_allowed(masters: Sequence[Assignment], allowed: Mapping[str, str]) -> None:
    """Raise CourseError unless every allowed test belongs to one of the assignments."""
    known = [test for master in masters for test in master.tests]
    for test in allowed:
        if test not in known:
            where = ", ".join(master.name for master in masters)
            raise CourseError(f"there is no test {test!r} to allow", where, f"There is: {', '.join(sorted(known))}.")


def _inputs(course: Course, assignment: str, release: Path, allowed: Mapping[str, str]) -> str:
    """A hash of all that a build depends on: master, references, samples, environment, the new release."""
    files = {f"staff/{name}": data for name, data in references(course, assignment).items()}
    files |= _folder(course.source(assignment), "source") | _folder(release, "release")
    excused = repr(sorted(allowed.items())).encode()
    return hash_files(files | {"environment": hash_environment().encode(), "allowed": excused})


def _folder(folder: Path, label: str) -> dict[str, bytes]:
    return {f"{label}/{path.relative_to(folder)}": path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _unchanged(record: Path, inputs: str, course: Course, assignment: str) -> Build | None:
    """An earlier build, if nothing it depends on and nothing it published has changed since."""
    try:
        kept = json.loads(record.read_text())
        if kept["inputs"] != inputs or kept["published"] != _published(course, assignment):
            return None
        held = {(exercise, kind): (good, total) for exercise, kind, good, total in kept["held"]}
        return Build(assignment, GateReport(held, (), tuple(kept["fetched"]), kept["allowed"]), unchanged=True)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_patterns(course: Course, assignment: str) -> dict[str, dict[str, float]]:
    """The points by test that each mistake got when the assignment was last built here, by fingerprint."""
    try:
        kept = json.loads(_record(course, assignment).read_text())
        return {str(name): dict(pattern) for name, pattern in kept["patterns"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _record(course: Course, assignment: str) -> Path:
    return course.root / "build" / "nbjudge" / f"{assignment}.json"


def _published(course: Course, assignment: str) -> str:
    cells = repr(recorded_cells(course, assignment)).encode()
    files = _folder(course.release(assignment), "release") | _folder(course.solutions(assignment), "solutions")
    return hash_files(files | {"gradebook": cells})


def _to_json(build: Build, inputs: str, course: Course) -> str:
    held = [[exercise, kind, *counts] for (exercise, kind), counts in build.report.held.items()]
    kept = {
        "inputs": inputs,
        "published": _published(course, build.assignment),
        "held": held,
        "fetched": list(build.report.fetched),
        "allowed": dict(build.report.allowed),
        "patterns": {name: dict(pattern) for name, pattern in build.report.patterns.items()},
    }
    return json.dumps(kept, indent=2, sort_keys=True) + "\n"
