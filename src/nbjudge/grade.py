"""Grading a class: every submission is judged, recorded and reported, and a damaged one costs only itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbjudge.assignment import Assignment
from nbjudge.bench import Bench, Conditions, open_bench, task_maker
from nbjudge.candidate import candidate
from nbjudge.course import Course
from nbjudge.diagnosis import Trace, diagnose
from nbjudge.errors import NbjudgeError, SubmissionError
from nbjudge.feedback import safe_name, write_feedback
from nbjudge.gradebook import open_gradebook, record
from nbjudge.prepare import Prepared, prepare, read_release, staff_files
from nbjudge.receipt import GRADED, Receipt, from_json, hash_environment, hash_files, write_atomically
from nbjudge.report import write_results, write_summary
from nbjudge.submission import Submission, collect
from nbjudge.titles import titles
from nbjudge.verdict import Outcome
from nbjudge.worker import Judgement, Task


def grade_course(
    root: Path,
    assignment: str,
    submissions: Path,
    out: Path,
    conditions: Conditions | None = None,
    advance: Callable[[int], Any] | None = None,
    bench: Bench | None = None,
) -> list[Receipt]:
    """Grade every submission of an assignment and write all results under ``out`` and into the gradebook.

    ``advance`` is called with the number of submissions and gives a context manager for progress; see
    :func:`nbjudge.progress.progress`. A submission whose receipt is there and still true is not graded again.
    Raises NbjudgeError when the course, the folder of submissions or the sandbox cannot be used.
    """
    conditions = conditions or Conditions()
    course = Course.find(root)
    master = course.master(assignment)
    released = read_release(course, master)
    handed_in = collect(submissions, assignment, [notebook.name for notebook in master.notebooks])
    run = _Run(course, master, released, out, _seed(out, conditions), conditions)
    kept = {one.student: receipt for one in handed_in if (receipt := run.kept(one)) is not None}
    new = [one for one in handed_in if one.student not in kept]
    if new:
        with ExitStack() as stack:
            bench = bench or stack.enter_context(open_bench(course, conditions))
            tell = stack.enter_context(advance(len(new))) if advance else lambda student, status: None
            run.grade(new, bench, tell, kept)
    receipts = [kept[one.student] for one in handed_in]
    write_results(out / "results.csv", receipts)
    write_summary(out / "summary.csv", receipts)
    return receipts


def _seed(out: Path, conditions: Conditions) -> int:
    """The run's seed: the one asked for, the one of an earlier run into the same folder, or a new one."""
    path = out / "seed.txt"
    if conditions.seed is not None:
        seed = conditions.seed
    else:
        try:
            return int(path.read_text())
        except (OSError, ValueError):
            seed = secrets.randbelow(2**32)
    try:
        write_atomically(path, f"{seed}\n")
    except OSError as error:
        raise NbjudgeError(f"results cannot be written ({error.strerror})", str(out), "Name another --out.") from None
    return seed


@dataclass
class _Run:
    """One run over a class."""

    course: Course
    master: Assignment
    released: Mapping[str, Any]
    out: Path
    seed: int
    conditions: Conditions

    def __post_init__(self) -> None:
        staff = self.course.staff(self.master.name)
        references = {str(p.relative_to(staff)): p.read_bytes() for p in sorted(staff.rglob("*.py"))}
        masters = {name: repr(document).encode() for name, document in self.master.documents.items()}
        self.hashes = {
            "tests": hash_files(masters | staff_files(self.course, self.master)),
            "references": hash_files(references),
            "environment": hash_environment(),
        }
        self.titles = titles(self.master)

    def receipt_path(self, student: str) -> Path:
        return self.out / "receipts" / f"{safe_name(student)}.json"

    def hashes_of(self, submission: Submission) -> dict[str, str]:
        stamp = {"timestamp": str(submission.timestamp).encode()}
        files = {f"notebook:{name}": data for name, data in submission.notebooks.items()}
        return self.hashes | {"submission": hash_files(files | dict(submission.files) | stamp)}

    def kept(self, submission: Submission) -> Receipt | None:
        """An earlier receipt that still holds: same hashes, seed, device and isolation, all tests judged."""
        try:
            receipt = from_json(self.receipt_path(submission.student).read_text())
        except (OSError, ValueError, SubmissionError):
            return None
        same = (
            receipt.student == submission.student
            and receipt.hashes == self.hashes_of(submission)
            and receipt.seed == self.seed
            and receipt.device == self.conditions.device
            and receipt.isolation == self.conditions.isolation
            and not receipt.not_judged
        )
        return receipt if same and self.recorded(submission) else None

    def recorded(self, submission: Submission) -> bool:
        """Whether formgrader's copy is there, where there is one to be had."""
        folder = self.course.folder("autograded", self.master.name, submission.student)
        return folder.is_dir() or not submission.notebooks

    def grade(
        self,
        submissions: Sequence[Submission],
        bench: Bench,
        tell: Callable[[str, str], Any],
        receipts: dict[str, Receipt],
    ) -> None:
        """Judge, then diagnose, then record; ``receipts`` is filled as each submission is done."""
        make = task_maker(self.course, self.master, bench, self.seed, self.conditions)
        prepared = {one.student: prepare(one, self.master, self.released, make) for one in submissions}
        tasks = [task for one in prepared.values() for task in one.tasks]
        judgements: dict[str, list[Judgement]] = {student: [] for student in prepared}
        with closing(open_gradebook(self.course)) as gradebook:

            def finish(student: str, known: Mapping[str, list[tuple[str, Mapping[str, Trace]]]]) -> None:
                receipt = self.receipt(prepared[student], judgements[student], known)
                receipts[student] = self.save(receipt, prepared[student], judgements[student], gradebook)

            waiting = []
            for student, one in prepared.items():
                if not one.tasks:
                    finish(student, {})
                    tell(student, receipts[student].status)
            for judgement in bench.pool.judge(tasks):
                student = judgement.student
                judgements[student].append(judgement)
                if len(judgements[student]) == len(prepared[student].tasks):
                    if _failed(judgements[student]):
                        waiting.append(student)
                    else:
                        finish(student, {})
                    tell(student, _status(prepared[student], judgements[student]))
            exercises = {v.exercise for s in waiting for j in judgements[s] for v in j.verdicts if _lost(v)}
            known = self.known_mistakes(exercises, bench, make)
            for student in waiting:
                finish(student, known)

    def known_mistakes(
        self, exercises: set[str], bench: Bench, make: Callable[..., Task]
    ) -> dict[str, list[tuple[str, Mapping[str, Trace]]]]:
        """How each known mistake of some exercises answers this run's tests, by exercise."""
        samples = {s.name + "/" + s.exercise: s for s in self.course.mistakes(self.master) if s.exercise in exercises}
        tasks = []
        for key, sample in samples.items():
            for notebook in self.master.notebooks:
                for exercise in notebook.exercises:
                    if exercise.name == sample.exercise:
                        tests = [str(cell.grade_id) for cell in exercise.tests]
                        steps = candidate(notebook, {exercise.name: sample.source}, tests)
                        tasks.append(make(key, notebook, steps))
        traces = {judgement.student: judgement.traces for judgement in bench.pool.judge(tasks)}
        known: dict[str, list[tuple[str, Mapping[str, Trace]]]] = {}
        for key, sample in samples.items():
            if key in traces:
                known.setdefault(sample.exercise, []).append((sample.sentence, traces[key]))
        return known

    def receipt(
        self,
        prepared: Prepared,
        judgements: Sequence[Judgement],
        known: Mapping[str, list[tuple[str, Mapping[str, Trace]]]],
    ) -> Receipt:
        order = [notebook.name for notebook in self.master.notebooks]
        judgements = sorted(judgements, key=lambda judgement: order.index(judgement.notebook))
        verdicts = tuple(verdict for judgement in judgements for verdict in judgement.verdicts)
        diagnosis = {}
        for judgement in judgements:
            for exercise in dict.fromkeys(v.exercise for v in judgement.verdicts if _lost(v)):
                tests = [v.test for v in judgement.verdicts if v.exercise == exercise]
                sentence = diagnose(judgement.traces, tests, known.get(exercise, []))
                if sentence:
                    diagnosis[exercise] = sentence
        questions = tuple(
            str(cell.grade_id)
            for notebook in self.master.notebooks
            for cell in notebook.cells
            if cell.role in ("manual", "task")
        )
        return Receipt(
            student=prepared.submission.student,
            assignment=self.master.name,
            status=_status(prepared, judgements),
            score=sum(verdict.points for verdict in verdicts),
            max_score=sum(cell.points for notebook in self.master.notebooks for cell in notebook.tests),
            verdicts=verdicts,
            repairs=prepared.repairs,
            diagnosis=diagnosis,
            questions=questions,
            hashes=self.hashes_of(prepared.submission),
            seed=self.seed,
            device=self.conditions.device,
            isolation=self.conditions.isolation,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            seconds={"judged": round(sum(judgement.seconds for judgement in judgements), 3)},
        )

    def save(self, receipt: Receipt, prepared: Prepared, judgements: Sequence[Judgement], gradebook: Any) -> Receipt:
        """Gradebook first, receipt last: a receipt stands for a submission that is done with."""
        documents = {j.notebook: j.document for j in judgements if j.document is not None}
        try:
            if prepared.submission.notebooks and not (prepared.damaged and not judgements):
                record(
                    self.course,
                    self.master.name,
                    receipt.student,
                    receipt.verdicts,
                    documents,
                    prepared.submission.timestamp,
                    set(prepared.unanswered),
                    gradebook,
                )
        except NbjudgeError as error:
            receipt = replace(receipt, status=f"not recorded: {error}")
        write_feedback(self.out, receipt, self.titles)
        write_atomically(self.receipt_path(receipt.student), receipt.to_json())
        return receipt


def _lost(verdict: Any) -> bool:
    return bool(verdict.outcome is Outcome.FAILED)


def _failed(judgements: Sequence[Judgement]) -> bool:
    return any(_lost(verdict) for judgement in judgements for verdict in judgement.verdicts)


def _status(prepared: Prepared, judgements: Sequence[Judgement]) -> str:
    """ "graded", or in words what stood in the way."""
    parts = [f"damaged: {name}: {why}" for name, why in prepared.damaged.items()]
    parts += [event for judgement in judgements for event in judgement.events]
    return "; ".join(parts) or GRADED
