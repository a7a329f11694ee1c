from functools import partial

import pytest
import torch
from cells import blank, collection, failures, grade_id, input_returned, is_test, master, nothing, samples, verdicts

ASSIGNMENT = "logistic-regression"
EXERCISES = ("lr_predictions_and_gradient", "train")
NOTEBOOK = master(ASSIGNMENT)


def zeros(theta, X, t):
    return torch.tensor(0.0), torch.zeros(785), torch.zeros(len(X))


def not_a_number(theta, X, t):
    return torch.tensor(torch.nan), torch.full((785,), torch.nan), torch.full((len(X),), torch.nan)


def never_moves(X, t, theta, lr, epochs, batch_size):
    return theta, [0.7] * (epochs * -(-len(X) // batch_size))


failed = partial(failures, NOTEBOOK)


@pytest.mark.parametrize("seed", range(3))
def test_the_solution_passes_every_test(seed):
    torch.manual_seed(seed)
    assert not failed({})


@pytest.mark.parametrize(("exercise", "answer"), samples(ASSIGNMENT, "variants", EXERCISES))
def test_a_correct_answer_in_another_style_passes_every_test(exercise, answer):
    torch.manual_seed(20)
    assert not failed({exercise: answer}, exercise)


@pytest.mark.parametrize(
    "answer", [p.values[1] for p in samples(ASSIGNMENT, "variants", EXERCISES) if p.values[0] == EXERCISES[0]]
)
def test_a_training_loop_built_on_another_style_of_gradient_passes_too(answer):
    torch.manual_seed(25)
    assert not failed({EXERCISES[0]: answer}, EXERCISES[1])


@pytest.mark.parametrize(("exercise", "answer"), samples(ASSIGNMENT, "mistakes", EXERCISES))
def test_a_common_mistake_fails_a_test(exercise, answer):
    torch.manual_seed(30)
    assert any(error for _, error in verdicts(NOTEBOOK, {exercise: answer}, exercise))


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        *[(EXERCISES[0], answer) for answer in (blank, zeros, not_a_number, nothing, input_returned)],
        *[(EXERCISES[1], answer) for answer in (blank, never_moves, nothing, input_returned)],
    ],
)
def test_an_empty_answer_earns_nothing(exercise, answer):
    assert all(error for _, error in verdicts(NOTEBOOK, {exercise: answer}, exercise))


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
            assert hidden.rstrip().endswith("### END HIDDEN TESTS"), grade_id(cell)
            assert "assert_agrees(" in hidden, grade_id(cell)


def test_the_master_is_stripped_and_says_which_kernel_it_needs():
    assert NOTEBOOK.metadata.kernelspec.name == "python3"
    assert all(not cell.outputs for cell in NOTEBOOK.cells if cell.cell_type == "code")
    assert len({cell.id for cell in NOTEBOOK.cells}) == len(NOTEBOOK.cells)
