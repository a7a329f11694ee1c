"""After a test or a reference changed: what is graded again, what is shown before a score changes, what stays."""

import ast
import contextlib
import shutil
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from masters import answer, check
from nbgrader.api import Gradebook
from tiny import DOUBLE, HALF_RIGHT, SQUARE, filled, hand_in, released, rows, tree, write_course

import nbjudge
from nbjudge.cli import main
from nbjudge.errors import NbjudgeError
from nbjudge.grade import basis
from nbjudge.grade.changes import Change
from nbjudge.grade.grade import grade_course
from nbjudge.master.course import Course
from nbjudge.pool.bench import Conditions
from nbjudge.publish.release import build_release, publish
from nbjudge.record.environment import hash_code

RIGHT = {"double": DOUBLE, "square": SQUARE, "why": "Its sign is lost."}
HALF = {**RIGHT, "square": HALF_RIGHT}
TRIPLE = "def triple(x):\n    return 3 * x"
SECOND = (
    answer("def triple(x):\n    ### BEGIN SOLUTION\n    return 3 * x\n    ### END SOLUTION", "triple"),
    check("### BEGIN HIDDEN TESTS\nassert triple(2) == 6\n### END HIDDEN TESTS", "test_triple", 2),
)


class Judging:
    """A bench that notes which notebooks it judges."""

    def __init__(self, bench):
        self.sandbox, self.pool, self._pool = bench.sandbox, self, bench.pool
        self.judged = []

    def judge(self, tasks):
        for judgement in self._pool.judge(tasks):
            self.judged.append((judgement.student, judgement.notebook))
            yield judgement


@pytest.fixture(scope="module")
def graded(published_tiny, bench, tmp_path_factory):
    """A course of one notebook, graded once."""
    folder = tmp_path_factory.mktemp("graded")
    root = shutil.copytree(published_tiny, folder / "course")
    hand_in(root, root / "submitted", {"ada": RIGHT, "bob": HALF})
    grade_course(root, "ps1", root / "submitted", root / "grades" / "ps1", Conditions(seed=4), bench=bench)
    return root


@pytest.fixture
def root(graded, tmp_path):
    return shutil.copytree(graded, tmp_path / "course")


def rewrite(root, old, new, name="warmup"):
    """Change a hidden part of a test; the release stays as it is."""
    path = root / "source" / "ps1" / f"{name}.ipynb"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def stricter(root):
    """One point and a half less for whoever squares only in part."""
    rewrite(root, "square(-5) == 25", "square(-5) == 24")


def again(root, bench, confirm=None):
    judging = Judging(bench)
    out = root / "grades" / "ps1"
    receipts = grade_course(root, "ps1", root / "submitted", out, Conditions(seed=4), bench=judging, confirm=confirm)
    return {receipt.student: receipt for receipt in receipts}, sorted(set(judging.judged))


def scores(root):
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {one.student.id: one.score for one in gradebook.assignment_submissions("ps1")}


def refuse(found):
    return False


def test_a_changed_test_is_shown_per_student_and_test_before_anything_is_recorded(root, bench):
    stricter(root)
    shown = []

    def confirm(found):
        shown.extend(found)
        assert scores(root) == {"ada": 7, "bob": 5.5}
        return True

    receipts, _ = again(root, bench, confirm)
    assert shown == [Change("ada", "warmup", "test_square_signs", 3.0, 1.5)]
    assert scores(root) == {"ada": 5.5, "bob": 5.5}
    assert receipts["ada"].score == 5.5


def test_what_is_not_confirmed_changes_nothing_and_is_not_judged_twice(root, bench):
    stricter(root)
    before = tree(root / "autograded", root / "grades" / "ps1" / "receipts", root / "grades" / "ps1" / "feedback")
    results = (root / "grades" / "ps1" / "results.csv").read_bytes()
    with pytest.raises(NbjudgeError, match="1 changed scores were not confirmed, so nothing was recorded"):
        again(root, bench, refuse)
    assert (
        tree(root / "autograded", root / "grades" / "ps1" / "receipts", root / "grades" / "ps1" / "feedback") == before
    )
    assert (root / "grades" / "ps1" / "results.csv").read_bytes() == results
    assert scores(root) == {"ada": 7, "bob": 5.5}

    _, judged = again(root, bench, lambda found: True)
    assert judged == []
    assert scores(root) == {"ada": 5.5, "bob": 5.5}
    assert list((root / "grades" / "ps1" / "held").iterdir()) == []


def test_nobody_is_asked_when_no_score_changes(root, bench):
    with (root / "autograder" / "ps1" / "reference.py").open("a") as file:
        file.write("\n# A remark.\n")
    receipts, judged = again(root, bench, refuse)
    assert {("ada", "warmup"), ("bob", "warmup")} <= set(judged)
    assert {name: one.score for name, one in receipts.items()} == {"ada": 7, "bob": 5.5}


def test_new_work_is_recorded_without_a_question(root, bench):
    hand_in(root, root / "submitted", {"bob": RIGHT, "cy": RIGHT})
    _, judged = again(root, bench, refuse)
    assert [student for student, _ in judged] == ["bob", "cy"]
    assert scores(root) == {"ada": 7, "bob": 7, "cy": 7}


def test_a_regrade_of_some_keeps_the_new_work_of_others_waiting_too(root, bench):
    stricter(root)
    hand_in(root, root / "submitted", {"cy": RIGHT})
    with pytest.raises(NbjudgeError, match="not confirmed"):
        again(root, bench, refuse)
    assert scores(root) == {"ada": 7, "bob": 5.5}
    again(root, bench)
    assert scores(root) == {"ada": 5.5, "bob": 5.5, "cy": 5.5}


def test_a_changed_mistake_gives_its_new_sentence_to_those_who_lost_points_and_asks_nobody(root, bench):
    hand_in(root, root / "submitted", {"cy": {**RIGHT, "double": "def double(x):\n    return x + 2"}})
    receipts, _ = again(root, bench)
    assert receipts["cy"].diagnosis == {"double": "You add two instead of doubling."}
    mistakes = root / "autograder" / "ps1" / "mistakes" / "double.py"
    mistakes.write_text(mistakes.read_text().replace("You add two", "You always add two"))
    receipts, judged = again(root, bench, refuse)
    assert {student for student, _ in judged if "/" not in student} == {"cy"}
    assert receipts["cy"].diagnosis == {"double": "You always add two instead of doubling."}
    assert "You always add two" in (root / "grades" / "ps1" / "feedback" / "cy.html").read_text()
    _, judged = again(root, bench, refuse)
    assert judged == []

    mistakes.unlink()
    receipts, judged = again(root, bench, refuse)
    assert judged == [("cy", "warmup")]
    assert receipts["cy"].diagnosis == {}


def test_every_module_that_a_verdict_comes_from_is_hashed(root):
    package = Path(nbjudge.__file__).parent
    hashed = {path for folder in basis._GRADER for path in (package / folder).rglob("*.py")}
    found, waiting = set(), list(hashed)
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop().read_text())):
            module = node.module if isinstance(node, ast.ImportFrom) else ""
            names = [f"{module}.{alias.name}" for alias in node.names] if module else []
            for name in [module, *names]:
                path = package.parent / f"{(name or '').replace('.', '/')}.py"
                if path.is_file() and path not in found:
                    found.add(path)
                    waiting.append(path)
    assert {path.relative_to(package).as_posix() for path in found - hashed} <= {"errors.py", "lean.py"}
    assert {"judge/judge.py", "pool/worker.py", "sandbox/zygote.py", "border/agent.py", "submission/repair.py"} <= {
        path.relative_to(package).as_posix() for path in hashed
    }


def test_a_change_of_what_only_reports_is_no_reason_to_judge_again(tmp_path, monkeypatch):
    package = tmp_path / "grading_rules"
    for name in ("judge", "record"):
        (package / name).mkdir(parents=True)
        (package / name / "part.py").write_text("generous = True\n")
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)

    def hashed():
        return hash_code.__wrapped__("grading_rules", ("judge",))

    before = hashed()
    (package / "record" / "part.py").write_text("generous = False\n")
    assert hashed() == before
    (package / "judge" / "part.py").write_text("generous = False\n")
    assert hashed() != before


def test_a_score_that_somebody_else_wrote_is_shown_too(root, bench):
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("test_double", "warmup", "ps1", "ada").auto_score = 0
        gradebook.db.commit()
    shown = []
    again(root, bench, lambda found: shown.extend(found) or True)
    assert shown == [Change("ada", "warmup", "test_double", 0.0, 2.0)]


def test_grades_of_another_folder_are_compared_with_what_the_gradebook_has(root, bench):
    stricter(root)
    shutil.rmtree(root / "grades")
    with pytest.raises(NbjudgeError, match="not confirmed"):
        again(root, bench, refuse)
    assert scores(root) == {"ada": 7, "bob": 5.5}


def test_points_and_comments_that_a_person_gave_are_kept(root, bench):
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("why", "warmup", "ps1", "ada").manual_score = 0.5
        gradebook.find_grade("test_square_signs", "warmup", "ps1", "ada").manual_score = 2.75
        gradebook.find_grade("test_square_signs", "warmup", "ps1", "ada").extra_credit = 0.25
        gradebook.find_comment("why", "warmup", "ps1", "ada").manual_comment = "Well said."
        gradebook.db.commit()
    stricter(root)
    again(root, bench)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("test_square_signs", "warmup", "ps1", "ada")
        assert (grade.auto_score, grade.manual_score, grade.score) == (1.5, 2.75, 3.0)
        assert gradebook.find_grade("why", "warmup", "ps1", "ada").score == 0.5
        assert gradebook.find_comment("why", "warmup", "ps1", "ada").comment == "Well said."


@pytest.fixture
def two(tmp_path, bench):
    """A course whose assignment has two notebooks, graded once."""
    root = write_course(tmp_path / "course", second=SECOND)
    found = Course.find(root)
    publish(found, build_release(found, "ps1", tmp_path / "staging"))
    hand_in(root, root / "submitted", {"ada": RIGHT, "bob": {**RIGHT, "double": "def double(x):\n    return x + 2"}})
    for student, source in (("ada", TRIPLE), ("bob", "def triple(x):\n    return 7")):
        document = filled(released(root, "more"), {"triple": source})
        nbformat.write(document, root / "submitted" / student / "ps1" / "more.ipynb")
    _, judged = again(root, bench)
    assert {("ada", "more"), ("ada", "warmup"), ("bob", "more"), ("bob", "warmup")} <= set(judged)
    return root


def test_only_the_notebook_whose_test_changed_is_judged_again(two, bench):
    (two / "submitted" / "ada" / "ps1" / "data.csv").write_text("1")
    shutil.copy(two / "submitted" / "ada" / "ps1" / "data.csv", two / "submitted" / "bob" / "ps1")
    again(two, bench)
    rewrite(two, "triple(2) == 6", "triple(3) == 7", "more")
    shown = []
    receipts, judged = again(two, bench, lambda found: shown.extend(found) or True)
    assert [pair for pair in judged if pair[0] in receipts] == [("ada", "more"), ("bob", "more")]
    assert shown == [Change("ada", "more", "test_triple", 2.0, 0.0), Change("bob", "more", "test_triple", 0.0, 2.0)]
    assert receipts["ada"].score == 7
    assert receipts["bob"].diagnosis == {"double": "You add two instead of doubling."}
    folder = two / "autograded" / "bob" / "ps1"
    assert sorted(path.name for path in folder.iterdir()) == ["data.csv", "more.ipynb", "warmup.ipynb"]
    executed = nbformat.read(folder / "warmup.ipynb", as_version=4)
    assert "return x + 2" in "".join(cell.source for cell in executed.cells)


@pytest.fixture
def verb(root, bench, monkeypatch):
    @contextlib.contextmanager
    def already_open(course, conditions, *masters):
        yield bench

    monkeypatch.setattr("nbjudge.grade.grade.open_bench", already_open)

    def run(*options, **streams):
        words = ["grade", "ps1", root / "submitted", "--course", root, "--seed", "4", *options]
        return CliRunner().invoke(main, [str(word) for word in words], **streams)

    return run


def test_without_a_terminal_and_without_yes_nothing_is_recorded(root, verb):
    verb("--yes")
    stricter(root)
    done = verb()
    assert done.exit_code == 2
    assert "test_square_signs" in done.stdout
    (sentence,) = done.stderr.strip().splitlines()[-1:]
    assert "1 changed scores were not confirmed" in sentence
    assert "--yes" in sentence
    assert scores(root) == {"ada": 7, "bob": 5.5}

    assert verb("--yes").exit_code == 0
    assert scores(root) == {"ada": 5.5, "bob": 5.5}
    assert [row["score"] for row in rows(root / "grades" / "ps1" / "summary.csv")] == ["5.5", "5.5"]


@pytest.mark.parametrize(("typed", "status", "ada"), [("y\n", 0, 5.5), ("n\n", 2, 7), ("\n", 2, 7)])
def test_on_a_terminal_a_person_is_asked(root, verb, monkeypatch, typed, status, ada):
    verb("--yes")
    stricter(root)
    monkeypatch.setattr("nbjudge.cli._has_terminal", lambda: True)
    done = verb(input=typed)
    assert done.exit_code == status
    assert "Record these 1 changes?" in done.stdout
    assert scores(root)["ada"] == ada
