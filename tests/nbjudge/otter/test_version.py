import json
import subprocess
import sys

import nbformat
import pytest
from golden import write_golden_course
from masters import answer, check, plain, question
from tiny import ASSIGNMENT, NOTEBOOK, tree

from nbjudge.errors import CourseError
from nbjudge.otter import assign, version
from nbjudge.otter.version import bundle_folder, check_student, student_folder, write_version
from nbjudge.pool.prepare import read_release, references


def student(course):
    return nbformat.read(student_folder(course, ASSIGNMENT) / f"{NOTEBOOK}.ipynb", as_version=4)


def test_nothing_secret_shows_in_the_students_version(converted):
    text = json.dumps(nbformat.from_dict(student(converted)), ensure_ascii=False)
    for secret in (
        "31337",
        "twice(",
        "return 2 * x",
        "0.25",
        "rate < 1",
        "sum with itself",
        "origin",
        "autograder.ps1",
    ):
        assert secret not in text


def test_staff_get_every_test_and_the_source(converted):
    folder = bundle_folder(converted, ASSIGNMENT) / NOTEBOOK
    names = ["test-double-unseen.py", "test_double.py", "test_double_text.py", "test_settings.py"]
    assert sorted(path.name for path in (folder / "tests").iterdir()) == names
    assert "31337" in (folder / "tests" / "test_double.py").read_text()


def test_the_checks_work_where_there_is_neither_network_nor_course(converted, tmp_path):
    """What a student does: answer, run all, read. Out of the reach of any server, in an ordinary kernel."""
    document = student(converted)
    (cell,) = (cell for cell in document.cells if cell.id == "cell-2")
    cell.source = "def double(x):\n    return x + x if x != 1 else 3"
    code = [cell.source for cell in document.cells if cell.cell_type == "code" and "NotImplemented" not in cell.source]
    nbformat.write(document, tmp_path / f"{NOTEBOOK}.ipynb")
    deaf = (
        "import socket\ndef refuse(*_): raise AssertionError('the network was used')\nsocket.socket.connect = refuse\n"
    )
    shown = [f"print({line})" if line.startswith("grader.check(") else line for line in code if ".export(" not in line]
    done = subprocess.run(
        [sys.executable, "-c", deaf + "\n".join(shown)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "double(1) should be 2 — “zwei”" in done.stdout
    assert "test_double_text results: All test cases passed!" in done.stdout


def test_a_second_build_changes_nothing_and_says_so(own):
    before = tree(own.root / "otter", own.root / "autograder")
    assert write_version(own, ASSIGNMENT) == "ps1: Otter's version is unchanged."
    assert write_version(own, ASSIGNMENT, force=True) == "ps1: Otter's version is written."
    assert tree(own.root / "otter", own.root / "autograder") == before


def test_a_lost_file_is_written_again(own):
    path = student_folder(own, ASSIGNMENT) / f"{NOTEBOOK}.ipynb"
    text = path.read_bytes()
    path.unlink()
    assert write_version(own, ASSIGNMENT).endswith("is written.")
    assert path.read_bytes() == text


def test_what_was_generated_for_otter_is_nothing_that_staff_wrote(converted):
    assert not [name for name in references(converted, ASSIGNMENT) if "otter" in name]


@pytest.mark.parametrize(("found", "why"), [(None, "is not installed"), ("5.7.1", "5.7.1 is installed")])
def test_without_a_fitting_otter_a_sentence_says_what_is_left_out(own, monkeypatch, found, why):
    before = tree(own.root / "otter", own.root / "autograder")
    monkeypatch.setattr(version, "installed_version", lambda: found)
    said = write_version(own, ASSIGNMENT)
    assert said.startswith("ps1: Otter's version was not written: ")
    assert why in said
    assert "\n" not in said
    assert tree(own.root / "otter", own.root / "autograder") == before


def test_only_questions_for_people_make_a_version_without_tests(tmp_path):
    course = write_golden_course(tmp_path / "course", (plain("# Words", "markdown"), question("Because.")))
    assert write_version(course, ASSIGNMENT).endswith("is written.")
    assert "is read by a person" in json.dumps(student(course))
    assert not list((bundle_folder(course, ASSIGNMENT) / NOTEBOOK / "tests").iterdir())


def test_an_answer_without_a_solution_is_left_as_it_is(tmp_path):
    course = write_golden_course(
        tmp_path / "course", (answer("### BEGIN SOLUTION\n### END SOLUTION"), check("assert 1"))
    )
    assert write_version(course, ASSIGNMENT).endswith("is written.")
    (cell,) = (cell for cell in student(course).cells if cell.id == "cell-0")
    assert cell.source == "# YOUR CODE HERE\nraise NotImplementedError()"


def test_what_otter_cannot_take_is_refused_and_the_old_version_stays(own):
    path = own.source(ASSIGNMENT) / f"{NOTEBOOK}.ipynb"
    document = nbformat.read(path, as_version=4)
    document.cells[1].source += "\ngrader = 1"
    nbformat.write(document, path)
    before = tree(own.root / "otter", own.root / "autograder")
    with pytest.raises(CourseError, match="it binds 'grader'"):
        write_version(own, ASSIGNMENT)
    assert tree(own.root / "otter", own.root / "autograder") == before


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("cell", "a line of the solution"),
        ("test", "a hidden test"),
        ("metadata", "a hidden test"),
    ],
)
def test_a_version_that_gives_something_away_is_refused(converted, where, what):
    master, document = converted.master(ASSIGNMENT), student(converted)
    secret = "assert double(x) == twice(x) and double(31337) == 62674"
    if where == "cell":
        document.cells[1].source += "\nprint(sum(range(4)))"
    elif where == "test":
        document.metadata.otter.tests["test_double"] += f"\nexec({secret!r})\n"
    else:
        document.metadata["kept"] = secret
    with pytest.raises(CourseError, match=what):
        check_student(master, read_release(converted, master), {NOTEBOOK: document})


@pytest.mark.parametrize("change", ["lost", "changed"])
def test_a_cell_that_differs_from_the_release_is_refused(converted, change):
    master, document = converted.master(ASSIGNMENT), student(converted)
    if change == "lost":
        del document.cells[2]
    else:
        document.cells[2].source = "import os"
    with pytest.raises(CourseError, match="the cell with the id 'cell-1'"):
        check_student(master, read_release(converted, master), {NOTEBOOK: document})


def test_an_otter_that_fails_leaves_no_half_of_a_version(own, monkeypatch):
    def fail(*_, **__):
        raise CourseError("`otter assign` failed", "ps1")

    monkeypatch.setattr(assign, "run_otter", fail)
    before = tree(own.root / "otter", own.root / "autograder")
    with pytest.raises(CourseError, match="failed"):
        write_version(own, ASSIGNMENT, force=True)
    assert tree(own.root / "otter", own.root / "autograder") == before
