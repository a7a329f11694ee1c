from functools import partial

import pytest
import torch
from cells import blank, collection, failures, grade_id, input_returned, is_test, master, nothing, samples, verdicts

ASSIGNMENT = "learning-rate-experiment"
EXERCISES = ("train", "sweep")
NOTEBOOK = master(ASSIGNMENT)


def zeros(*args, **kwargs):
    return torch.zeros(3, 3)


def never_moves(X, t, theta, lr, epochs, activation=torch.relu):
    return [0.7] * epochs, 50.0, theta


def none_moves(X, t, starts, lrs, epochs, activation=torch.relu):
    return torch.full((len(starts), epochs), 0.7), torch.full((len(starts),), 50.0), starts


failed = partial(failures, NOTEBOOK)


@pytest.mark.parametrize("seed", range(8))
def test_the_solution_passes_every_test(seed):
    torch.manual_seed(seed)
    assert not failed({})


@pytest.mark.parametrize(("exercise", "answer"), samples(ASSIGNMENT, "variants", EXERCISES))
def test_a_correct_answer_in_another_style_passes_every_test(exercise, answer):
    for seed in range(2):
        torch.manual_seed(seed)
        assert not failed({exercise: answer}, exercise)


@pytest.mark.parametrize(("exercise", "answer"), samples(ASSIGNMENT, "mistakes", EXERCISES))
def test_a_common_mistake_fails_a_test(exercise, answer):
    for seed in range(2):
        torch.manual_seed(seed)
        assert failed({exercise: answer}, exercise)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        *[(exercise, answer) for exercise in EXERCISES for answer in (blank, nothing, input_returned, zeros)],
        (EXERCISES[0], never_moves),
        (EXERCISES[1], none_moves),
    ],
)
def test_an_empty_answer_earns_nothing(exercise, answer):
    assert all(error for _, error in verdicts(NOTEBOOK, {exercise: answer}, exercise))


def test_a_loop_over_the_models_loses_only_the_test_that_counts_calls():
    answer = collection(ASSIGNMENT, "mistakes", "sweep")["one_model_after_another"]
    (error,) = failed({"sweep": answer}, "sweep").items()
    assert error[0] == "test_sweep_together"
    assert "RuntimeError: The activation was called more than 14 times: once an epoch, for all models." in error[1]


@pytest.mark.parametrize("kind", ["mistakes", "variants"])
@pytest.mark.parametrize("exercise", EXERCISES)
def test_there_are_enough_of_each_and_each_says_what_it_is(kind, exercise):
    found = collection(ASSIGNMENT, kind, exercise)
    assert len(found) >= {"mistakes": 8, "variants": 6}[kind]
    sentences = [str(answer.__doc__) for answer in found.values()]
    assert all(sentence.endswith((".", "?")) and "\n" not in sentence for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_hidden_parts_are_closed_and_every_test_has_a_visible_part_too():
    tests = [cell for cell in NOTEBOOK.cells if is_test(cell)]
    assert sum(cell.metadata.nbgrader.points for cell in tests) == 18
    for cell in tests:
        visible, _, hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")
        assert "assert" in visible or "check_close" in visible, grade_id(cell)
        assert hidden.rstrip().endswith("### END HIDDEN TESTS"), grade_id(cell)
        assert "assert_agrees(" in hidden, grade_id(cell)


def test_the_master_is_stripped_and_says_which_kernel_it_needs():
    assert NOTEBOOK.metadata.kernelspec.name == "python3"
    assert all(not cell.outputs for cell in NOTEBOOK.cells if cell.cell_type == "code")
    assert len({cell.id for cell in NOTEBOOK.cells}) == len(NOTEBOOK.cells)
