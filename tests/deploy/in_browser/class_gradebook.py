"""A class's gradebook, and what `nbjudge grade` gives the same submissions in a folder of its own."""

import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from answers import ASSIGNMENT, ROOT
from nbgrader.api import Gradebook

from nbjudge.grade.grade import grade_course
from nbjudge.judge.task import Limits
from nbjudge.master.course import Course
from nbjudge.pool.bench import Conditions
from nbjudge.publish.release import build_release, publish

TIMEOUT = 300  # seconds for a cell: the machine may be busy, and no submission here runs on


@contextmanager
def gradebook_at(path):
    """nbgrader's view of a copy, with its journal: SQLite follows no path into another's disk. It has to be whole."""
    with TemporaryDirectory() as folder:
        for file in path.parent.glob(f"{path.name}*"):
            shutil.copy(file, folder)
        copy = Path(folder) / path.name
        with closing(sqlite3.connect(copy)) as database:
            assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        with Gradebook(f"sqlite:///{copy}") as gradebook:
            yield gradebook


def grades_in(path):
    """Each student's grades in a gradebook: automatic and manual points by cell, comments, the score."""
    grades = {}
    with gradebook_at(path) as gradebook:
        for submission in gradebook.assignment_submissions(ASSIGNMENT):
            (notebook,) = submission.notebooks
            grades[submission.student.id] = {
                "auto": {grade.name: grade.auto_score for grade in notebook.grades if grade.cell.cell_type == "code"},
                "manual": {grade.name: grade.manual_score for grade in notebook.grades},
                "comments": {comment.name: comment.manual_comment for comment in notebook.comments},
                "score": submission.score,
            }
    return grades


def graded_apart(submitted: Path, course: Path):
    """The automatic points that `nbjudge grade` gives, by student and cell: a new course, the same submissions."""
    for part in ("source", "autograder"):
        shutil.copytree(ROOT / part, course / part)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(submitted, course / "submitted")
    found = Course.find(course)
    publish(found, build_release(found, ASSIGNMENT, course / "staging"))
    conditions = Conditions(workers=1, limits=Limits(cell=TIMEOUT, call=TIMEOUT / 2))
    receipts = grade_course(course, ASSIGNMENT, course / "submitted", course / "grades", conditions)
    assert all(receipt.status == "graded" for receipt in receipts), receipts
    return {student: one["auto"] for student, one in grades_in(course / "gradebook.db").items()}
