"""nbgrader's autograding by the judge: the verdicts of `nbjudge grade`, and all that nbgrader itself keeps."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from by_nbgrader import REPOSITORY, autograde, autograded, configuration, formgrader, outputs
from masters import answer, check
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from tiny import DOUBLE, HALF_RIGHT, HIDDEN_NUMBER, SQUARE, hand_in, rows, write_course

from nbjudge.errors import NbjudgeError
from nbjudge.grade.grade import grade_course
from nbjudge.master.course import Course
from nbjudge.plugin.autograde import JudgedNotebook
from nbjudge.pool.bench import Conditions
from nbjudge.publish.release import build_release, publish

# nbgrader's own code warns: of SQLAlchemy's sessions, of times without a zone.
pytestmark = [pytest.mark.usefixtures("desk"), pytest.mark.filterwarnings("ignore")]

RIGHT = {"double": DOUBLE, "square": SQUARE, "why": "Its sign is lost."}
LIAR = (
    "class Yes(int):\n    def __eq__(self, other):\n        return True\n    __hash__ = int.__hash__\n    __ne__ = None"
)
WORK = {
    "right": RIGHT,
    "half": {**RIGHT, "square": HALF_RIGHT},
    "wrong": {**RIGHT, "square": "def square(x):\n    return x + x"},
    "blank": {},
    "hangs": {**RIGHT, "double": f"{DOUBLE}\nwhile True:\n    pass"},
    "dies": {**RIGHT, "double": f"import os\n{DOUBLE}\nos._exit(0)"},
    "liar": {**RIGHT, "double": f"{LIAR}\ndef double(x):\n    return Yes(0)"},
    "thief": {
        **RIGHT,
        "double": "import builtins, sys\nsys.modules['autograder'] = sys\nbuiltins.abs = builtins.len = lambda *x: 0\n"
        "def double(x):\n    import autograder.ps1.reference as r\n    return r.twice(x)",
    },
}
SECOND = (
    answer("def triple(x):\n    ### BEGIN SOLUTION\n    return 3 * x\n    ### END SOLUTION", "triple"),
    check("### BEGIN HIDDEN TESTS\nassert triple(2) == 6\n### END HIDDEN TESTS", "test_triple", 2),
)
QUICK = {"JudgedNotebook": {"timeout": 4}}


def scores(root):
    """All scores in nbgrader's gradebook, by student, notebook and cell."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {
            (one.student.id, book.name, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for one in gradebook.assignment_submissions("ps1")
            for book in one.notebooks
            for grade in book.grades
        }


@pytest.fixture(scope="module")
def by_button(published_tiny, desk, tmp_path_factory):
    """A class, each of whom formgrader's button has autograded; and what nbgrader answered."""
    root = Path(shutil.copytree(published_tiny, tmp_path_factory.mktemp("button") / "course"))
    hand_in(root, root / "submitted", WORK)
    return root, autograde(root, *WORK, settings=QUICK)


@pytest.fixture
def handed_in(tiny):
    hand_in(tiny, tiny / "submitted", {"ada": RIGHT})
    return tiny


def test_every_score_is_the_one_that_nbjudge_grade_gives(by_button, published_tiny, bench, tmp_path):
    root, answers = by_button
    assert {student: answer["success"] for student, answer in answers.items()} == dict.fromkeys(WORK, True)
    other = Path(shutil.copytree(published_tiny, tmp_path / "course"))
    hand_in(other, other / "submitted", WORK)
    limits = Conditions().limits
    conditions = Conditions(seed=8, limits=type(limits)(cell=4.0, call=2.0))
    receipts = grade_course(other, "ps1", other / "submitted", other / "grades" / "ps1", conditions, bench=bench)
    assert scores(root) == scores(other)
    found = {receipt.student: receipt.score for receipt in receipts}
    assert found["right"] == 7
    assert 4 < found["half"] < 7
    assert found["liar"] == found["thief"] == 4
    assert found["blank"] == 0


def test_the_same_receipts_and_pages_lie_beside_as_after_nbjudge_grade(by_button):
    root, _ = by_button
    names = sorted(WORK)
    assert sorted(path.stem for path in (root / "grades" / "ps1" / "receipts").iterdir()) == names
    assert sorted(path.stem for path in (root / "grades" / "ps1" / "feedback").iterdir()) == names
    assert list((root / "grades" / "ps1" / "held").iterdir()) == []


def test_formgrader_shows_answers_and_verdicts_and_no_hidden_test(by_button):
    root, _ = by_button
    document = autograded(root, "wrong")
    assert "x + x" in str(document)
    assert outputs(document, "test_square_seen")[0]["evalue"] == "This does not hold: assert square(3) == 9"
    for student in WORK:
        text = str(autograded(root, student))
        assert HIDDEN_NUMBER not in text
        assert "twice(x) and" not in text


def test_the_log_says_the_score_and_what_probably_went_wrong(by_button):
    _, answers = by_button
    assert "wrong: 3 of 7 points" in answers["wrong"]["log"]
    assert "wrong: You double instead of squaring." in answers["wrong"]["log"]


def test_nbgrader_takes_them_for_autograded_and_waits_for_a_person_where_one_is_needed(by_button):
    root, _ = by_button
    (listed,) = [one for one in formgrader(root).get_submissions("ps1") if one["student"] == "right"]
    assert (listed["autograded"], listed["needs_manual_grade"], listed["score"]) == (True, True, 7)


def test_points_and_comments_that_a_person_gave_outlive_an_autograding(handed_in):
    autograde(handed_in, "ada")
    where = ("warmup", "ps1", "ada")
    with Gradebook(f"sqlite:///{handed_in / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("why", *where).manual_score = 0.5
        gradebook.find_grade("test_square_signs", *where).extra_credit = 0.25
        gradebook.find_comment("why", *where).manual_comment = "Say more."
        gradebook.db.commit()
    hand_in(handed_in, handed_in / "submitted", {"ada": WORK["wrong"]})
    assert autograde(handed_in, "ada")["ada"]["success"]
    with Gradebook(f"sqlite:///{handed_in / 'gradebook.db'}") as gradebook:
        assert gradebook.find_grade("why", *where).score == 0.5
        assert gradebook.find_comment("why", *where).comment == "Say more."
        assert gradebook.find_grade("test_square_signs", *where).extra_credit == 0.25
        assert gradebook.find_submission("ps1", "ada").score == 3.75


def test_late_penalties_are_the_courses_own(handed_in):
    (handed_in / "submitted" / "ada" / "ps1" / "timestamp.txt").write_text("2030-02-01 12:00:00 UTC")
    with Gradebook(f"sqlite:///{handed_in / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate="2030-01-31 12:00:00 UTC")
    assert autograde(handed_in, "ada", settings={"LateSubmissionPlugin": {"penalty_method": "zero"}})["ada"]["success"]
    with Gradebook(f"sqlite:///{handed_in / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission("ps1", "ada")
        assert (found.score, found.late_submission_penalty, found.total_seconds_late) == (7, 7, 86400)


def test_a_damaged_notebook_is_an_error_with_a_sentence_and_the_others_go_on(tiny):
    hand_in(tiny, tiny / "submitted", {"ada": RIGHT, "bob": b"{not json", "cy": RIGHT})
    answers = autograde(tiny, "ada", "bob", "cy")
    assert [answers[one]["success"] for one in ("ada", "bob", "cy")] == [True, False, True]
    assert "bob: damaged: warmup: the notebook is not valid JSON" in answers["bob"]["log"]
    assert not (tiny / "autograded" / "bob" / "ps1").exists()


def test_a_notebook_under_a_copys_name_is_autograded(handed_in):
    path = handed_in / "submitted" / "ada" / "ps1" / "warmup.ipynb"
    path.rename(path.with_name("warmup (1).ipynb"))
    answers = autograde(handed_in, "ada")
    assert answers["ada"]["success"], answers
    assert scores(handed_in)["ada", "warmup", "test_double"] == (2, False)
    assert "return x * x" in str(autograded(handed_in, "ada"))


def test_a_notebook_that_was_not_handed_in_has_no_points_and_the_other_has_its_own(tmp_path):
    root = write_course(tmp_path / "course", second=SECOND)
    found = Course.find(root)
    publish(found, build_release(found, "ps1", tmp_path / "staging"))
    hand_in(root, root / "submitted", {"ada": RIGHT})
    assert autograde(root, "ada")["ada"]["success"]
    assert scores(root)["ada", "more", "test_triple"] == (0, False)
    assert scores(root)["ada", "warmup", "test_double"] == (2, False)
    assert not (root / "autograded" / "ada" / "ps1" / "more.ipynb").exists()


def test_files_beside_the_notebook_lie_beside_it_again(handed_in):
    extra = handed_in / "submitted" / "ada" / "ps1" / "data" / "a.csv"
    extra.parent.mkdir()
    extra.write_text("1,2")
    assert autograde(handed_in, "ada")["ada"]["success"]
    assert (handed_in / "autograded" / "ada" / "ps1" / "data" / "a.csv").read_text() == "1,2"


def test_a_changed_test_counts_the_next_time_though_the_process_is_the_same(handed_in):
    autograde(handed_in, "ada")
    master = handed_in / "source" / "ps1" / "warmup.ipynb"
    master.write_text(master.read_text().replace("square(-5) == 25", "square(-5) == 24"))
    autograde(handed_in, "ada")
    assert scores(handed_in)["ada", "warmup", "test_square_signs"] == (1.5, False)


def test_without_a_sandbox_it_says_so_and_records_nothing(handed_in, monkeypatch):
    def none(*_):
        raise NbjudgeError("no sandbox here", fix="Run nbjudge doctor.")

    monkeypatch.setattr("nbjudge.plugin.press.open_bench", none)
    monkeypatch.setattr("nbjudge.plugin.press._desks", {})
    answer = autograde(handed_in, "ada")["ada"]
    assert not answer["success"]
    assert "no sandbox here. Run nbjudge doctor." in answer["log"]
    assert not (handed_in / "grades" / "ps1" / "receipts" / "ada.json").exists()
    assert {score for score, _ in scores(handed_in).values()} <= {None}


def test_an_assignment_that_was_never_built_is_refused_with_what_to_do(handed_in):
    shutil.rmtree(handed_in / "release")
    answer = autograde(handed_in, "ada")["ada"]
    assert not answer["success"]
    assert "nbjudge build" in answer["log"]


def test_it_is_refused_where_nothing_is_autograded(handed_in):
    converter = GenerateAssignment(coursedir=formgrader(handed_in).coursedir)
    exporter = JudgedNotebook(parent=converter)
    place = {"nbgrader": {"assignment": "ps1", "student": ".", "notebook": "warmup"}}
    with pytest.raises(NbjudgeError, match="autograding only"):
        exporter.from_filename("warmup.ipynb", place)


def test_settings_are_checked(handed_in):
    answer = autograde(handed_in, "ada", settings={"JudgedNotebook": {"timeout": 0}})["ada"]
    assert not answer["success"]


@pytest.mark.slow
def test_the_command_line_autogrades_a_class_and_exports_it(tiny, tmp_path):
    """With a sandbox of its own, and nothing of it left afterwards."""
    hand_in(tiny, tiny / "submitted", {"ada": RIGHT, "bob": b"{not json", "cy": WORK["wrong"]})
    (tiny / "nbgrader_config.py").write_text((REPOSITORY / "nbgrader_config.py").read_text())

    def nbgrader(*words):
        command = [sys.executable, "-m", "nbgrader", *words]
        return subprocess.run(command, cwd=tiny, capture_output=True, text=True, timeout=500, check=False)

    done = nbgrader("autograde", "ps1")
    assert done.returncode != 0, "one of them could not be read"
    assert "bob: damaged: warmup: the notebook is not valid JSON" in done.stderr
    assert nbgrader("export", f"--to={tmp_path / 'all.csv'}").returncode == 0
    exported = {row["student_id"]: float(row["score"]) for row in rows(tmp_path / "all.csv")}
    assert exported == {"ada": 7, "bob": 0, "cy": 3}
    again = nbgrader("autograde", "ps1")
    assert "Skipping existing assignment" in again.stderr


def test_the_repositorys_configuration_is_what_is_tested():
    config = configuration(Path("/nowhere"))
    assert config.Autograde.exporter_class == "nbjudge.plugin.autograde.JudgedNotebook"
    assert config.GenerateFeedback.exporter_class == "nbjudge.plugin.feedback.FeedbackPage"
