"""What a call left of its arguments changes the test's own, in place wherever that can be."""

import numpy as np
import pytest
import torch
from connections import get, honest

from nbjudge.border.copyback import copy_back


def test_tensors_and_arrays_are_changed_in_place():
    tensor, array = torch.zeros(2, requires_grad=True), np.zeros(2)
    after = torch.ones(2)
    after.grad = torch.tensor([5.0, 6.0])
    assert copy_back(tensor, after) is tensor
    assert tensor.tolist() == [1, 1]
    assert tensor.grad.tolist() == [5, 6]
    assert tensor.requires_grad
    assert copy_back(array, np.ones(2)) is array
    assert array.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (torch.zeros(2), torch.zeros(3)),
        (torch.zeros(2), torch.zeros(2, dtype=torch.float64)),
        (np.zeros(2), np.zeros((2, 1))),
        (np.zeros(2), torch.zeros(2)),
        (np.broadcast_to(np.zeros(1), 2), np.zeros(2)),
        (1, 2),
        ([1], (1,)),
        ((1, 2), (1, 3)),
        ((1,), (1, 2)),
    ],
)
def test_what_cannot_be_changed_in_place_is_replaced(before, after):
    assert copy_back(before, after) is after


def test_containers_keep_their_identity_and_that_of_what_they_hold():
    inner, weights, settings, seen = [1], torch.zeros(1), {"lr": 1, "deep": [0], "gone": 0}, {1}
    outer = [inner, weights, settings, (seen, inner), 5]
    after = [[1, 2], torch.ones(1), {"lr": 2, "deep": [3], "new": 4}, ({7}, [1, 2]), 6, "more"]
    deep = settings["deep"]
    assert copy_back(outer, after) is outer
    assert outer[0] is inner == [1, 2]
    assert outer[1] is weights
    assert weights.item() == 1
    assert outer[2] is settings == {"lr": 2, "deep": [3], "new": 4}
    assert settings["deep"] is deep
    assert seen == {7}
    assert outer[4:] == [6, "more"]
    assert copy_back(outer, [1]) == [1]


def test_objects_of_the_staffs_stay_what_they_are_and_the_students_come_in():
    source = """
        class Own: pass
        def change(held, model):
            held[0] = Own()
            held.append(model)
            model.x = 5
    """

    class Model:
        x = 1

    model, held = Model(), [0]
    arguments = [held, model]
    with honest(source) as student:
        student.changes = True
        get(student, "change")(*arguments)
        get(student, "change")(held=[0], model=model)
        assert repr(type(held[0])) == "<class 'nbjudge.border.handle.Handle'>"
        keeping = [model]
        get(student, "change")([0, keeping], model)
    assert keeping == [model]
    assert model.x == 1
