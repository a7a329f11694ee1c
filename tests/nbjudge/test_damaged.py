"""Honest work that an editor damaged gets its full score, and each repair is listed."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from damage import DAMAGES, Damage, about
from nbformat import from_dict
from stock import ASSIGNMENT, COURSES, copy_course, hand_in, read_submissions

from nbjudge.grade.grade import grade_course
from nbjudge.judge.judge import Limits
from nbjudge.master.course import Course
from nbjudge.master.notebook import Notebook, read_notebook
from nbjudge.pool.bench import Bench, Conditions
from nbjudge.publish.release import build_release, publish
from nbjudge.record.receipt import Receipt
from nbjudge.submission.document import read_submission_notebook
from nbjudge.submission.repair import repair

ROOT = Path(__file__).parents[2]
CONDITIONS = Conditions(workers=2, seed=3, limits=Limits(cell=60.0, call=30.0, notebook=300.0))


@dataclass(frozen=True)
class Class:
    """A graded class of damaged copies of one honest submission."""

    root: Path
    assignment: str
    notebook: str
    honest: dict[str, Any]
    receipts: dict[str, Receipt]

    def feedback(self, student: str) -> str:
        return html.unescape((self.root / "grades" / "feedback" / f"{student}.html").read_text())

    def answers(self, student: str) -> dict[str, str]:
        """What stands in the answer cells of the executed notebook."""
        path = self.root / "autograded" / student / self.assignment / f"{self.notebook}.ipynb"
        return answers(json.loads(path.read_text()))


def answers(document: dict[str, Any]) -> dict[str, str]:
    cells = [cell for cell in document["cells"] if about(cell).get("solution")]
    return {about(cell)["grade_id"]: settled("".join(cell["source"])) for cell in cells}


def settled(source: str) -> str:
    return "\n".join(line.rstrip().expandtabs(4) for line in source.strip().splitlines())


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text())
    for cell in document["cells"]:
        cell["source"] = "".join(cell["source"])
    return document


def grade(root: Path, assignment: str, notebook: str, honest: dict[str, Any], others: Path, bench: Bench) -> Class:
    """Hand in each damaged copy and grade the class; ``others`` holds the honest student's further notebooks."""
    released = read(root / "release" / assignment / f"{notebook}.ipynb")
    for damage in DAMAGES:
        place = root / "submitted" / damage.name / assignment
        place.mkdir(parents=True)
        (place / f"{notebook}{damage.file}.ipynb").write_bytes(damage.apply(honest, released))
        for other in others.glob("*.ipynb"):
            if other.stem != notebook:
                (place / other.name).write_bytes(other.read_bytes())
    receipts = grade_course(root, assignment, root / "submitted", root / "grades", CONDITIONS, bench=bench)
    return Class(root, assignment, notebook, honest, {receipt.student: receipt for receipt in receipts})


@pytest.fixture(scope="module")
def documentation(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Class:
    """nbgrader's own example course."""
    folder = tmp_path_factory.mktemp("damaged")
    course = Course.at(copy_course(COURSES / "documentation", folder / "course"))
    publish(course, build_release(course, ASSIGNMENT, folder / "staging"))
    right = read_submissions(COURSES / "documentation")["right"]
    work = hand_in(course.release(ASSIGNMENT), {"right": right}, folder / "work") / "right" / ASSIGNMENT
    return grade(course.root, ASSIGNMENT, "problem1", read(work / "problem1.ipynb"), work, bench)


CASES = pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)


@CASES
def test_damaged_work_gets_its_full_score(documentation: Class, damage: Damage) -> None:
    receipt = documentation.receipts[damage.name]
    assert receipt.status == "graded"
    lost = {verdict.test: verdict.message for verdict in receipt.verdicts if verdict.points < verdict.max_points}
    assert not lost, receipt.repairs
    assert receipt.score == receipt.max_score > 0


@CASES
def test_each_repair_is_listed_in_the_receipt_and_on_the_page(documentation: Class, damage: Damage) -> None:
    repairs = documentation.receipts[damage.name].repairs
    page = documentation.feedback(damage.name)
    assert damage.says in " ".join(repairs)
    assert all(repair in page for repair in repairs)


@CASES
def test_every_answer_is_the_students_own_and_stands_in_its_cell(documentation: Class, damage: Damage) -> None:
    found, honest = documentation.answers(damage.name), answers(documentation.honest)
    assert found.keys() == honest.keys()
    for name, answer in honest.items():
        own = damage.name in OWN_ANSWERS or (damage.name == "merged_with_next" and answer in found[name])
        missing = f"The answer {name} is missing; it counts as blank." in documentation.receipts[damage.name].repairs
        assert own or missing or found[name].removeprefix("%%time\n") == answer, name


# The answer's cell holds more or less than the answer, and a cell of the student's own the rest.
OWN_ANSWERS = ("work_in_own_cells", "answers_merged")


def test_there_are_at_least_thirty_kinds_of_damage() -> None:
    assert len({damage.name for damage in DAMAGES}) == len(DAMAGES) >= 30


def test_without_damage_nothing_is_mended(documentation: Class) -> None:
    assert documentation.receipts["untouched"].repairs == ()


def test_text_that_could_be_anywhere_is_not_taken_for_an_answer(documentation: Class) -> None:
    repairs = documentation.receipts["names_lost_and_shuffled"].repairs
    assert "The answer sum_of_squares_equation is missing; it counts as blank." in repairs
    lacking = [name for name, one in documentation.receipts.items() if "counts as blank" in " ".join(one.repairs)]
    assert lacking == ["names_lost_and_shuffled"]


@pytest.fixture(scope="module")
def logistic_regression() -> tuple[Notebook, dict[str, Any], dict[str, Any]]:
    """The course's own notebook: the master, the release and the solution."""
    name = "logistic-regression"
    (master,) = Course.at(ROOT).master(name).notebooks
    released, solution = (read(ROOT / folder / name / f"{name}.ipynb") for folder in ("release", "solutions"))
    return master, released, solution


@CASES
def test_a_damaged_copy_of_the_courses_own_solution_is_put_in_order(
    logistic_regression: tuple[Notebook, dict[str, Any], dict[str, Any]], damage: Damage
) -> None:
    master, released, solution = logistic_regression
    document = read_submission_notebook(damage.apply(solution, released))
    mended = repair(master, read_notebook(from_dict(released), master.name), document)
    tests = [str(cell.grade_id) for cell in master.tests]
    assert [step.grade_id for step in mended.steps if step.kind == "test"] == tests
    assert damage.file or damage.says in " ".join(mended.repairs)
    for name, answer in answers(solution).items():
        at = [number for number, step in enumerate(mended.steps) if answer in settled(step.source)]
        missing = f"The answer {name} is missing; it counts as blank." in mended.repairs
        found = settled(mended.answers.get(name, "")).removeprefix("%%time\n")
        assert found == answer or at or missing
        own = [str(cell.grade_id) for one in master.exercises if one.name == name for cell in one.tests]
        first = next((number for number, step in enumerate(mended.steps) if step.grade_id in own), None)
        assert not at or first is None or at[0] < first
