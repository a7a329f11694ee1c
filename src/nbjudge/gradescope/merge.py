"""Scores from Gradescope into the results and the gradebook, as if they had been graded here."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbjudge.errors import NbjudgeError, SubmissionError
from nbjudge.grade.changes import Change, changes
from nbjudge.grade.ledger import Ledger, Receipts, open_ledger, writable
from nbjudge.grade.recording import Recorder
from nbjudge.gradescope.scores import Scored, from_metadata, from_table
from nbjudge.master.assignment import Assignment
from nbjudge.master.course import Course
from nbjudge.master.notebook import Role
from nbjudge.record.gradebook import open_gradebook
from nbjudge.record.receipt import GRADED, Receipt, from_json
from nbjudge.record.recorded import recorded_scores
from nbjudge.record.report import write_results, write_summary
from nbjudge.submission.metadata import LARGEST, METADATA, find_export, parse_metadata, read_metadata

EXPECTED = "Name the downloaded submissions (zip, folder or submission_metadata.yml) or the table of scores (csv)."
ISOLATION = "gradescope"  # what receipts say of where it was judged


@dataclass(frozen=True)
class Merged:
    """What came of an export: receipts of those who have scores now, and why others have none, in sentences."""

    receipts: tuple[Receipt, ...]
    problems: tuple[str, ...]


def merge(
    root: Path,
    assignment: str,
    export: Path,
    out: Path,
    confirm: Callable[[Sequence[Change]], bool] | None = None,
) -> Merged:
    """Record the scores of an export; what people graded by hand stays as it is.

    Of several addresses and ids, a student is who the gradebook or the receipts know already, else the SID, else the
    e-mail address. Where a recorded score would change, nothing is recorded before ``confirm`` has returned true.
    Raises NbjudgeError when the export cannot be read, or nothing can be written, or changes are not confirmed.
    """
    course = Course.find(root)
    master = course.master(assignment)
    found = read_scores(export, master)
    scores = recorded_scores(course, assignment)
    with open_ledger(out) as ledger:
        known = {*scores, *_graded(ledger)}
        new, problems = _receipts(found, master, known)
        old = {student: ledger.receipt(student) for student in new}
        different = [one for name in new for one in changes(new[name], old[name], scores.get(name, {}))]
        different = [one for one in different if one.student in known]
        if different and confirm is not None and not confirm(different):
            what = f"{len(different)} changed scores were not confirmed, so nothing was recorded"
            raise NbjudgeError(what, str(out), "Run the same command with --yes to record them.")
        with closing(open_gradebook(course)) as gradebook:
            for receipt in new.values():
                ledger.hold(receipt, _placed(course, receipt))
            Recorder(course, master, ledger, gradebook).record(list(new))
        receipts = Receipts(ledger, _graded(ledger))
        with writable(out):
            write_results(out / "results.csv", receipts)
            write_summary(out / "summary.csv", receipts)
        recorded = [ledger.receipt(student) for student in new]
    refused = [f"{one.student}: {one.status}" for one in recorded if one is not None and one.status != GRADED]
    return Merged(tuple(one for one in recorded if one is not None), (*problems, *refused))


def read_scores(export: Path, master: Assignment) -> tuple[Scored, ...]:
    """Every student in an export; raises SubmissionError when it is none."""
    if not export.exists():
        raise SubmissionError("there is no such file", str(export), EXPECTED)
    if export.is_dir():
        folder = find_export(export)
        if folder is None:
            raise SubmissionError(f"no {METADATA} is in this folder", str(export), EXPECTED)
        return tuple(from_metadata(read_metadata(folder / METADATA), master))
    if export.suffix.lower() == ".zip":
        return tuple(from_metadata(parse_metadata(_metadata_in(export), str(export)), master))
    if export.suffix.lower() in (".yml", ".yaml"):
        return tuple(from_metadata(read_metadata(export), master))
    if export.suffix.lower() != ".csv":
        raise SubmissionError("this is no export of Gradescope's", str(export), EXPECTED)
    try:
        text = export.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SubmissionError("this table is not in UTF-8", str(export), "Export it again.") from None
    return tuple(from_table(text, master, str(export)))


def _metadata_in(export: Path) -> bytes:
    """The metadata in a downloaded zip; the submissions in it are not touched."""
    try:
        with zipfile.ZipFile(export) as archive:
            names = [name for name in archive.namelist() if name.rpartition("/")[2] == METADATA and name.count("/") < 2]
            if len(names) != 1:
                raise SubmissionError(f"{len(names)} files in it are called {METADATA}", str(export), EXPECTED)
            with archive.open(names[0]) as file:
                data = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        fix = "Download it again."
        raise SubmissionError(f"this zip is damaged ({type(error).__name__})", str(export), fix) from None
    if len(data) > LARGEST:
        raise SubmissionError("this is too large for Gradescope's metadata", str(export))
    return data


def _receipts(found: Sequence[Scored], master: Assignment, known: set[str]) -> tuple[dict[str, Receipt], list[str]]:
    new: dict[str, Receipt] = {}
    problems: list[str] = []
    for one in found:
        match = [name for name in one.names if name in known]
        name = (match or [*one.names, ""])[0]
        problem = one.problem or ("" if name else "it names nobody")
        if name in new:
            problem = "they are in it twice; the first row counts"
        if problem:
            problems.append(f"{name or 'a row'}: {problem.rstrip('.')}.")
        else:
            new[name] = _receipt(name, one, master)
    return new, problems


def _receipt(student: str, scored: Scored, master: Assignment) -> Receipt:
    cells = [cell for notebook in master.notebooks for cell in notebook.cells]
    return Receipt(
        student=student,
        assignment=master.name,
        status=GRADED,
        score=sum(verdict.points for verdict in scored.verdicts),
        max_score=sum(verdict.max_points for verdict in scored.verdicts),
        verdicts=scored.verdicts,
        questions=tuple(str(cell.grade_id) for cell in cells if cell.role in (Role.MANUAL, Role.TASK)),
        isolation=ISOLATION,
        handed_in="" if scored.when is None else scored.when.isoformat(),
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _graded(ledger: Ledger) -> list[str]:
    return sorted(receipt.student for receipt in _all(ledger))


def _all(ledger: Ledger) -> Iterator[Receipt]:
    for path in (ledger.out / "receipts").glob("*.json"):
        try:
            yield from_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, SubmissionError):
            continue


def _placed(course: Course, receipt: Receipt) -> Mapping[str, bytes]:
    """What formgrader has of the student stays there."""
    folder = course.folder("autograded", receipt.assignment, receipt.student)
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
