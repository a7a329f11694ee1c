"""The proof that one master gives the same grades everywhere: stock nbgrader, stock Otter and nbjudge, side by side.

The submissions are honest ones: the solution, a blank notebook, every known mistake and every variant. A test that
draws its inputs may find a mistake with some and not with others, so everybody's tests start from the same seeds:
nbjudge has its own for each test, and the copies that the stock graders get set these in the first line.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from nbjudge.errors import CourseError
from nbjudge.grade.grade import grade_course
from nbjudge.judge.seeds import derive
from nbjudge.judge.task import Limits
from nbjudge.judge.verdict import Outcome
from nbjudge.master.assignment import Assignment
from nbjudge.master.course import Course
from nbjudge.master.notebook import Role
from nbjudge.otter.archive import write_archives
from nbjudge.otter.assign import installed_version
from nbjudge.otter.stock import CELL, Points, run_stock
from nbjudge.otter.together import Groups
from nbjudge.otter.unfit import check_version
from nbjudge.otter.version import student_folder, write_version
from nbjudge.pool.bench import Conditions
from nbjudge.pool.usual import USUAL
from nbjudge.publish.release import build_release, publish, solved

Answers = dict[str, dict[str, str]]  # notebook -> grade id -> the source of the answer cell
SEED = 1  # of all tests, for every grader
SEEDING = '__import__("torch"); __import__("nbjudge.sandbox.seeding").sandbox.seeding.seed_generators'
PATIENCE = Limits(cell=CELL, call=CELL, notebook=30 * CELL)  # as patient as the others: a busy machine is no difference
CLOSE = 1e-6  # graders store points as decimal or binary fractions


@dataclass(frozen=True)
class Row:
    """One test of one submission, "notebook/test": its points from each grader."""

    submission: str
    test: str
    nbgrader: float
    otter: float
    nbjudge: float

    @property
    def same(self) -> bool:
        """Whether all three agree."""
        return abs(self.nbgrader - self.otter) < CLOSE and abs(self.nbgrader - self.nbjudge) < CLOSE


def honest(master: Assignment, groups: Groups) -> dict[str, Answers]:
    """The honest submissions of an assignment by name: "solution", "blank", and the solution with each group in it."""
    solution: Answers = {}
    for notebook in master.notebooks:
        cells = solved(master.documents[notebook.name]).cells
        answers = {cell.grade_id for cell in notebook.cells if cell.role in (Role.ANSWER, Role.MANUAL)}
        named = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in cells}
        solution[notebook.name] = {name: source for name, source in named.items() if name in answers}
    found: dict[str, Answers] = {"solution": solution, "blank": {}}
    home = {exercise.name: one.name for one in master.notebooks for exercise in one.exercises}
    for name, samples in groups.items():
        found[name] = copy.deepcopy(solution)
        for sample in samples:
            found[name][home[sample.exercise]][sample.exercise] = sample.source
    return found


def choose(names: Sequence[str], only: str = "", sample: int | None = None) -> list[str]:
    """The submissions whose name holds ``only``; of more than ``sample`` besides solution and blank, a spread."""
    chosen = [name for name in names if only in name]
    fixed = [name for name in chosen if name in ("solution", "blank")]
    others = [name for name in chosen if name not in fixed]
    if sample is not None and len(others) > sample:
        others = [others[(2 * number + 1) * len(others) // (2 * sample)] for number in range(sample)]
    return fixed + others


def compare(
    course: Course, assignment: str, submissions: Mapping[str, Answers], conditions: Conditions | None = None
) -> list[Row]:
    """Let all three graders grade the submissions, each in a copy of the course, and put their points side by side.

    Raises CourseError if Otter is not there, or a grader breaks down or leaves a test out.
    """
    check_version(installed_version())
    conditions = replace(conditions or Conditions(), seed=SEED, limits=PATIENCE)
    master = course.master(assignment)
    tests = [f"{one.name}/{cell.grade_id}" for one in master.notebooks for cell in one.tests]
    with tempfile.TemporaryDirectory(prefix="nbjudge-parity-") as scratch:
        place = Path(scratch)
        ours = _published(_copied(course, master, place / "ours"), assignment)
        stock = _published(seeded(_copied(course, master, place / "stock"), master), assignment)
        for graded in (ours, stock):
            hand_in(graded.release(assignment), submissions, graded.root / "submitted", assignment)
        write_version(stock, assignment)
        papers = hand_in(student_folder(stock, assignment), submissions, place / "papers", assignment)
        zips = {path.name.removesuffix("-autograder.zip"): str(path) for path in _zips(stock, master, place)}
        otter = {"papers": papers, "archives": zips}
        nbgrader = {"course": str(stock.root), "assignment": assignment, "tests": tests}
        given = run_stock(place, USUAL, otter=otter, nbgrader=nbgrader)
        given["nbjudge"] = _by_nbjudge(ours, assignment, conditions)
    graders = ("nbgrader", "otter", "nbjudge")
    return [
        Row(name, test, **{grader: _points(given[grader], grader, name, test) for grader in graders})
        for name in submissions
        for test in tests
    ]


def seeded(copied: Course, master: Assignment) -> Course:
    """A copy of a course, its test cells changed to begin as nbjudge begins them under the seed ``SEED``."""
    for notebook in master.notebooks:
        path = copied.source(master.name) / f"{notebook.name}.ipynb"
        document = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        tests = {cell.grade_id for cell in notebook.tests}
        for cell in document.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in tests:
                seed = derive(SEED, "test", notebook.name, name)
                cell.source = f"{SEEDING}({seed})\n{cell.source}"
        nbformat.write(document, path)  # type: ignore[no-untyped-call]
    return copied


def _copied(course: Course, master: Assignment, root: Path) -> Course:
    """A copy of the course at ``root`` with this one assignment."""
    root.mkdir(parents=True)
    shutil.copytree(course.source(master.name), root / "source" / master.name)
    ignored = shutil.ignore_patterns("__pycache__", "mistakes", "variants", "otter")
    for name in ("autograder", "nbgrader_config.py"):
        if (course.root / name).is_dir():
            shutil.copytree(course.root / name, root / name, ignore=ignored)
        elif (course.root / name).is_file():
            shutil.copy(course.root / name, root / name)
    return Course.at(root)


def _published(copied: Course, assignment: str) -> Course:
    """The copy, with its release, in a gradebook of its own."""
    publish(copied, build_release(copied, assignment, copied.root.with_suffix(".staging")))
    return copied


def hand_in(release: Path, submissions: Mapping[str, Answers], to: Path, assignment: str) -> dict[str, dict[str, str]]:
    """Write everybody's copy of a release with the answers filled in; the paths by submission and notebook."""
    papers: dict[str, dict[str, str]] = {}
    for student, notebooks in submissions.items():
        folder = to / student / assignment
        shutil.copytree(release, folder)
        papers[student] = {path.stem: str(path) for path in sorted(folder.glob("*.ipynb"))}
        for name, answers in notebooks.items():
            document = nbformat.read(papers[student][name], as_version=4)  # type: ignore[no-untyped-call]
            for cell in document.cells:
                grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
                cell.source = answers.get(grade_id, cell.source)
            nbformat.write(document, papers[student][name])  # type: ignore[no-untyped-call]
    return papers


def _by_nbjudge(course: Course, assignment: str, conditions: Conditions) -> Points:
    receipts = grade_course(course.root, assignment, course.root / "submitted", course.root / "grades", conditions)
    points: Points = {}
    for receipt in receipts:
        unjudged = [verdict.test for verdict in receipt.verdicts if verdict.outcome is Outcome.NOT_JUDGED]
        if unjudged or not receipt.verdicts:
            raise CourseError(f"nbjudge could not judge {receipt.student}: {receipt.status}", assignment)
        points[receipt.student] = {f"{one.notebook}/{one.test}": one.points for one in receipt.verdicts}
    return points


def _zips(course: Course, master: Assignment, place: Path) -> list[Path]:
    (course.root / "autograder" / "requirements.txt").unlink(missing_ok=True)  # nothing is installed here
    return write_archives(course, master.name, place / "zips") if master.tests else []


def _points(given: Points, grader: str, submission: str, test: str) -> float:
    try:
        return float(given[submission][test])
    except (KeyError, TypeError):
        raise CourseError(f"{grader} gives no points for {test}", submission) from None
