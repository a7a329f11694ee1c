from functools import partial

import pytest
import torch
from cells import blank, collection, failures, grade_id, input_returned, is_test, master, nothing, samples, verdicts

ASSIGNMENT = "optimization-landscapes"
EXERCISES = ("settings", "momentum_descent", "angry")
WITHOUT_HIDDEN = {"test_settings_settle"}  # what it runs is the exercise itself
NOTEBOOK = master(ASSIGNMENT)


def zeros(x, y):
    return torch.zeros(torch.broadcast_shapes(x.shape, y.shape), dtype=torch.float64)


def never_moves(fn, start, lr, momentum, steps):
    return torch.tensor([start] * (steps + 1))


failed = partial(failures, NOTEBOOK)


@pytest.mark.parametrize("seed", range(5))
def test_the_solution_passes_every_test(seed):
    torch.manual_seed(seed)
    assert not failed({})


@pytest.mark.parametrize(("exercise", "answer"), samples(ASSIGNMENT, "variants", EXERCISES))
def test_a_correct_answer_in_another_style_passes_every_test(exercise, answer):
    torch.manual_seed(20)
    assert not failed({exercise: answer}, exercise)


@pytest.mark.parametrize(("exercise", "answer"), samples(ASSIGNMENT, "mistakes", EXERCISES))
def test_a_common_mistake_fails_a_test(exercise, answer):
    torch.manual_seed(30)
    assert any(error for _, error in verdicts(NOTEBOOK, {exercise: answer}, exercise))


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        *[(exercise, answer) for exercise in EXERCISES for answer in (blank, nothing, input_returned)],
        ("momentum_descent", never_moves),
    ],
)
def test_an_empty_answer_earns_nothing(exercise, answer):
    assert all(error for _, error in verdicts(NOTEBOOK, {exercise: answer}, exercise))


def test_a_flat_function_earns_nothing():
    assert all(error for _, error in verdicts(NOTEBOOK, {"angry": zeros}, "angry"))


def test_a_bowl_earns_the_points_for_its_form_but_not_those_for_defeating_adam():
    bowl = collection(ASSIGNMENT, "mistakes", "angry")["bowl"]
    assert set(failed({"angry": bowl}, "angry")) == {"test_angry_adam"}


def test_settings_for_one_scale_only_earn_the_points_for_that_scale():
    fixed = collection(ASSIGNMENT, "mistakes", "settings")["learning_rate_fixed"]
    assert "test_settings_settle" not in failed({"settings": fixed}, "settings")


@pytest.mark.parametrize("kind", ["mistakes", "variants"])
@pytest.mark.parametrize("exercise", EXERCISES)
def test_there_are_enough_of_each_and_each_says_what_it_is(kind, exercise):
    found = collection(ASSIGNMENT, kind, exercise)
    assert len(found) >= {"mistakes": 8, "variants": 6}[kind]
    sentences = [str(answer.__doc__) for answer in found.values()]
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_hidden_parts_are_closed_and_every_test_has_a_visible_part_too():
    for cell in NOTEBOOK.cells:
        if is_test(cell):
            visible, _, hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")
            assert "assert" in visible or "check_close" in visible, grade_id(cell)
            if grade_id(cell) not in WITHOUT_HIDDEN:
                assert hidden.rstrip().endswith("### END HIDDEN TESTS"), grade_id(cell)
                assert "assert_" in hidden, grade_id(cell)


def test_the_master_is_stripped_and_says_which_kernel_it_needs():
    assert NOTEBOOK.metadata.kernelspec.name == "python3"
    assert all(not cell.outputs for cell in NOTEBOOK.cells if cell.cell_type == "code")
    assert len({cell.id for cell in NOTEBOOK.cells}) == len(NOTEBOOK.cells)
