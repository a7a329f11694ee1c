"""Grading a class for real: what lands in results, receipts, feedback and gradebook, and what it costs to repeat."""

import csv
import json
import shutil
import subprocess
import sys

import nbformat
import pytest
from masters import answer, check
from nbgrader.api import Gradebook
from nbgrader.plugins.export import CsvExportPlugin
from tiny import (
    DOUBLE,
    HALF_RIGHT,
    HIDDEN_NUMBER,
    MAX_SCORE,
    SQUARE,
    filled,
    hand_in,
    released,
    rows,
    write_course,
)

from nbjudge.errors import GradebookError
from nbjudge.grade.grade import grade_course
from nbjudge.judge.task import Limits
from nbjudge.judge.verdict import Outcome
from nbjudge.master.course import Course
from nbjudge.pool.bench import Conditions
from nbjudge.publish.release import build_release, publish
from nbjudge.record.receipt import from_json

RIGHT = {"double": DOUBLE, "square": SQUARE, "why": "Its sign is lost."}
PLUS_TWO = {"double": "def double(x):\n    return x + 2", "square": HALF_RIGHT, "why": "No idea."}
QUICK = Limits(cell=4.0, call=2.0, notebook=60.0)
TESTS = ["test_double", "test_double_text", "test_square_seen", "test_square_signs"]


class Class:
    """A course, its submissions, and where the results go."""

    def __init__(self, root, bench):
        self.root, self.bench = root, bench
        self.submitted, self.out = root.parent / "submitted", root.parent / "out"

    def hand_in(self, students, flat=False):
        hand_in(self.root, self.submitted, students, flat)

    def grade(self, confirm=None, **options):
        options = {"workers": 2, "seed": None, "limits": QUICK, **options}
        self.judged = []
        receipts = grade_course(
            self.root, "ps1", self.submitted, self.out, Conditions(**options), self.progress, self.bench, confirm
        )
        return {receipt.student: receipt for receipt in receipts}

    def progress(self, total):
        import contextlib

        return contextlib.nullcontext(lambda student, status: self.judged.append(student))

    def scores(self):
        return {row["student"]: float(row["score"]) for row in rows(self.out / "summary.csv")}

    def page(self, student):
        return (self.out / "feedback" / f"{student}.html").read_text()

    def gradebook(self):
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}")


@pytest.fixture
def school(tiny, bench):
    return Class(tiny, bench)


def points(receipt):
    return {verdict.test: verdict.points for verdict in receipt.verdicts}


def test_a_class_is_graded_and_everything_agrees(school, tmp_path):
    school.hand_in({"ada": RIGHT, "bob": PLUS_TWO, "cy": {}})
    receipts = school.grade(seed=11)

    table = rows(school.out / "results.csv")
    assert list(table[0]) == [
        "student",
        "test",
        "points",
        "max_points",
        "verdict",
        "message",
        "notebook",
        "exercise",
    ]
    assert [(row["student"], row["test"]) for row in table] == [(s, t) for s in ("ada", "bob", "cy") for t in TESTS]
    assert {(row["test"], row["exercise"], row["notebook"], row["max_points"]) for row in table} == {
        ("test_double", "double", "warmup", "2"),
        ("test_double_text", "double", "warmup", "1"),
        ("test_square_seen", "square", "warmup", "1"),
        ("test_square_signs", "square", "warmup", "3"),
    }
    bob = {row["test"]: row for row in table if row["student"] == "bob"}
    assert {name: (row["points"], row["verdict"]) for name, row in bob.items()} == {
        "test_double": ("0", "failed"),
        "test_double_text": ("0", "failed"),
        "test_square_seen": ("1", "passed"),
        "test_square_signs": ("1.5", "failed"),
    }
    assert "should be 2" in bob["test_double"]["message"]
    assert bob["test_square_signs"]["message"] == "Partial credit: 1.5 of 3."
    assert {row["verdict"] for row in table if row["student"] == "ada"} == {"passed"}
    assert rows(school.out / "summary.csv") == [
        {"student": "ada", "score": "7", "max_score": "7", "status": "graded"},
        {"student": "bob", "score": "2.5", "max_score": "7", "status": "graded"},
        {"student": "cy", "score": "0", "max_score": "7", "status": "graded"},
    ]

    assert sorted(path.name for path in (school.out / "receipts").iterdir()) == ["ada.json", "bob.json", "cy.json"]
    for student, receipt in receipts.items():
        kept = from_json((school.out / "receipts" / f"{student}.json").read_text())
        assert kept == receipt
        assert set(kept.hashes) == {"submission", "tests", "references", "environment", "grader"}
        assert all(len(value) == 64 for value in kept.hashes.values())
        assert (kept.seed, kept.device, kept.isolation) == (11, "cpu", "bwrap")
        assert kept.max_score == MAX_SCORE
    assert len({receipt.hashes["submission"] for receipt in receipts.values()}) == 3
    assert receipts["bob"].diagnosis == {"double": "You add two instead of doubling."}

    with school.gradebook() as gradebook:
        export = tmp_path / "grades.csv"
        CsvExportPlugin(to=str(export)).export(gradebook)
        cells = {
            name: gradebook.find_grade(name, "warmup", "ps1", "bob").auto_score for name in ("test_double", *TESTS)
        }
        assert gradebook.find_submission("ps1", "bob").needs_manual_grade
        assert not gradebook.find_submission("ps1", "cy").needs_manual_grade
    assert cells == points(receipts["bob"])
    assert {row["student_id"]: float(row["score"]) for row in rows(export)} == school.scores()

    executed = nbformat.read(school.root / "autograded" / "bob" / "ps1" / "warmup.ipynb", as_version=4)
    assert [cell.source for cell in executed.cells if "def double" in cell.source] == [PLUS_TWO["double"]]


def test_feedback_shows_what_went_wrong_and_nothing_hidden(school):
    school.hand_in(
        {"ada": RIGHT, "bob": PLUS_TWO, "cy": {**RIGHT, "double": "def double(x):\n    return min(2*x, 99)"}}
    )
    school.grade()
    assert "You add two instead of doubling." in school.page("bob")
    assert "A check with other inputs failed" in school.page("cy")
    for student in ("ada", "bob", "cy"):
        page = school.page(student)
        assert student in page
        for secret in (HIDDEN_NUMBER, "62674", "twice", "randrange", "autograder", "assert double(x)", "square(7)"):
            assert secret not in page
        executed = (school.root / "autograded" / student / "ps1" / "warmup.ipynb").read_text()
        assert HIDDEN_NUMBER not in executed.replace(f"double({HIDDEN_NUMBER}) == 62674", "")


def test_a_flat_folder_gives_the_same_as_nbgraders_layout(school):
    school.hand_in({"ada": RIGHT, "bob": PLUS_TWO})
    first = {student: points(receipt) for student, receipt in school.grade(seed=1).items()}
    shutil.rmtree(school.submitted)
    school.hand_in({"ada": RIGHT, "bob": PLUS_TWO}, flat=True)
    school.out = school.out.with_name("flat")
    assert {student: points(receipt) for student, receipt in school.grade(seed=1).items()} == first


def spoilt(statement):
    return {**RIGHT, "double": f"import os, signal, ctypes\n{statement}\n{DOUBLE}"}


def test_each_disaster_costs_only_itself_and_is_named(school):
    school.hand_in(
        {
            "ada": RIGHT,
            "empty": b"",
            "endless": spoilt("while True: pass"),
            "exits": spoilt("os._exit(3)"),
            "killed": spoilt("os.kill(os.getpid(), signal.SIGKILL)"),
            "not json": b"\xff\xfe{",
            "other json": b"[1, 2]",
            "segfault": spoilt("ctypes.string_at(0)"),
            "zoe": RIGHT,
        }
    )
    (school.submitted / "nothing" / "ps1").mkdir(parents=True)
    receipts = school.grade()
    assert points(receipts["ada"]) == points(receipts["zoe"]) == dict(zip(TESTS, [2, 1, 1, 3], strict=True))
    assert [receipts[name].status for name in ("ada", "zoe", "endless", "exits", "killed", "segfault")] == [
        "graded"
    ] * 6
    for name in ("endless", "exits", "killed", "segfault"):
        # The other exercise of the same notebook is judged all the same.
        assert points(receipts[name]) == dict(zip(TESTS, [0, 0, 1, 3], strict=True)), name
        assert not receipts[name].not_judged
        assert "double" in receipts[name].events[0]
        assert "double" in school.page(name)
    assert "did not finish in time" in receipts["endless"].events[0]
    assert "ended the notebook's process" in receipts["killed"].events[0]
    for name, why in {
        "empty": "the file is empty",
        "not json": "the text is not valid",
        "other json": "JSON but not a notebook",
        "nothing": "not handed in",
    }.items():
        assert receipts[name].status.startswith("damaged: warmup: ")
        assert why in receipts[name].status
        assert receipts[name].score == 0
        assert not (school.root / "autograded" / name).exists()
    assert set(school.scores()) == set(receipts)


def test_hostile_and_equal_names_cost_only_themselves(school):
    names = ["ada", "Ada", "b*b", "<script>alert(1)<", "=1+1", "..x", "new\nline", "x" * 160, "ünï ¢ode", "a'b\"c"]
    school.hand_in(dict.fromkeys(names, RIGHT), flat=True)
    shutil.copy(school.submitted / "ada.ipynb", school.submitted / "ada.IPYNB")
    receipts = school.grade()
    assert len(receipts) == len(names)  # "..x" starts with a dot and is passed over; ada.IPYNB comes on top
    good = {"ada", "Ada", "ada-2", "<script>alert(1)<", "=1+1", "ünï ¢ode", "a'b\"c"}
    assert {name for name, receipt in receipts.items() if receipt.status == "graded"} == good
    assert all(receipts[name].score == MAX_SCORE for name in good)
    for name in set(receipts) - good:
        assert receipts[name].status.startswith("not recorded: ")
    assert (
        len(list((school.out / "receipts").iterdir())) == len(list((school.out / "feedback").iterdir())) == len(names)
    )
    for path in (school.out / "feedback").iterdir():
        assert "<script>alert" not in path.read_text()
    assert "'=1+1" in {row["student"] for row in rows(school.out / "summary.csv")}


def test_text_that_cannot_be_written_is_no_way_to_stop_the_class(school):
    nasty = r'"\ud800 \x00 \x1b[31m" + "long " * 100_000'
    school.hand_in(
        {
            "ada": RIGHT,
            "raises": {**RIGHT, "double": f"def double(x):\n    raise ValueError({nasty})"},
            "returns": {**RIGHT, "double": f"def double(x):\n    return {nasty}"},
            "prints": {**RIGHT, "double": f"print({nasty})\n{DOUBLE}"},
        }
    )
    receipts = school.grade()
    scores = {name: receipt.score for name, receipt in receipts.items()}
    assert scores == {"ada": 7, "raises": 4, "returns": 4, "prints": 7}
    assert {receipt.status for receipt in receipts.values()} == {"graded"}


def test_a_second_run_grades_only_what_changed(school):
    school.hand_in({"ada": RIGHT, "bob": PLUS_TWO, "eve": b"not a notebook"})
    first = school.grade()
    results = (school.out / "results.csv").read_bytes()
    assert sorted(school.judged) == ["ada", "bob", "eve"]

    school.bench = None  # nothing may be judged: there is nothing to judge with
    assert school.grade() == first
    assert school.judged == []
    assert (school.out / "results.csv").read_bytes() == results


@pytest.mark.parametrize(
    ("change", "graded"),
    [
        (lambda school: school.hand_in({"bob": RIGHT}), ["bob"]),
        (lambda school: school.hand_in({"cy": RIGHT}), ["cy"]),
        (lambda school: (school.out / "receipts" / "ada.json").write_text("{"), ["ada"]),
        (lambda school: shutil.rmtree(school.root / "autograded" / "bob"), ["bob"]),
        (lambda school: (school.submitted / "ada" / "ps1" / "timestamp.txt").write_text("2030-01-02 UTC"), ["ada"]),
        (lambda school: (school.submitted / "ada" / "ps1" / "data.csv").write_text("1"), ["ada"]),
        (lambda school: add(school.root / "autograder" / "ps1" / "reference.py"), ["ada", "bob"]),
        (lambda school: reword(school.root / "autograder" / "ps1" / "mistakes" / "square.py"), ["bob"]),
        (lambda school: add(school.root / "autograder" / "ps1" / "variants" / "square.py"), []),
        (lambda school: add(school.root / "autograder" / "shared.py"), ["ada", "bob"]),
        (lambda school: add(school.root / "autograder" / "ps2" / "reference.py"), []),
        (lambda school: rewrite_hidden_test(school.root), ["ada", "bob"]),
        (lambda school: empty_gradebook(school.root), ["ada", "bob"]),
        (lambda school: spoil_score(school, "bob"), ["bob"]),
    ],
    ids=[
        "a submission",
        "a new student",
        "a receipt",
        "formgrader's copy",
        "a time",
        "a file",
        "the reference",
        "a mistake",
        "a variant",
        "a shared helper",
        "another assignment",
        "a hidden test",
        "the gradebook",
        "a score in the gradebook",
    ],
)
def test_after_a_change_only_what_it_touches_is_graded_again(graded_once, change, graded):
    school = graded_once
    change(school)
    school.grade()
    assert sorted(school.judged) == graded


def add(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write("\n_more = 1\n")


def reword(path):
    path.write_text(path.read_text().replace("You double", "You seem to double"))


def rewrite_hidden_test(root):
    path = root / "source" / "ps1" / "warmup.ipynb"
    path.write_text(path.read_text().replace("square(7) == 49", "square(8) == 64"))


def empty_gradebook(root):
    (root / "gradebook.db").unlink()
    found = Course.find(root)
    publish(found, build_release(found, "ps1", root.parent / "staging"))


def spoil_score(school, student):
    with school.gradebook() as gradebook:
        gradebook.find_grade("test_double", "warmup", "ps1", student).auto_score = 2
        gradebook.db.commit()


@pytest.fixture(scope="module")
def once(published_tiny, bench, tmp_path_factory):
    """A course that was graded once; tests work on copies."""
    folder = tmp_path_factory.mktemp("once")
    shutil.copytree(published_tiny, folder / "course")
    # A second assignment, whose files are none of the first one's business.
    shutil.copytree(folder / "course" / "source" / "ps1", folder / "course" / "source" / "ps2")
    school = Class(folder / "course", bench)
    school.hand_in({"ada": RIGHT, "bob": PLUS_TWO})
    school.grade(seed=4)
    return folder


@pytest.fixture
def graded_once(once, bench, tmp_path):
    shutil.copytree(once, tmp_path / "copy")
    return Class(tmp_path / "copy" / "course", bench)


def test_longer_time_limits_or_another_seed_are_reasons_to_grade_again(graded_once):
    graded_once.grade(limits=Limits(cell=5.0, call=2.0, notebook=60.0))
    assert sorted(graded_once.judged) == ["ada", "bob"]
    graded_once.grade(limits=Limits(cell=5.0, call=2.0, notebook=60.0), seed=5)
    assert sorted(graded_once.judged) == ["ada", "bob"]


def test_a_score_and_a_comment_that_a_person_gave_stay(graded_once):
    with graded_once.gradebook() as gradebook:
        grade = gradebook.find_grade("why", "warmup", "ps1", "bob")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        gradebook.find_grade("test_square_signs", "warmup", "ps1", "bob").manual_score = 2.5
        gradebook.find_comment("why", "warmup", "ps1", "bob").manual_comment = "Well said."
        gradebook.db.commit()
    graded_once.hand_in({"bob": {**PLUS_TWO, "double": DOUBLE}})
    graded_once.grade()
    assert graded_once.judged == ["bob"]
    with graded_once.gradebook() as gradebook:
        assert gradebook.find_grade("why", "warmup", "ps1", "bob").score == 0.5
        assert gradebook.find_grade("test_square_signs", "warmup", "ps1", "bob").score == 2.5
        assert gradebook.find_comment("why", "warmup", "ps1", "bob").comment == "Well said."
        assert gradebook.find_submission("ps1", "bob").score == 2 + 1 + 1 + 2.5 + 0.5


def test_the_same_seed_gives_the_same_verdicts_with_any_number_of_workers(school):
    # `random` decides: whether it passes is the seed's doing.
    lucky = {**RIGHT, "double": "import random\n\n\ndef double(x):\n    return 2 * x if random.random() < 0.5 else 0"}
    school.hand_in({f"s{number}": lucky for number in range(3)} | {"bob": PLUS_TWO})
    outs = []
    for workers in (1, 2):
        school.out = school.out.with_name(f"out{len(outs)}")
        receipts = school.grade(seed=21, workers=workers)
        outs.append(
            {
                student: [(v.test, v.points, v.outcome, v.message) for v in one.verdicts]
                for student, one in receipts.items()
            }
        )
    assert outs[0] == outs[1]
    assert len({str(verdicts) for verdicts in outs[0].values()}) > 1


def test_a_missing_reference_is_the_graders_fault_and_never_a_zero(school):
    (school.root / "autograder" / "ps1" / "reference.py").unlink()
    school.hand_in({"ada": RIGHT})
    receipt = school.grade()["ada"]
    assert {verdict.test: verdict.outcome for verdict in receipt.verdicts} == {
        "test_double": Outcome.NOT_JUDGED,
        "test_double_text": Outcome.PASSED,
        "test_square_seen": Outcome.PASSED,
        "test_square_signs": Outcome.PASSED,
    }
    assert receipt.status.startswith("not judged: ")
    with school.gradebook() as gradebook:
        grade = gradebook.find_grade("test_double", "warmup", "ps1", "ada")
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)
    (row,) = [row for row in rows(school.out / "results.csv") if row["test"] == "test_double"]
    assert row["verdict"] == "not_judged"
    assert "autograder" not in school.page("ada")

    (school.root / "autograder" / "ps1" / "reference.py").write_text("def twice(x):\n    return x + x\n")
    assert school.grade()["ada"].score == MAX_SCORE
    assert school.judged == ["ada"]


def test_what_could_not_be_recorded_is_kept_and_only_recorded_the_next_time(school):
    school.hand_in({"ada": RIGHT})
    with school.gradebook() as gradebook:
        gradebook.remove_assignment("ps1")
    with pytest.raises(GradebookError, match="does not know this assignment"):
        school.grade()
    assert school.judged == ["ada"]
    assert not (school.out / "results.csv").exists()
    empty_gradebook(school.root)
    assert school.grade()["ada"].status == "graded"
    assert school.judged == []
    assert school.grade()["ada"].score == MAX_SCORE


TRIPLE = (
    answer("def triple(x):\n    ### BEGIN SOLUTION\n    return 3 * x\n    ### END SOLUTION", "triple"),
    check("with open('data/more.txt') as file:\n    assert triple(int(file.read())) == 15", "test_triple", 2),
)


def test_an_assignment_of_two_notebooks_and_a_file_is_one_submission(tmp_path, bench):
    root = write_course(tmp_path / "course", second=TRIPLE)
    (root / "source" / "ps1" / "data").mkdir()
    (root / "source" / "ps1" / "data" / "more.txt").write_text("5")
    found = Course.find(root)
    publish(found, build_release(found, "ps1", tmp_path / "staging"))
    school = Class(root, bench)
    school.hand_in({"both": RIGHT, "one": RIGHT, "torn": RIGHT, "cheat": RIGHT, "reads": RIGHT})
    document = released(root, "more")
    right = "def triple(x):\n    return 3 * x"
    reads = "given = int(open('data/more.txt').read()) + int(open('own.txt').read())\n" + right.replace(
        "* x", "* given"
    )
    for student, source in (("both", right), ("cheat", "def triple(x):\n    return 3"), ("reads", reads)):
        nbformat.write(filled(document, {"triple": source}), school.submitted / student / "ps1" / "more.ipynb")
    (school.submitted / "torn" / "ps1" / "more.ipynb").write_text('{"cells": [')
    (school.submitted / "cheat" / "ps1" / "data").mkdir()
    (school.submitted / "cheat" / "ps1" / "data" / "more.txt").write_text("1")
    (school.submitted / "reads" / "ps1" / "own.txt").write_text("0")
    receipts = school.grade()
    assert school.scores() == {"both": 9, "cheat": 7, "one": 7, "reads": 9, "torn": 7}
    assert {receipt.max_score for receipt in receipts.values()} == {9}
    assert [verdict.notebook for verdict in receipts["both"].verdicts] == ["more"] + ["warmup"] * 4
    assert receipts["one"].status == "damaged: more: not handed in"
    assert receipts["torn"].status.startswith("damaged: more: ")
    assert "not valid JSON" in receipts["torn"].status
    with school.gradebook() as gradebook:
        assert {s.student_id: s.score for s in gradebook.assignment_submissions("ps1")} == school.scores()
    assert sorted(school.judged) == sorted(receipts)


@pytest.mark.slow
def test_stock_nbgrader_exports_the_same_scores(graded_once):
    subprocess.run([sys.executable, "-m", "nbgrader", "export"], cwd=graded_once.root, check=True, capture_output=True)
    with (graded_once.root / "grades.csv").open() as file:
        exported = {
            row["student_id"]: float(row["score"]) for row in csv.DictReader(file) if row["assignment"] == "ps1"
        }
    assert exported == graded_once.scores()
    receipt = json.loads((graded_once.out / "receipts" / "bob.json").read_text())
    assert receipt["score"] == exported["bob"]
