import math
from functools import partial

import pytest
import torch
from cells import blank, collection, failures, grade_id, is_test, master, nothing, samples, verdicts

ASSIGNMENT = "learning-rate-finder"
EXERCISES = ("rate_grid", "descend", "pick_rate", "step_decay", "smooth")
NOTEBOOK = master(ASSIGNMENT)


def first_argument(*args, **kwargs):
    return args[0]


def ones(low, high, count):
    return torch.ones(count)


def never_moves(loss_of, params, batches, rates):
    return [value.clone() for value in params], [1.0 for _ in rates]


def always_a_tenth(rates, losses):
    return 0.1


def no_rate(steps, high=0.1, low=0.01):
    return [0.0] * steps


def not_a_number(losses, window):
    return [math.nan] * -(-len(losses) // window)


EMPTY = {"rate_grid": ones, "descend": never_moves, "pick_rate": always_a_tenth, "step_decay": no_rate}
EMPTY["smooth"] = not_a_number


failed = partial(failures, NOTEBOOK)


@pytest.mark.parametrize("seed", range(5))
def test_the_solution_passes_every_test(seed):
    torch.manual_seed(seed)
    assert not failed({})


@pytest.mark.parametrize(("exercise", "answer"), samples(ASSIGNMENT, "variants", EXERCISES))
def test_a_correct_answer_in_another_style_passes_every_test(exercise, answer):
    for seed in (20, 21, 22):
        torch.manual_seed(seed)
        assert not failed({exercise: answer}, exercise)


@pytest.mark.parametrize(("exercise", "answer"), samples(ASSIGNMENT, "mistakes", EXERCISES))
def test_a_common_mistake_fails_a_test(exercise, answer):
    for seed in (30, 31):
        torch.manual_seed(seed)
        assert failed({exercise: answer}, exercise)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [(exercise, answer) for exercise in EXERCISES for answer in (blank, nothing, first_argument, EMPTY[exercise])],
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
            assert "assert" in hidden, grade_id(cell)


def test_the_points_are_those_in_the_text():
    points = dict.fromkeys(EXERCISES, 0)
    current = ""
    for cell in NOTEBOOK.cells:
        if is_test(cell):
            points[current] += cell.metadata.nbgrader.points
        elif cell.id in points:
            current = cell.id
    headings = [line for cell in NOTEBOOK.cells for line in cell.source.splitlines() if "Exercise " in line]
    for exercise, heading in zip(EXERCISES, headings, strict=True):
        assert f"({points[exercise]} points)" in heading
    assert f"{sum(points.values())} points in all" in NOTEBOOK.cells[0].source


def test_the_master_is_stripped_and_says_which_kernel_it_needs():
    assert NOTEBOOK.metadata.kernelspec.name == "python3"
    assert all(not cell.outputs for cell in NOTEBOOK.cells if cell.cell_type == "code")
    assert len({cell.id for cell in NOTEBOOK.cells}) == len(NOTEBOOK.cells)
