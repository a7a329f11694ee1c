"""The assignment in nbgrader's own hands, its commands and none of ours; the same submissions in nbjudge's."""

import csv
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from cells import ROOT, is_test, master, role
from nbgrader.api import Gradebook

from nbjudge.grade.grade import grade_course
from nbjudge.master.course import Course
from nbjudge.otter.parity import SEED, choose, hand_in, honest, seeded
from nbjudge.otter.together import alone
from nbjudge.pool.bench import Conditions

ASSIGNMENT = "logistic-regression"
FILE = f"{ASSIGNMENT}.ipynb"
# Hidden tests in the student's own kernel, as nbgrader does it by itself.
STOCK = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3000), pytest.mark.filterwarnings("default")]


def nbgrader(course, *arguments):
    # nbgrader starts alembic by its bare name, which lies beside the interpreter.
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "HOME": str(course), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def work():
    """Submissions by name, from all over the known mistakes and variants of each exercise, and one half done."""
    found = Course.find(ROOT)
    assignment = found.master(ASSIGNMENT)
    submissions = honest(assignment, alone(found, assignment))
    names = ["solution", "blank"]
    for exercise in assignment.notebooks[0].exercises:
        for kind, most in (("mistake", 3), ("variant", 2)):
            names += choose(list(submissions), f"{kind}-{exercise.name}-", most)
    first = assignment.notebooks[0].exercises[0].name
    half = {ASSIGNMENT: {first: submissions["solution"][ASSIGNMENT][first]}}
    return {"half-done": half} | {name: submissions[name] for name in names}


def scores(course, students, tests):
    """The automatic score of each student on each test, from the gradebook of a course."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            student: {test: gradebook.find_grade(test, ASSIGNMENT, ASSIGNMENT, student).auto_score for test in tests}
            for student in students
        }


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course folder with the release generated and a class that has handed in."""
    folder = tmp_path_factory.mktemp("both") / "stock"
    shutil.copytree(ROOT / "autograder", folder / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "source" / ASSIGNMENT, folder / "source" / ASSIGNMENT)
    # Some tests find some mistakes only with some inputs, so both graders have to draw the same.
    seeded(Course.at(folder), Course.at(folder).master(ASSIGNMENT))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    nbgrader(folder, "generate_assignment", ASSIGNMENT)
    hand_in(folder / "release" / ASSIGNMENT, work(), folder / "submitted", ASSIGNMENT)
    return folder


@pytest.fixture(scope="module")
def graded(course):
    """Both graders' scores; each worked in its own copy of one and the same course folder."""
    ours = course.parent / "ours"
    shutil.copytree(course, ours)
    nbgrader(course, "autograde", ASSIGNMENT, STOCK)
    receipts = grade_course(ours, ASSIGNMENT, ours / "submitted", ours / "grades", Conditions(workers=2, seed=SEED))
    assert {receipt.status for receipt in receipts} == {"graded"}
    tests = [cell.metadata.nbgrader.grade_id for cell in master(ASSIGNMENT).cells if is_test(cell)]
    students = [folder.name for folder in (course / "submitted").iterdir()]
    return scores(course, students, tests), scores(ours, students, tests)


def test_a_release_shows_no_line_of_a_solution_a_hidden_test_or_the_mark_scheme(course):
    release = nbformat.read(course / "release" / ASSIGNMENT / FILE, as_version=4)
    shown, hidden = [], []
    for cell in master(ASSIGNMENT).cells:
        secret = cell.cell_type == "markdown" and role(cell) == (True, True)
        for line in cell.source.splitlines():
            secret = secret or line.strip().startswith("### BEGIN ")
            (hidden if secret else shown).append(line.strip())
            secret = secret and not line.strip().startswith("### END ")
    released = {line.strip() for cell in release.cells for line in cell.source.splitlines()}
    assert len(hidden) > 70
    assert not released & (set(hidden) - set(shown))


def test_there_are_mistakes_and_variants_of_every_exercise(graded):
    names = list(graded[0])
    assert {"solution", "blank", "half-done"} < set(names)
    exercises = {name.split("-")[1] for name in names if name.startswith("mistake-")}
    assert len(exercises) == 2
    for exercise in exercises:
        assert sum(name.startswith(f"mistake-{exercise}-") for name in names) == 3
        assert sum(name.startswith(f"variant-{exercise}-") for name in names) == 2


def test_every_test_of_every_student_has_the_same_score(graded):
    stock, ours = graded
    differing = {
        (student, test): (stock[student][test], ours[student][test])
        for student in stock
        for test in stock[student]
        if stock[student][test] != ours[student][test]
    }
    assert differing == {}


def test_the_scores_tell_right_from_wrong(graded):
    stock, _ = graded
    totals = {student: sum(given.values()) for student, given in stock.items()}
    assert totals["solution"] == 20
    assert totals["blank"] == 0
    assert 0 < totals["half-done"] < 20
    for student, total in totals.items():
        if student.startswith("variant-"):
            assert total == 20, student
        if student.startswith("mistake-"):
            assert total < 20, student


def test_the_table_that_stock_nbgrader_exports_has_the_scores(course, graded):
    nbgrader(course, "export")
    with (course / "grades.csv").open() as grades:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(grades)}
    assert exported == {student: sum(given.values()) for student, given in graded[0].items()}
