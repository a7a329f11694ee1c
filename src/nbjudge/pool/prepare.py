"""From a submission's bytes to what the workers need; nothing here runs any of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from nbjudge.errors import CourseError, SubmissionError
from nbjudge.judge.task import Task
from nbjudge.master.assignment import Assignment
from nbjudge.master.course import Course
from nbjudge.master.markers import visible
from nbjudge.master.notebook import Cell, Notebook, Role, read_notebook
from nbjudge.submission.document import read_submission_notebook
from nbjudge.submission.repair import Repaired, repair
from nbjudge.submission.submission import Submission

MakeTask = Callable[..., Task]


@dataclass(frozen=True)
class Prepared:
    """A submission ready to be judged: a task per notebook that could be read.

    ``damaged`` says of each other notebook why it could not; ``unanswered`` are (notebook, grade id) pairs.
    """

    submission: Submission
    tasks: tuple[Task, ...]
    damaged: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    unanswered: tuple[tuple[str, str], ...] = ()


def read_release(course: Course, master: Assignment) -> dict[str, Any]:
    """The released documents by notebook name.

    Raises CourseError when there is no release, or when its graded cells are not those of the master.
    """
    folder = course.release(master.name)
    fix = f"Run `nbjudge build {master.name}`."
    documents = {}
    for notebook in master.notebooks:
        path = folder / f"{notebook.name}.ipynb"
        if not path.is_file():
            raise CourseError("there is no release of this notebook", str(path), fix)
        try:
            documents[notebook.name] = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        except Exception as error:  # nbformat raises whatever its many readers meet
            raise CourseError(f"the release cannot be read ({type(error).__name__})", str(path), fix) from error
        if not _same_grading(notebook, read_notebook(documents[notebook.name], notebook.name)):
            raise CourseError("the release was not made from the master as it is now", str(path), fix)
    return documents


def _same_grading(master: Notebook, released: Notebook) -> bool:
    """Whether both have the same answers, questions and tests; the text around them may differ."""

    def graded(cells: tuple[Cell, ...]) -> list[tuple[str | None, Role, float, str]]:
        return [
            (cell.grade_id, cell.role, cell.points, visible(cell.source).strip() if cell.role is Role.TEST else "")
            for cell in cells
            if cell.role not in (Role.PLAIN, Role.LOCKED)
        ]

    return graded(master.cells) == graded(released.cells)


def prepare(submission: Submission, master: Assignment, released: Mapping[str, Any], make_task: MakeTask) -> Prepared:
    """Read and repair each notebook of a submission."""
    tasks: list[Task] = []
    damaged: dict[str, str] = {}
    repairs: list[str] = list(submission.problems)
    unanswered: list[tuple[str, str]] = []
    for notebook in master.notebooks:
        data = submission.notebooks.get(notebook.name)
        if data is None:
            damaged[notebook.name] = "not handed in"
            continue
        try:
            document = read_submission_notebook(data)
            mended = repair(notebook, read_notebook(released[notebook.name], notebook.name), document)
            task = _task(submission, notebook, released[notebook.name], mended, make_task)
        except SubmissionError as error:
            damaged[notebook.name] = str(error)
            continue
        except Exception as error:  # whatever somebody wrote into a notebook, the class goes on
            damaged[notebook.name] = f"its cells cannot be put in order ({type(error).__name__})."
            continue
        repairs += mended.repairs
        unanswered += [(notebook.name, name) for name in mended.unanswered]
        tasks.append(task)
    return Prepared(submission, tuple(tasks), damaged, tuple(repairs), tuple(unanswered))


def _task(submission: Submission, notebook: Notebook, released: Any, mended: Repaired, make_task: MakeTask) -> Task:
    return make_task(
        submission.student,
        notebook,
        mended.steps,
        released=released,
        answers=dict(mended.answers),
        unanswered=mended.unanswered,
        files=dict(submission.files),
    )


BUNDLE = "otter"  # the folder of generated tests among the staff's files of an assignment


def references(course: Course, assignment: str) -> dict[str, bytes]:
    """What staff wrote for an assignment, mistakes and variants included, and what all assignments share."""
    shared = course.root / "autograder"
    others = {course.staff(name) for name in course.assignments() if name != assignment}
    others.add(course.staff(assignment) / BUNDLE)
    return {
        str(path.relative_to(shared)): path.read_bytes()
        for path in sorted(shared.rglob("*"))
        if not path.is_dir() and "__pycache__" not in path.parts and not others & set(path.parents)
    }


def staff_files(course: Course, master: Assignment) -> dict[str, bytes]:
    """The files that students get with the notebooks, from the master's folder."""
    folder = course.source(master.name)
    return {name: Path(folder, name).read_bytes() for name in master.files}
