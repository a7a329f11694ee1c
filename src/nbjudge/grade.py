"""Grading a class: every submission is judged, recorded and reported, and a damaged one costs only itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbjudge.assignment import Assignment
from nbjudge.bench import Bench, Conditions, check_device, open_bench, task_maker
from nbjudge.build import read_patterns
from nbjudge.conclude import conclude, failed
from nbjudge.course import Course
from nbjudge.errors import NbjudgeError, SubmissionError
from nbjudge.feedback import safe_name, write_feedback
from nbjudge.gradebook import open_gradebook, record
from nbjudge.known import Known, known_mistakes
from nbjudge.prepare import Prepared, prepare, read_release, references, staff_files
from nbjudge.receipt import Receipt, from_json, hash_environment, hash_files, write_atomically
from nbjudge.recorded import recorded_scores
from nbjudge.report import write_results, write_summary
from nbjudge.submission import Submission, collect
from nbjudge.titles import titles
from nbjudge.worker import Judgement


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
    check_device(conditions.device)
    course = Course.find(root)
    master = course.master(assignment)
    released = read_release(course, master)
    handed_in = collect(submissions, assignment, [notebook.name for notebook in master.notebooks])
    hashes = _hashes(course, master, conditions)
    scores = recorded_scores(course, assignment)
    run = _Run(course, master, released, out, hashes, scores, _seed(out, conditions), conditions)
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


def _hashes(course: Course, master: Assignment, conditions: Conditions) -> dict[str, str]:
    """What all submissions of a run have in common; a change of any of these is a reason to grade again."""
    masters = {name: repr(document).encode() for name, document in master.documents.items()}
    times = repr((conditions.limits, conditions.sandbox)).encode()
    return {
        "tests": hash_files(masters | staff_files(course, master)),
        "references": hash_files(references(course, master.name)),
        "environment": hash_files({"packages": hash_environment().encode(), "limits": times}),
    }


def _seed(out: Path, conditions: Conditions) -> int:
    """The run's seed: the one asked for, the one of an earlier run into the same folder, or a new one."""
    path = out / "seed.txt"
    seed = conditions.seed
    if seed is None:
        try:
            seed = int(path.read_text())
        except (OSError, ValueError):
            seed = secrets.randbits(64)
    try:
        for part in ("receipts", "feedback"):
            (out / part).mkdir(parents=True, exist_ok=True)
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
    hashes: Mapping[str, str]
    scores: Mapping[str, float]  # by student, as the gradebook has them now
    seed: int
    conditions: Conditions

    def grade(
        self,
        submissions: Sequence[Submission],
        bench: Bench,
        tell: Callable[[str, str], Any],
        receipts: dict[str, Receipt],
    ) -> None:
        """Judge, diagnose, record; ``receipts`` is filled as each submission is done.

        Submissions that lost points are recorded last: their diagnosis needs the known mistakes to be judged.
        """
        make = task_maker(self.course, self.master, bench, self.seed, self.conditions)
        prepared = {one.student: prepare(one, self.master, self.released, make) for one in submissions}
        judgements: dict[str, list[Judgement]] = {student: [] for student in prepared}
        waiting: dict[str, dict[str, dict[str, float]]] = {}
        with closing(open_gradebook(self.course)) as gradebook:

            def finish(student: str, known: Known) -> Receipt:
                one, judged = prepared[student], judgements[student]
                facts = self.facts(one.submission)
                receipts[student] = self.save(conclude(self.master, one, judged, known, facts), one, judged, gradebook)
                return receipts[student]

            for student, one in prepared.items():
                if not one.tasks:
                    tell(student, finish(student, {}).status)
            for judgement in bench.pool.judge([task for one in prepared.values() for task in one.tasks]):
                student = judgement.student
                judgements[student].append(judgement)
                if len(judgements[student]) < len(prepared[student].tasks):
                    continue
                lost = failed([verdict for one in judgements[student] for verdict in one.verdicts])
                if lost:
                    waiting[student] = lost
                tell(student, "judged" if lost else finish(student, {}).status)
            seen: dict[str, list[dict[str, float]]] = {}
            for lost in waiting.values():
                for exercise, pattern in lost.items():
                    seen.setdefault(exercise, []).append(pattern)
            mistakes, patterns = self.course.mistakes(self.master), read_patterns(self.course, self.master.name)
            known = known_mistakes(self.master, mistakes, seen, patterns, make, bench.pool)
            for student in waiting:
                finish(student, known)

    def facts(self, submission: Submission) -> dict[str, Any]:
        """What a receipt says of the conditions under which a submission was graded."""
        files = {f"notebook:{name}": data for name, data in submission.notebooks.items()}
        files |= dict(submission.files) | {"timestamp": str(submission.timestamp).encode()}
        return {
            "hashes": {**self.hashes, "submission": hash_files(files)},
            "seed": self.seed,
            "device": self.conditions.device,
            "isolation": self.conditions.isolation,
        }

    def receipt_path(self, student: str) -> Path:
        return self.out / "receipts" / f"{safe_name(student)}.json"

    def kept(self, submission: Submission) -> Receipt | None:
        """An earlier receipt that still holds: graded under the same conditions, all tests judged, recorded."""
        try:
            receipt = from_json(self.receipt_path(submission.student).read_text())
        except (OSError, ValueError, SubmissionError):
            return None
        facts = self.facts(submission)
        same = all(getattr(receipt, name) == value for name, value in facts.items())
        return receipt if same and self.is_recorded(receipt) and not receipt.not_judged else None

    def is_recorded(self, receipt: Receipt) -> bool:
        """Whether the gradebook and formgrader have what the receipt says; of a damaged one they get nothing."""
        if receipt.status.startswith("damaged") and not receipt.verdicts:
            return True
        folder = self.course.folder("autograded", self.master.name, receipt.student)
        score = self.scores.get(receipt.student)
        return folder.is_dir() and score is not None and abs(score - receipt.score) < 1e-6

    def save(self, receipt: Receipt, prepared: Prepared, judgements: Sequence[Judgement], gradebook: Any) -> Receipt:
        """Gradebook first, receipt last: a receipt stands for a submission that is done with."""
        documents = {j.notebook: j.document for j in judgements if j.document is not None}
        when, unanswered = prepared.submission.timestamp, set(prepared.unanswered)
        if judgements or not prepared.damaged:
            try:
                record(
                    self.course,
                    self.master.name,
                    receipt.student,
                    receipt.verdicts,
                    documents,
                    when,
                    unanswered,
                    gradebook,
                )
            except Exception as error:  # of one student's submission; the class goes on
                why = str(error) if isinstance(error, NbjudgeError) else f"{type(error).__name__}: {error}"
                receipt = replace(receipt, status=f"not recorded: {why}")
        write_feedback(self.out, receipt, titles(self.master))
        write_atomically(self.receipt_path(receipt.student), receipt.to_json())
        return receipt
