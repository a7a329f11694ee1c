"""Damaged notebooks: the right answers are found, fixed cells come back, nothing is invented."""

import copy
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode, from_dict

from nbjudge.master.notebook import Notebook, read_notebook
from nbjudge.submission.repair import Repaired, repair

LOSS_STUB = '''def loss(w, x, y):
    """Mean squared error."""
    # YOUR CODE HERE
    raise NotImplementedError()'''
STEP_STUB = LOSS_STUB.replace("loss(w, x, y)", "step(w, grad, lr)").replace("Mean squared error", "One step")
LOSS = LOSS_STUB.split("    # YOUR")[0] + "    return ((w * x - y) ** 2).mean()"
STEP = STEP_STUB.split("    # YOUR")[0] + "    return w - lr * grad"
ESSAY_STUB = "YOUR ANSWER HERE"
ESSAY = "Because the gradient points uphill."


def cell(id: str, source: str, kind: str = "code", **about: object) -> dict:
    metadata = {"nbgrader": {"grade_id": id, "schema_version": 3} | about} if about else {}
    extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": f"id-{id}", "metadata": metadata, "source": source} | extra


def course(loss: str, step: str, rate: str, essay: str, hidden: str) -> NotebookNode:
    """One notebook: text, imports, locked data, three code answers with tests, an essay."""
    answer, test = {"solution": True}, {"grade": True, "locked": True, "points": 2}
    cells = [
        cell("title", "# Step sizes", "markdown"),
        cell("imports", "import numpy as np"),
        cell("data", "x = np.array([1.0, 2.0])\ny = 2 * x", locked=True),
        cell("loss", loss, **answer),
        cell("test_loss", "assert loss(2.0, x, y) == 0, 'loss at the optimum'" + hidden, **test),
        cell("step", step, **answer),
        cell("test_step_down", "assert step(1.0, 1.0, 0.5) == 0.5" + hidden, **test),
        cell("test_step_stays", "assert step(1.0, 0.0, 0.5) == 1.0" + hidden, **test),
        cell("rate", rate, **answer),
        cell("test_rate", "assert 0 < rate < 1, 'not a sensible rate'" + hidden, **test),
        cell("why", essay, "markdown", grade=True, solution=True, points=3),
    ]
    return from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


RATE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
RATE = "rate = 0.3"
HIDDEN = "\nassert secret"
MASTER = read_notebook(course(LOSS, STEP, RATE, ESSAY, HIDDEN), "p")
RELEASED = read_notebook(course(LOSS_STUB, STEP_STUB, RATE_STUB, ESSAY_STUB, ""), "p")
MINE = {
    "loss": LOSS.replace("w * x", "x * w"),
    "step": STEP.replace("w - lr", "w - 1 * lr"),
    "rate": "rate = 1 / 3",
    "why": "Because downhill is the other way.",
}


def submitted() -> NotebookNode:
    return course(MINE["loss"], MINE["step"], MINE["rate"], MINE["why"], "")


def at(document: NotebookNode, name: str) -> int:
    return next(i for i, one in enumerate(document.cells) if one.id == f"id-{name}")


def mend(document: NotebookNode) -> Repaired:
    before = copy.deepcopy(document)
    repaired = repair(MASTER, RELEASED, document)
    assert document == before
    return repaired


def names(repaired: Repaired) -> list[str]:
    return [step.grade_id or step.source for step in repaired.steps]


WHOLE = ["import numpy as np", "data", "loss", "test_loss", "step", "test_step_down", "test_step_stays"]
WHOLE += ["rate", "test_rate"]


def assert_whole(repaired: Repaired) -> None:
    """Every answer is the student's, every test the master's, in the assignment's order."""
    assert names(repaired) == WHOLE
    assert repaired.answers == MINE
    assert repaired.unanswered == ()
    tests = [step for step in repaired.steps if step.kind == "test"]
    assert [step.cell for step in tests] == list(MASTER.tests)
    assert all(step.source.endswith("assert secret") for step in tests)
    assert all("secret" not in step.source for step in repaired.steps if step.kind == "student")


def test_an_undamaged_submission_is_left_as_it_is():
    repaired = mend(submitted())
    assert_whole(repaired)
    assert repaired.repairs == ()
    tests = [step.grade_id for step in repaired.steps if step.kind == "test"]
    assert tests == [name for name in WHOLE if name.startswith("test_")]


def test_white_space_is_no_damage():
    document = submitted()
    for one in document.cells:
        one.source = "\n" + one.source.replace("\n", "  \n") + "\n\n"
    assert mend(document).repairs == ()


def test_the_blank_release_is_all_unanswered_and_undamaged():
    document = course(LOSS_STUB, STEP_STUB, RATE_STUB, ESSAY_STUB, "")
    repaired = mend(document)
    assert repaired.unanswered == ("loss", "step", "rate", "why")
    assert repaired.repairs == ()
    assert names(repaired) == WHOLE
    assert repaired.steps[2].source == LOSS_STUB


def test_the_students_own_cells_run_where_they_stand():
    document = submitted()
    document.cells.insert(at(document, "loss"), cell("mine", "half = 0.5"))
    document.cells.append(cell("more", "loss(1.0, x, y)"))
    document.cells.append(cell("prose", "notes", "markdown"))
    repaired = mend(document)
    assert names(repaired) == [*WHOLE[:2], "half = 0.5", *WHOLE[2:], "loss(1.0, x, y)"]
    assert repaired.repairs == ()


def test_plain_cells_run_as_the_student_has_them():
    document = submitted()
    document.cells[1].source = "import numpy as np\nimport math"
    repaired = mend(document)
    assert repaired.steps[0].source == "import numpy as np\nimport math"
    assert repaired.repairs == ()


@pytest.mark.parametrize("blank_last", [True, False])
def test_of_copies_the_last_that_is_not_blank_is_taken(blank_last):
    document = submitted()
    blank = cell("copy", LOSS_STUB, solution=True)
    blank["metadata"]["nbgrader"]["grade_id"] = "loss"
    document.cells.insert(at(document, "loss") + blank_last, from_dict(blank))
    repaired = mend(document)
    assert_whole(repaired)
    assert repaired.repairs == ("The answer loss was there 2 times; the last one that is not blank was taken.",)


def test_of_two_written_copies_the_last_counts_and_the_first_still_runs():
    document = submitted()
    first = copy.deepcopy(document.cells[at(document, "loss")])
    first.source, first.id = LOSS_STUB.replace("raise NotImplementedError()", "return 1"), "id-first"
    document.cells.insert(at(document, "loss"), first)
    repaired = mend(document)
    assert repaired.answers == MINE
    assert [step.source for step in repaired.steps][2:4] == [first.source, MINE["loss"]]


@pytest.mark.parametrize("keep_ids", [True, False])
def test_answers_are_found_when_all_nbgrader_metadata_is_lost(keep_ids):
    document = submitted()
    for number, one in enumerate(document.cells):
        one.metadata = from_dict({})
        if not keep_ids:
            one.id = f"new-{number}"
    repaired = mend(document)
    assert_whole(repaired)
    (sentence,) = repaired.repairs
    assert "names were lost" in sentence
    assert "loss" in sentence
    assert "more" in sentence


@pytest.mark.parametrize("name", ["loss", "step", "rate", "why"])
def test_one_renamed_answer_is_found(name):
    document = submitted()
    one = document.cells[at(document, name)]
    one.metadata.nbgrader.grade_id = "something-else"
    one.id = "elsewhere"
    assert_whole(mend(document))


def test_names_decide_over_ids_and_ids_over_content():
    document = submitted()
    loss, step = document.cells[at(document, "loss")], document.cells[at(document, "step")]
    loss.id, step.id = step.id, loss.id
    assert_whole(mend(document))
    loss.metadata, step.metadata = from_dict({}), from_dict({})
    repaired = mend(document)
    assert repaired.answers["step"] == MINE["loss"]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_turned_into_text_is_taken_as_code(kind):
    document = submitted()
    one = document.cells[at(document, "step")]
    document.cells[at(document, "step")] = from_dict(
        {"cell_type": kind, "id": one.id, "metadata": one.metadata, "source": one.source}
    )
    repaired = mend(document)
    assert_whole(repaired)
    assert repaired.repairs == ("The answer step had been turned into text; it was taken as code.",)


def test_a_split_answer_is_joined():
    document = submitted()
    place = at(document, "step")
    head, tail = document.cells[place].source.rsplit("\n", 1)
    for metadata in (copy.deepcopy(document.cells[place].metadata), from_dict({})):
        torn = copy.deepcopy(document)
        torn.cells[place].source = head
        torn.cells.insert(place + 1, from_dict(cell("tail", tail) | {"metadata": metadata}))
        repaired = mend(torn)
        assert_whole(repaired)
        assert repaired.repairs == ("The answer step had been split into 2 cells; they were joined.",)


def test_two_merged_answers_are_both_found():
    document = submitted()
    step = document.cells.pop(at(document, "step"))
    document.cells[at(document, "loss")].source += "\n\n" + step.source
    repaired = mend(document)
    assert names(repaired) == [name for name in WHOLE if name != "step"]
    assert repaired.unanswered == ()
    assert MINE["step"] in repaired.answers["step"]
    assert repaired.repairs == ("The answer step was found in the cell of loss; the two had been merged.",)


def test_an_answer_merged_into_a_test_cell_is_found_and_the_test_put_back():
    document = submitted()
    step = document.cells.pop(at(document, "step"))
    document.cells[at(document, "test_loss")].source += "\n" + step.source
    repaired = mend(document)
    assert names(repaired) == WHOLE
    assert repaired.answers["step"].strip() == MINE["step"]
    assert repaired.repairs == (
        "The answer step was found in the cell of test_loss; the two had been merged.",
        "The test test_loss was missing; it was put back.",
    )


def test_a_test_merged_into_an_answer_is_cut_out_and_put_back():
    document = submitted()
    test = document.cells.pop(at(document, "test_loss"))
    step = document.cells.pop(at(document, "step"))
    document.cells[at(document, "loss")].source += f"\n{test.source}\n{step.source}"
    repaired = mend(document)
    assert "assert" not in repaired.steps[2].source
    assert MINE["step"] in repaired.steps[2].source
    assert names(repaired) == [name for name in WHOLE if name != "step"]


@pytest.mark.parametrize("name", ["data", "test_loss", "test_step_down", "test_step_stays", "test_rate"])
def test_a_deleted_fixed_cell_is_put_back_in_its_place(name):
    document = submitted()
    del document.cells[at(document, name)]
    repaired = mend(document)
    assert_whole(repaired)
    kind = "locked cell" if name == "data" else "test"
    assert repaired.repairs == (f"The {kind} {name} was missing; it was put back.",)


def test_a_test_put_back_waits_for_the_students_cells_behind_the_answer():
    document = submitted()
    document.cells[at(document, "test_loss")] = from_dict(cell("mine", "def helper(): return 1"))
    assert names(mend(document))[2:5] == ["loss", "def helper(): return 1", "test_loss"]


@pytest.mark.parametrize("name", ["data", "test_loss"])
def test_an_edited_fixed_cell_is_restored_and_listed(name):
    document = submitted()
    document.cells[at(document, name)].source = "pass"
    repaired = mend(document)
    assert_whole(repaired)
    assert repaired.repairs[0].endswith("had been edited; the assignment's own version was used.")
    assert name in repaired.repairs[0]


def test_changed_points_and_flags_do_not_count():
    document = submitted()
    about = document.cells[at(document, "test_loss")].metadata.nbgrader
    about.points, about.grade, about.locked = 100, False, False
    repaired = mend(document)
    assert_whole(repaired)
    assert [step.cell.points for step in repaired.steps if step.kind == "test"] == [2, 2, 2, 2]
    assert "settings or marks of the test test_loss" in repaired.repairs[0]


def test_a_missing_answer_is_blank_and_nothing_is_invented():
    document = submitted()
    del document.cells[at(document, "step")]
    del document.cells[at(document, "why")]
    repaired = mend(document)
    assert names(repaired) == WHOLE
    assert repaired.unanswered == ("step", "why")
    assert "step" not in repaired.answers
    assert repaired.steps[4].source == STEP_STUB
    assert repaired.repairs[0] == "The answer step is missing; it counts as blank."


def test_an_answer_moved_ahead_keeps_the_students_order():
    document = submitted()
    step = document.cells.pop(at(document, "step"))
    document.cells.insert(at(document, "loss"), step)
    repaired = mend(document)
    assert names(repaired)[2:5] == ["step", "loss", "test_loss"]
    assert repaired.answers == MINE
    assert repaired.repairs == ()


def test_a_deleted_test_of_an_answer_moved_ahead_keeps_the_order_of_tests():
    document = submitted()
    del document.cells[at(document, "test_rate")]
    rate = document.cells.pop(at(document, "rate"))
    document.cells.insert(at(document, "loss"), rate)
    tests = [step.cell for step in mend(document).steps if step.kind == "test"]
    assert tests == list(MASTER.tests)


@pytest.mark.parametrize("name", ["loss", "data", "test_loss"])
def test_a_cell_moved_behind_what_needs_it_is_put_back(name):
    document = submitted()
    document.cells.append(document.cells.pop(at(document, name)))
    repaired = mend(document)
    assert_whole(repaired)
    assert repaired.repairs == ("Cells had been moved; they were put back in the assignment's order.",)


def test_moved_cells_take_the_students_own_along():
    document = submitted()
    loss = document.cells.pop(at(document, "loss"))
    document.cells += [loss, from_dict(cell("mine", "def helper(): return 1"))]
    assert names(mend(document))[2:5] == ["loss", "def helper(): return 1", "test_loss"]


def test_an_empty_notebook_is_the_blank_release():
    document = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})
    repaired = mend(document)
    assert names(repaired) == WHOLE[1:]
    assert repaired.unanswered == ("loss", "step", "rate", "why")


def test_a_task_is_answered_by_the_cell_behind_it():
    task = cell("plot", "Draw the loss.", "markdown", task=True, locked=True, points=1)
    document = from_dict({"cells": [task, cell("mine", "plot()")]})
    released = read_notebook({"cells": [task]}, "p")
    assert repair(released, released, document).unanswered == ()
    del document.cells[1]
    assert repair(released, released, document).unanswered == ("plot",)


def test_copies_of_a_test_do_not_run_as_tests():
    document = submitted()
    document.cells.append(copy.deepcopy(document.cells[at(document, "test_loss")]) | {"id": "copy"})
    document.cells.append(document.cells[-1] | {"id": "copy-2", "source": "print(1)"})
    repaired = mend(document)
    assert names(repaired) == [*WHOLE, "print(1)"]
    assert repaired.steps[-1].kind == "student"
    assert "The test test_loss was there 3 times." in repaired.repairs


@settings(max_examples=200, deadline=None)
@given(st.integers(), st.lists(st.sampled_from(["delete", "copy", "move", "edit", "strip", "text"]), max_size=8))
def test_whatever_is_damaged_every_test_runs_once_after_its_answer_and_nothing_is_invented(seed, damages):
    chance, document = random.Random(seed), submitted()
    theirs = {one.source for one in document.cells} | {one.source for one in RELEASED.cells}
    for damage in damages:
        if not document.cells:
            break
        place = chance.randrange(len(document.cells))
        one = document.cells[place]
        if damage in ("delete", "move"):
            del document.cells[place]
        if damage in ("copy", "move"):
            document.cells.insert(chance.randrange(len(document.cells) + 1), copy.deepcopy(one))
        if damage == "edit":
            one.source = chance.choice(["", "1 +", "x = 1", "def step(): pass", MINE["loss"]])
            theirs.add(one.source)
        if damage == "strip":
            one.metadata, one.id = from_dict({}), f"stripped-{place}"
        if damage == "text":
            one.cell_type = chance.choice(["code", "markdown", "raw"])
    repaired = repair(MASTER, RELEASED, document)
    order = [step.grade_id for step in repaired.steps]
    tests = [step for step in repaired.steps if step.kind == "test"]
    assert [step.cell for step in tests] == list(MASTER.tests)
    for exercise in MASTER.exercises:
        if exercise.name in order:
            last = max(i for i, name in enumerate(order) if name == exercise.name)
            assert all(order.index(test.grade_id) > last for test in exercise.tests)
    assert all(line in "\n".join(theirs) for source in repaired.answers.values() for line in source.splitlines())
    assert all(sentence.count("\n") == 0 and sentence.endswith(".") for sentence in repaired.repairs)


def test_released_cells_without_ids_are_matched_by_name():
    bare = Notebook("p", tuple(replace(one, id="") for one in RELEASED.cells))
    document = submitted()
    for number, one in enumerate(document.cells):
        one.id = f"unnamed-{number}"
    assert repair(MASTER, bare, document).answers == MINE


def test_an_answer_that_was_moved_in_front_of_what_it_builds_on_is_put_back():
    document = submitted()
    document.cells.insert(0, document.cells.pop(at(document, "loss")))
    repaired = mend(document)
    assert_whole(repaired)
    assert repaired.repairs == ("Cells had been moved; they were put back in the assignment's order.",)


def test_an_answer_may_stand_in_front_of_another_ones_tests():
    document = submitted()
    document.cells.insert(at(document, "test_loss"), document.cells.pop(at(document, "step")))
    repaired = mend(document)
    assert repaired.repairs == ()
    assert names(repaired)[2:5] == ["loss", "step", "test_loss"]
