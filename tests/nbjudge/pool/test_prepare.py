"""From what was handed in to tasks; nothing of it is run, and one notebook that cannot be read costs only itself."""

import json

import nbformat
import pytest
from tiny import DOUBLE, SQUARE, filled, released, write_course

from nbjudge.errors import CourseError
from nbjudge.judge.task import Task
from nbjudge.master.course import Course
from nbjudge.pool import prepare as module
from nbjudge.pool.prepare import prepare, read_release, references, staff_files
from nbjudge.submission.submission import Submission


def make(student, notebook, steps, **options):
    return Task(student, notebook, steps, address="", seed=1, root="", **options)


def prepared(root, notebooks, **options):
    master = Course.find(root).master("ps1")
    submission = Submission("ada", notebooks, **options)
    return prepare(submission, master, read_release(Course.find(root), master), make)


def answered(root, **answers):
    return json.dumps(filled(released(root), answers)).encode()


def test_a_submission_becomes_a_task_with_its_answers_files_and_the_masters_tests(tiny):
    data = answered(tiny, double=DOUBLE, square=SQUARE)
    (task,) = prepared(tiny, {"warmup": data}, files={"notes.txt": b"mine"}).tasks
    assert (task.student, task.master.name) == ("ada", "warmup")
    assert task.answers["double"] == DOUBLE
    assert task.files == {"notes.txt": b"mine"}
    sources = {step.grade_id: step.source for step in task.steps}
    assert sources["double"] == DOUBLE
    assert "HIDDEN" in sources["test_double"]


def test_a_test_that_a_student_rewrote_is_still_the_masters(tiny):
    document = filled(released(tiny), {"test_double": "assert True"})
    done = prepared(tiny, {"warmup": json.dumps(document).encode()})
    (task,) = done.tasks
    assert "twice(x)" in {step.grade_id: step.source for step in task.steps}["test_double"]
    assert any("test_double had been edited" in repair for repair in done.repairs)


def test_what_was_left_as_released_is_unanswered(tiny):
    done = prepared(tiny, {"warmup": answered(tiny, double=DOUBLE)})
    assert done.unanswered == (("warmup", "square"), ("warmup", "why"))


@pytest.mark.parametrize(
    ("notebooks", "why"),
    [
        ({}, "not handed in"),
        ({"warmup": b""}, "the file is empty"),
        ({"warmup": b"{"}, "not valid JSON"),
        ({"warmup": b"{}"}, "it has no cells"),
        ({"warmup": b'{"cells": [7]}'}, "cell 1 is not a cell"),
    ],
)
def test_a_notebook_that_cannot_be_read_is_named(notebooks, why, tiny):
    done = prepared(tiny, notebooks)
    assert done.tasks == ()
    assert why in done.damaged["warmup"]


def test_the_grader_stumbling_over_a_notebook_costs_that_notebook_only(tiny, monkeypatch):
    def stumble(*arguments):
        raise RecursionError("too deep")

    monkeypatch.setattr(module, "repair", stumble)
    done = prepared(tiny, {"warmup": answered(tiny)})
    assert done.tasks == ()
    assert done.damaged["warmup"] == "its cells cannot be put in order (RecursionError)."


def test_what_collecting_had_to_say_is_kept_with_the_repairs(tiny):
    done = prepared(tiny, {"warmup": answered(tiny)}, problems=("'a.bin' was left out: it is too large.",))
    assert done.repairs[0] == "'a.bin' was left out: it is too large."


def test_prose_may_change_after_the_release_but_graded_cells_may_not(tiny):
    course = Course.find(tiny)
    path = tiny / "source" / "ps1" / "warmup.ipynb"
    document = nbformat.read(path, as_version=4)
    document.cells[0].source = "# Warming up, without the typing error"
    document.cells[3].source = document.cells[3].source.replace("31337", "31338")
    nbformat.write(document, path)
    assert list(read_release(course, course.master("ps1"))) == ["warmup"]
    document.cells[3].source = document.cells[3].source.replace("double(1) == 2", "double(3) == 6")
    nbformat.write(document, path)
    with pytest.raises(CourseError, match=r"not made from the master as it is now. Run `nbjudge build ps1`"):
        read_release(course, course.master("ps1"))


def test_references_are_all_that_staff_keep_except_for_other_assignments(tiny):
    write_course(tiny / "more")
    (tiny / "more" / "source" / "ps1").rename(tiny / "source" / "ps-2")
    (tiny / "more" / "autograder" / "ps1").rename(tiny / "autograder" / "ps_2")
    (tiny / "autograder" / "shared.py").write_text("")
    (tiny / "autograder" / "ps1" / "table.csv").write_text("1")
    (tiny / "autograder" / "ps1" / "__pycache__").mkdir()
    (tiny / "autograder" / "ps1" / "__pycache__" / "reference.pyc").write_text("")
    names = set(references(Course.find(tiny), "ps1"))
    assert {"shared.py", "ps1/reference.py", "ps1/table.csv", "ps1/mistakes/double.py"} <= names
    assert not [name for name in names if name.startswith("ps_2/") or "__pycache__" in name]
    assert "ps_2/reference.py" in references(Course.find(tiny), "ps-2")


def test_the_files_beside_the_master_go_along(tiny):
    (tiny / "source" / "ps1" / "data").mkdir()
    (tiny / "source" / "ps1" / "data" / "a.csv").write_bytes(b"1,2")
    course = Course.find(tiny)
    assert staff_files(course, course.master("ps1")) == {"data/a.csv": b"1,2"}
