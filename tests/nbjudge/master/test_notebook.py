import pytest
from masters import DOUBLE, answer, check, notebook, plain, question, task

from nbjudge.master.notebook import Role, read_notebook, role_of


def test_every_cell_has_the_role_that_nbgrader_gives_it():
    read = read_notebook(DOUBLE, "doubling")
    assert [cell.role for cell in read.cells] == [Role.PLAIN, Role.ANSWER, Role.TEST, Role.MANUAL, Role.TASK]
    assert [cell.points for cell in read.cells] == [0, 0, 2, 1, 3]
    assert [cell.id for cell in read.cells] == [f"cell-{index}" for index in range(5)]


@pytest.mark.parametrize(
    ("metadata", "role"),
    [
        ({}, Role.PLAIN),
        ({"locked": True}, Role.LOCKED),
        ({"locked": True, "grade": True}, Role.TEST),
        ({"task": True, "locked": True}, Role.TASK),
        ({"solution": True, "grade": True}, Role.MANUAL),
    ],
)
def test_flags_make_a_role(metadata, role):
    assert role_of(metadata) is role


def test_an_exercise_is_an_answer_with_the_tests_up_to_the_next_answer():
    read = read_notebook(
        notebook(
            check("early", "t0"),
            answer("a", "first"),
            plain("between"),
            check("1", "t1"),
            question("why"),
            check("2", "t2"),
            answer("b", "untested"),
            answer("c", "second"),
            check("3", "t3"),
            task("draw"),
        ),
        "nb",
    )
    found = {exercise.name: [test.grade_id for test in exercise.tests] for exercise in read.exercises}
    assert found == {"first": ["t1", "t2"], "second": ["t3"]}
    assert [test.grade_id for test in read.tests] == ["t0", "t1", "t2", "t3"]


def test_a_source_given_in_lines_is_joined():
    document = {"cells": [{"cell_type": "code", "metadata": {}, "source": ["a\n", "b"]}]}
    assert read_notebook(document, "nb").cells[0].source == "a\nb"
