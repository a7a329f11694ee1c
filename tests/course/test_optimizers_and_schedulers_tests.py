import copy
from functools import partial

import pytest
import torch
from cells import blank, collection, failures, grade_id, is_test, master, nothing, samples, verdicts

ASSIGNMENT = "optimizers-and-schedulers"
EXERCISES = ("train_with_sgd", "train_with_decay", "train", "warmup_cosine")

# Some mistakes step a scheduler too early or hand it a loss, and torch says so; the verdict is what counts here.
pytestmark = pytest.mark.filterwarnings("default")


def loaded():
    """The master, with the loop that it shows and that its tests use among the imports."""
    notebook = copy.deepcopy(master(ASSIGNMENT))
    parts = {cell.id: cell for cell in notebook.cells}
    parts["imports"].source += "\n\n" + parts["by-hand"].source.rpartition("\n\nprint(")[0]
    return notebook


NOTEBOOK = loaded()


def input_returned(*args, **kwargs):
    return (*args, *kwargs.values())[:4]


def zeros(x, y, *args, **kwargs):
    epochs = kwargs.get("epochs") or args[-1]
    return [0.0] * epochs, [0.0] * epochs, [0.0] * epochs, [0.0] * epochs


def never_moves(x, y, *args, **kwargs):
    epochs = kwargs.get("epochs") or args[-1]
    return [(y**2).mean().item()] * epochs, [0.0] * epochs, [0.0] * epochs, [0.1] * epochs


failed = partial(failures, NOTEBOOK)


@pytest.mark.parametrize("seed", range(10))
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


@pytest.mark.parametrize("answer", [blank, nothing, input_returned, zeros, never_moves])
@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_empty_answer_earns_nothing(exercise, answer):
    assert all(error for _, error in verdicts(NOTEBOOK, {exercise: answer}, exercise))


@pytest.mark.parametrize(
    ("exercise", "mistake", "kept"),
    [
        ("train_with_sgd", "momentum_forgotten", {"test_sgd_losses", "test_sgd_steps"}),
        ("train_with_sgd", "optimizer_not_returned", set()),
        ("train_with_decay", "not_after_the_last", {"test_decay_first_steps", "test_decay_run"}),
        ("train", "plateau_not_stepped", {"test_train_any_optimizer", "test_train_any_scheduler", "test_train_rates"}),
        ("train", "scheduler_ignored", {"test_train_any_optimizer"}),
        ("warmup_cosine", "linear_fall", {"test_warmup_rise"}),
        ("warmup_cosine", "first_group_only", {"test_warmup_rise", "test_warmup_fall", "test_warmup_none"}),
    ],
)
def test_what_is_right_in_a_wrong_answer_counts(exercise, mistake, kept):
    answer = collection(ASSIGNMENT, "mistakes", exercise)[mistake]
    passed = {test for test, error in verdicts(NOTEBOOK, {exercise: answer}, exercise) if not error}
    assert passed == kept


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
            assert "assert_agrees(" in hidden or "assert_rates(" in hidden, grade_id(cell)


def test_the_points_are_those_that_the_text_promises():
    points = [cell.metadata.nbgrader.points for cell in NOTEBOOK.cells if is_test(cell)]
    assert sum(points) == 20
    assert "20 points" in NOTEBOOK.cells[0].source


def test_the_master_is_stripped_and_says_which_kernel_it_needs():
    assert NOTEBOOK.metadata.kernelspec.name == "python3"
    assert all(not cell.outputs for cell in NOTEBOOK.cells if cell.cell_type == "code")
    assert len({cell.id for cell in NOTEBOOK.cells}) == len(NOTEBOOK.cells)
