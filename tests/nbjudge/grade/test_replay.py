"""Grading a submission again from its receipt: the same verdicts, or what differs and what has changed."""

import contextlib
import json
import shutil

import pytest
from click.testing import CliRunner
from tiny import DOUBLE, HALF_RIGHT, SQUARE, hand_in, tree

from nbjudge.cli import main
from nbjudge.grade.changes import Change
from nbjudge.grade.grade import grade_course
from nbjudge.grade.replay import replay_receipt
from nbjudge.pool.bench import Conditions

RIGHT = {"double": DOUBLE, "square": SQUARE}
# The seed decides whether it passes.
LUCKY = "import random\n\n\ndef double(x):\n    return 2 * x if random.random() < 0.5 else 0"


@pytest.fixture(scope="module")
def graded(published_tiny, bench, tmp_path_factory):
    folder = tmp_path_factory.mktemp("replayed")
    root = shutil.copytree(published_tiny, folder / "course")
    work = {"ada": RIGHT, "bob": {**RIGHT, "square": HALF_RIGHT}, "eve": b"{", "lucky": {**RIGHT, "double": LUCKY}}
    hand_in(root, root / "submitted", work)
    grade_course(root, "ps1", root / "submitted", root / "grades" / "ps1", Conditions(seed=2**64 - 2), bench=bench)
    return root


@pytest.fixture
def root(graded, tmp_path):
    return shutil.copytree(graded, tmp_path / "course")


def receipt(root, student):
    return root / "grades" / "ps1" / "receipts" / f"{student}.json"


@pytest.mark.parametrize("student", ["ada", "bob", "lucky"])
def test_the_same_submission_gives_the_same_verdicts_and_nothing_is_written(root, bench, student):
    before = tree(root)
    done = replay_receipt(receipt(root, student), bench=bench)
    assert done.same
    assert done.changed == ()
    assert done.new.score == done.old.score
    assert tree(root) == before
    assert next(done.lines()).startswith(f"{student}: all 4 verdicts are the same")


def test_a_receipt_says_where_the_submission_lies_and_holds_nothing_secret(root):
    text = receipt(root, "bob").read_text()
    content = json.loads(text)
    assert content["submissions"] == "submitted"
    assert str(root) not in text
    for secret in ("31337", "62674", "twice", "square(7)", "detail"):
        assert secret not in text
    assert set(content["hashes"]) == {"submission", "tests", "references", "environment", "grader"}


def test_the_tests_own_words_lie_where_only_staff_look(root):
    details = (root / "grades" / "ps1" / "details" / "lucky.txt").read_text()
    assert "test_double" in details
    assert not (root / "grades" / "ps1" / "details" / "ada.txt").exists()


def test_a_damaged_submission_is_found_damaged_again(root, bench):
    done = replay_receipt(receipt(root, "eve"), bench=bench)
    assert done.same
    assert done.new.status.startswith("damaged")


def change_test(root):
    path = root / "source" / "ps1" / "warmup.ipynb"
    path.write_text(path.read_text().replace("square(-5) == 25", "square(-5) == 24"))


def change_reference(root):
    (root / "autograder" / "ps1" / "reference.py").write_text("def twice(x):\n    return 2 * x + 1\n")


def change_submission(root):
    hand_in(root, root / "submitted", {"ada": {**RIGHT, "square": HALF_RIGHT}})


@pytest.mark.parametrize(
    ("change", "what", "differs"),
    [
        (change_test, "tests", Change("ada", "warmup", "test_square_signs", 3.0, 1.5)),
        (change_reference, "references", Change("ada", "warmup", "test_double", 2.0, 0.0)),
        (change_submission, "submission", Change("ada", "warmup", "test_square_signs", 3.0, 1.5)),
    ],
)
def test_what_differs_and_what_has_changed_are_said(root, bench, change, what, differs):
    change(root)
    done = replay_receipt(receipt(root, "ada"), bench=bench)
    assert done.changed == (what,)
    assert done.different == (differs,)
    assert list(done.lines()) == ["ada: 1 of 4 verdicts differ.", f"Changed since: {what}."]


def test_another_grader_and_another_environment_are_named(root, bench):
    path = receipt(root, "ada")
    content = json.loads(path.read_text())
    content["hashes"] |= {"grader": "0" * 64, "environment": "1" * 64}
    path.write_text(json.dumps(content))
    done = replay_receipt(path, bench=bench)
    assert done.same
    assert done.changed == ("environment", "grader")


@pytest.fixture
def verb(root, bench, monkeypatch):
    @contextlib.contextmanager
    def already_open(course, conditions, *masters):
        yield bench

    monkeypatch.setattr("nbjudge.grade.replay.open_bench", already_open)

    def run(student, *options):
        return CliRunner().invoke(main, ["replay", str(receipt(root, student)), *options])

    return run


def test_the_verb_ends_with_status_0_or_1_and_a_table_of_differences(root, verb):
    assert verb("ada").exit_code == 0
    change_test(root)
    done = verb("ada")
    assert done.exit_code == 1
    assert "test_square_signs" in done.stdout
    assert "Changed since: tests." in done.stdout


def remove_assignment(root):
    shutil.rmtree(root / "source" / "ps1")


def spoil(root):
    receipt(root, "ada").write_text("{}")


def unlimited(root):
    content = json.loads(receipt(root, "ada").read_text())
    del content["limits"]["cell"]
    receipt(root, "ada").write_text(json.dumps(content))


def unsafe(root):
    content = json.loads(receipt(root, "ada").read_text())
    receipt(root, "ada").write_text(json.dumps(content | {"isolation": "none"}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda root: shutil.rmtree(root / "submitted" / "ada"), "the submission of 'ada' is not there any more"),
        (lambda root: shutil.rmtree(root / "submitted"), "the submissions are not there any more"),
        (remove_assignment, "there is no assignment 'ps1'"),
        (lambda root: receipt(root, "ada").unlink(), "there is no such receipt"),
        (spoil, "this is not a receipt"),
        (unlimited, "does not say what limits there were"),
        (unsafe, "graded without a sandbox"),
        (lambda root: shutil.rmtree(root / "release"), "there is no release"),
    ],
)
def test_what_is_not_there_any_more_is_named_in_one_sentence(root, verb, change, says):
    change(root)
    done = verb("ada")
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert says in line


def test_a_receipt_outside_the_course_needs_the_course(root, verb, tmp_path):
    elsewhere = shutil.copy(receipt(root, "ada"), tmp_path / "kept.json")
    done = CliRunner().invoke(main, ["replay", str(elsewhere), "--course", str(root)])
    assert done.exit_code == 0, done.output
