import copy
import csv
import os
import shutil
import sys
from datetime import datetime
from pathlib import Path

import pytest
from masters import course
from nbformat.v4 import new_output
from nbgrader.api import get_alembic_version
from nbgrader.plugins.export import CsvExportPlugin
from nbgrader.preprocessors import SaveAutoGrades
from sqlalchemy import create_engine, text

from nbjudge.errors import GradebookError, SubmissionError
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.master.course import Course
from nbjudge.publish.release import build_release, publish
from nbjudge.record.gradebook import Graded, open_gradebook, record, record_all
from nbjudge.record.tables import create_gradebook


def verdict(points=2.0, outcome=Outcome.PASSED, max_points=2.0, test="test_double"):
    return Verdict("doubling", "double", test, points, max_points, outcome)


@pytest.fixture(scope="module")
def master_copy(tmp_path_factory):
    """One published course for all tests of this file; each works on a copy."""
    folder = tmp_path_factory.mktemp("master")
    found = Course.find(course(folder / "course"))
    built = build_release(found, "ps1", folder / "staging")
    publish(found, built)
    return found.root, built.documents


@pytest.fixture
def published(master_copy, tmp_path):
    """A published course and what a student hands in, everything still unanswered."""
    root, documents = master_copy
    shutil.copytree(root, tmp_path / "course")
    return Course.find(tmp_path / "course"), copy.deepcopy(documents)


def answered(documents):
    documents["doubling"].cells[3].source = "Because."
    return documents


def grades(found, student):
    with open_gradebook(found) as gradebook:
        (notebook,) = gradebook.find_submission("ps1", student).notebooks
        return {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades}


def exported(found, tmp_path):
    with open_gradebook(found) as gradebook:
        CsvExportPlugin(to=str(tmp_path / "out.csv")).export(gradebook)
    return {row["student_id"]: row for row in csv.DictReader((tmp_path / "out.csv").read_text().splitlines())}


def test_scores_are_exported_and_manual_cells_need_grading(published, tmp_path):
    found, documents = published
    record(found, "ps1", "ada", [verdict()], answered(documents), "2030-01-02 03:04:05 UTC")
    row = exported(found, tmp_path)["ada"]
    assert (row["score"], row["max_score"], row["timestamp"]) == ("2.0", "6.0", "2030-01-02 03:04:05")
    assert grades(found, "ada") == {"test_double": (2, False), "why": (None, True), "draw": (None, True)}
    with open_gradebook(found) as gradebook:
        assert gradebook.find_submission("ps1", "ada").needs_manual_grade


def test_an_unchanged_answer_earns_zero_and_says_so(published):
    found, documents = published
    record(found, "ps1", "ada", [verdict(0, Outcome.FAILED)], documents)
    assert grades(found, "ada") == {"test_double": (0, False), "why": (0, False), "draw": (None, True)}
    with open_gradebook(found) as gradebook:
        comments = gradebook.find_submission_notebook("doubling", "ps1", "ada").comments
        assert {comment.name: comment.auto_comment for comment in comments} == {
            "double": "No response.",
            "why": "No response.",
            "draw": None,
        }


def test_answers_named_unanswered_earn_zero(published):
    found, documents = published
    record(found, "ps1", "ada", [verdict()], answered(documents), unanswered={("doubling", "why")})
    assert grades(found, "ada")["why"] == (0, False)


def test_what_was_not_judged_is_no_zero(published):
    found, documents = published
    record(found, "ps1", "ada", [verdict(0, Outcome.NOT_JUDGED)], documents)
    record(found, "ps1", "bob", [], documents)
    assert grades(found, "ada")["test_double"] == grades(found, "bob")["test_double"] == (None, True)


def test_a_missing_notebook_earns_zero_unless_it_could_not_be_judged(published):
    found, _ = published
    record(found, "ps1", "ada", [], {})
    record(found, "ps1", "bob", [verdict(0, Outcome.NOT_JUDGED)], {})
    assert set(grades(found, "ada").values()) == {(0, False)}
    assert grades(found, "bob")["test_double"] == (None, True)


def test_a_second_record_keeps_what_a_person_gave(published):
    found, documents = published
    record(found, "ps1", "ada", [verdict(0, Outcome.FAILED)], answered(documents))
    with open_gradebook(found) as gradebook:
        grade = gradebook.find_grade("why", "doubling", "ps1", "ada")
        grade.manual_score, grade.needs_manual_grade, grade.extra_credit = 0.75, False, 0.25
        gradebook.find_comment("why", "doubling", "ps1", "ada").manual_comment = "Good."
        gradebook.db.commit()
    record(found, "ps1", "ada", [verdict()], answered(documents))
    with open_gradebook(found) as gradebook:
        grade = gradebook.find_grade("why", "doubling", "ps1", "ada")
        assert (grade.manual_score, grade.score, grade.needs_manual_grade) == (0.75, 1.0, True)
        assert gradebook.find_comment("why", "doubling", "ps1", "ada").comment == "Good."
        assert gradebook.find_submission("ps1", "ada").score == 3


def test_notebooks_and_time_lie_where_formgrader_looks(published):
    found, documents = published
    folder = found.root / "autograded" / "ada" / "ps1"
    folder.mkdir(parents=True)
    (folder / "stale.ipynb").touch()
    record(found, "ps1", "ada", [verdict()], documents, datetime(2030, 1, 2, 3, 4, 5))
    assert sorted(path.name for path in folder.iterdir()) == ["doubling.ipynb", "timestamp.txt"]
    assert (folder / "timestamp.txt").read_text() == "2030-01-02 03:04:05.000000 UTC"
    with open_gradebook(found) as gradebook:
        assert found.directory.get_existing_timestamp(str(folder)) == gradebook.find_submission("ps1", "ada").timestamp


def test_late_work_is_penalised_as_the_course_configures(tmp_path):
    root = course(tmp_path / "course")
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    found = Course.find(root)
    built = build_release(found, "ps1", tmp_path / "staging")
    publish(found, built)
    with open_gradebook(found) as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate=datetime(2030, 1, 1))
    record(found, "ps1", "late", [verdict()], built.documents, "2030-01-02 00:00:00 UTC")
    record(found, "ps1", "early", [verdict()], built.documents, "2029-12-31 00:00:00 UTC")
    with open_gradebook(found) as gradebook:
        assert gradebook.find_submission("ps1", "late").late_submission_penalty == 2
        assert gradebook.find_submission("ps1", "early").late_submission_penalty == 0
    record(found, "ps1", "late", [verdict()], built.documents, "2029-12-31 00:00:00 UTC")
    with open_gradebook(found) as gradebook:
        assert gradebook.find_submission("ps1", "late").late_submission_penalty == 0


@pytest.mark.parametrize(
    "name",
    ["", "a/b", "..", ".hidden", "a\\b", "a\0b", "a\nb", "x" * 129, "é" * 101, "a*", " a", "a ", "\udcff"],
)
def test_a_hostile_name_is_refused_and_nothing_is_written(published, name):
    found, documents = published
    with pytest.raises(SubmissionError, match="cannot be a student's name"):
        record(found, "ps1", name, [verdict()], documents)
    assert not (found.root / "autograded").exists()


@pytest.mark.parametrize("name", ["ada", "o'brien", "josé", "a..b", "s1234567", "ada.lovelace@uni.edu"])
def test_ordinary_names_are_welcome(published, name):
    found, documents = published
    record(found, "ps1", name, [verdict()], documents)
    assert grades(found, name)["test_double"] == (2, False)


@pytest.mark.parametrize(
    ("verdicts", "what"),
    [
        ([verdict(test="test_other")], "has no test 'test_other'"),
        ([verdict(max_points=3.0)], "judged with 3 points and recorded with 2"),
    ],
)
def test_verdicts_that_do_not_fit_the_gradebook_are_refused_whole(published, verdicts, what):
    found, documents = published
    with pytest.raises(GradebookError, match=what):
        record(found, "ps1", "ada", verdicts, documents)
    with open_gradebook(found) as gradebook:
        assert gradebook.students == []
    assert not (found.root / "autograded").exists()


def test_an_assignment_that_was_never_built_is_named(tmp_path):
    found = Course.find(course(tmp_path))
    with pytest.raises(GradebookError, match="Run `nbjudge build ps1` first"):
        record(found, "ps1", "ada", [verdict()], {})


def test_a_time_that_is_none_is_refused(published):
    found, documents = published
    with pytest.raises(SubmissionError, match="'yesterday-ish' is no time"):
        record(found, "ps1", "ada", [verdict()], documents, "yesterday-ish")


def test_a_gradebook_that_is_no_database_is_named(tmp_path):
    found = Course.find(course(tmp_path))
    (tmp_path / "gradebook.db").write_text("not a database, but long enough to be taken for one\n" * 20)
    with pytest.raises(GradebookError, match="cannot be used"):
        record(found, "ps1", "ada", [verdict()], {})


@pytest.mark.slow
def test_an_empty_gradebook_carries_the_version_that_nbgrader_gives_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    url = f"sqlite:///{tmp_path}/gradebook.db"
    create_gradebook(url)
    create_gradebook(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [
            get_alembic_version()
        ]
    engine.dispose()


def rows(found, student):
    """All that the gradebook keeps of a student's notebook, but for the keys."""
    with open_gradebook(found) as gradebook:
        notebook = gradebook.find_submission_notebook("doubling", "ps1", student)
        graded = {
            (grade.name, grade.auto_score, grade.manual_score, grade.score, grade.needs_manual_grade)
            for grade in notebook.grades
        }
        return graded | {(comment.name, comment.auto_comment) for comment in notebook.comments}


# nbgrader's own way to add a submission makes SQLAlchemy warn.
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize("change", [answered, dict], ids=["answered", "unanswered"])
@pytest.mark.parametrize("output", [None, "error", "0.5"])
def test_the_rows_are_those_that_nbgraders_own_autograder_writes(published, change, output):
    found, documents = published
    documents = change(documents)
    given = {None: 2.0, "error": 0.0, "0.5": 0.5}[output]
    outcome = Outcome.PASSED if output is None else Outcome.FAILED
    record(found, "ps1", "ours", [verdict(given, outcome)], documents)
    executed = documents["doubling"]
    if output == "error":
        executed.cells[2].outputs = [new_output("error", ename="E", evalue="", traceback=[])]
    elif output:
        executed.cells[2].outputs = [new_output("execute_result", {"text/plain": output})]
    with open_gradebook(found) as gradebook:
        gradebook.add_student("theirs")
        gradebook.add_submission("ps1", "theirs")
    about = {"notebook": "doubling", "assignment": "ps1", "student": "theirs", "db_url": found.gradebook_url}
    SaveAutoGrades().preprocess(executed, {"nbgrader": about})
    assert rows(found, "ours") == rows(found, "theirs")


def test_a_plugin_for_late_work_may_lie_in_the_courses_folder(tmp_path):
    root = course(tmp_path)
    plugin = "    def late_submission_penalty(self, student, score, late):\n        return 0.25 if late > 0 else None\n"
    (root / "lateness.py").write_text(
        "from nbgrader.plugins import BasePlugin\n\n\nclass Quarter(BasePlugin):\n" + plugin
    )
    path = root / "nbgrader_config.py"
    path.write_text("c = get_config()\nc.AssignLatePenalties.plugin_class = 'lateness.Quarter'\n")
    found = Course.find(root)
    built = build_release(found, "ps1", tmp_path / "staging")
    publish(found, built)
    with open_gradebook(found) as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate="2030-01-01 00:00:00 UTC")
    record(found, "ps1", "late", [verdict()], built.documents, "2030-01-02 00:00:00 UTC")
    with open_gradebook(found) as gradebook:
        assert gradebook.find_submission("ps1", "late").late_submission_penalty == 0.25


def test_other_files_lie_beside_the_notebooks_and_those_of_an_earlier_time_go(published):
    found, documents = published
    folder = found.root / "autograded" / "ada" / "ps1"
    record(found, "ps1", "ada", [verdict()], documents, files={"data/a.csv": b"1", "old/b.csv": b"2"})
    assert (folder / "data" / "a.csv").read_bytes() == b"1"
    record(found, "ps1", "ada", [verdict()], documents, files={"data/a.csv": b"3"})
    assert (folder / "data" / "a.csv").read_bytes() == b"3"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == [
        "data",
        "data/a.csv",
        "doubling.ipynb",
    ]


def test_many_submissions_are_one_transaction_and_a_refused_one_costs_only_itself(published):
    found, documents = published
    work = [
        Graded("ada", [verdict()], lambda: documents),
        Graded("a/b", [verdict()], lambda: documents),
        Graded("bob", [verdict(test="test_other")], lambda: documents),
        Graded("cy", [verdict()], lambda: documents, "yesterday-ish"),
        Graded("dan", [verdict(1.0, Outcome.FAILED)], lambda: documents),
    ]
    with open_gradebook(found) as gradebook:
        refused = record_all(found, "ps1", work, gradebook)
        assert {name: type(error) for name, error in refused.items()} == {
            "a/b": SubmissionError,
            "bob": GradebookError,
            "cy": SubmissionError,
        }
        assert [student.id for student in gradebook.students] == ["ada", "dan"]
    assert grades(found, "ada")["test_double"] == (2, False)
    assert grades(found, "dan")["test_double"] == (1, False)
