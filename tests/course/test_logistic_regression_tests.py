import pytest
import torch
from cells import checks_of, collection, failures, grade_id, master, role

ASSIGNMENT = "logistic-regression"
EXERCISES = ("lr_predictions_and_gradient", "train")
NOTEBOOK = master(ASSIGNMENT)
PASSED = {test: "" for exercise in EXERCISES for test in checks_of(NOTEBOOK, exercise)}


def answers(kind):
    return [
        pytest.param(exercise, answer, id=f"{exercise}-{name}")
        for exercise in EXERCISES
        for name, answer in collection(ASSIGNMENT, kind, exercise).items()
    ]


def blank(*args, **kwargs):
    raise NotImplementedError


def zeros(theta, X, t):
    return torch.tensor(0.0), torch.zeros(785), torch.zeros(len(X))


def not_a_number(theta, X, t):
    return torch.tensor(torch.nan), torch.full((785,), torch.nan), torch.full((len(X),), torch.nan)


def nothing(*args, **kwargs):
    return None


def input_returned(*args, **kwargs):
    return args


def never_moves(X, t, theta, lr, epochs, batch_size):
    return theta, [0.7] * (epochs * -(-len(X) // batch_size))


@pytest.mark.parametrize("seed", range(5))
def test_the_solution_passes_every_test(seed):
    torch.manual_seed(seed)
    assert failures(NOTEBOOK, {}) == PASSED


@pytest.mark.parametrize(("exercise", "answer"), answers("variants"))
def test_a_correct_answer_in_another_style_passes_every_test(exercise, answer):
    torch.manual_seed(20)
    assert failures(NOTEBOOK, {exercise: answer}) == PASSED


@pytest.mark.parametrize(("exercise", "answer"), answers("mistakes"))
def test_a_common_mistake_fails_a_test_and_spares_the_exercises_before(exercise, answer):
    torch.manual_seed(30)
    errors = failures(NOTEBOOK, {exercise: answer})
    assert any(errors[test] for test in checks_of(NOTEBOOK, exercise))
    before = EXERCISES[: EXERCISES.index(exercise)]
    assert not any(errors[test] for earlier in before for test in checks_of(NOTEBOOK, earlier))


@pytest.mark.parametrize("answer", [blank, zeros, not_a_number, nothing, input_returned])
def test_an_empty_first_exercise_earns_nothing(answer):
    errors = failures(NOTEBOOK, {"lr_predictions_and_gradient": answer})
    assert all(errors[test] for test in checks_of(NOTEBOOK, "lr_predictions_and_gradient"))


@pytest.mark.parametrize("answer", [blank, nothing, input_returned, never_moves])
def test_an_empty_second_exercise_earns_nothing(answer):
    errors = failures(NOTEBOOK, {"train": answer})
    assert all(errors[test] for test in checks_of(NOTEBOOK, "train"))


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
        if role(cell) == (True, False):
            visible, _, hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")
            assert "assert" in visible or "check_close" in visible, grade_id(cell)
            assert hidden.rstrip().endswith("### END HIDDEN TESTS"), grade_id(cell)
            assert "assert_agrees(" in hidden, grade_id(cell)


def test_the_master_is_stripped_and_says_which_kernel_it_needs():
    assert NOTEBOOK.metadata.kernelspec.name == "python3"
    assert all(not cell.outputs for cell in NOTEBOOK.cells if cell.cell_type == "code")
    assert len({cell.id for cell in NOTEBOOK.cells}) == len(NOTEBOOK.cells)
