from functools import partial

import pytest
import torch
from cells import blank, collection, failures, grade_id, input_returned, is_test, master, nothing, samples, verdicts

ASSIGNMENT = "learning-a-function"
EXERCISES = ("learn", "learn_l1", "own")
NOTEBOOK = master(ASSIGNMENT)


def with_the_function(notebook):
    """The notebook with the function that learns, which a cell of its own defines, among the imports."""
    by_id = {cell.id: cell for cell in notebook.cells}
    definition = by_id["function"].source.partition("\n\n\n")[0]
    by_id["imports"].source += f"\n\n{definition}"
    return notebook


RUNNABLE = with_the_function(master(ASSIGNMENT))


def never_moves(points, targets, start, optimizer, steps):
    return torch.tensor([[2.0, -2.0]] * (steps + 1)), torch.zeros(steps + 1)


def flat(x, y, theta):
    return torch.zeros(torch.broadcast_shapes(x.shape, y.shape), dtype=torch.float64)


failed = partial(failures, RUNNABLE)


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
    assert any(error for _, error in verdicts(RUNNABLE, {exercise: answer}, exercise))


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        *[(exercise, answer) for exercise in EXERCISES for answer in (blank, nothing, input_returned)],
        ("learn", never_moves),
        ("learn_l1", never_moves),
        ("own", flat),
    ],
)
def test_an_empty_answer_earns_nothing(exercise, answer):
    assert all(error for _, error in verdicts(RUNNABLE, {exercise: answer}, exercise))


def test_an_unused_parameter_costs_only_the_points_that_it_is_about():
    answer = collection(ASSIGNMENT, "mistakes", "own")["third_parameter_unused"]
    assert set(failed({"own": answer}, "own")) == {"test_own_counts"}


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
            assert "assert_" in hidden, grade_id(cell)


def test_the_master_is_stripped_and_says_which_kernel_it_needs():
    assert NOTEBOOK.metadata.kernelspec.name == "python3"
    assert all(not cell.outputs for cell in NOTEBOOK.cells if cell.cell_type == "code")
    assert len({cell.id for cell in NOTEBOOK.cells}) == len(NOTEBOOK.cells)
