import numpy as np
import pytest
import torch

from descent import check_close

WANT = torch.linspace(-1, 2, 785)


def message(got, want, name="dtheta", **tolerances):
    with pytest.raises(AssertionError) as caught:
        check_close(got, want, name, **tolerances)
    return str(caught.value)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (WANT.clone(), WANT),
        (WANT.double(), WANT),
        (WANT.numpy(), WANT),
        (WANT.tolist(), WANT),
        (list(WANT), WANT),
        (WANT.clone().requires_grad_(), WANT),
        (WANT * (1 + 5e-5), WANT),
        (1.0, torch.tensor(1.0)),
        (torch.tensor(1.0), 1.0),
        (torch.tensor(1.0), 1),
        (np.float32(1), 1.0),
        (3, 3),
        (True, True),
        (torch.tensor([float("inf"), 1]), torch.tensor([float("inf"), 1])),
        (torch.empty(0, 3), torch.empty(0, 3)),
        (np.arange(4.0)[::-1], [3.0, 2.0, 1.0, 0.0]),
        (torch.tensor([1 + 2j]), torch.tensor([1 + 2j])),
    ],
)
def test_what_is_right_passes_in_any_form(got, want):
    check_close(got, want, "dtheta")


def test_a_forgotten_return_is_named():
    assert message(None, WANT) == (
        "dtheta is None, expected real numbers of shape (785,): did you forget to return it?"
    )


@pytest.mark.parametrize("got", ["0.5", object(), {"loss": 1.0}, [1.0, [2.0]], lambda: 1.0])
def test_what_isnt_numbers_is_named_by_its_type(got):
    assert message(got, 1.0, "loss") == f"loss is a {type(got).__name__}, expected one number."


@pytest.mark.parametrize(
    ("got", "want", "expected"),
    [
        (WANT[:, None], WANT, "has shape (785, 1), expected (785,): a dimension of size 1 is too many."),
        (WANT, WANT[None], "has shape (785,), expected (1, 785): a dimension of size 1 is missing."),
        (
            WANT[None],
            WANT[:, None],
            "has shape (1, 785), expected (785, 1): a dimension of size 1 is out of place.",
        ),
        (WANT[:-1], WANT, "has shape (784,), expected (785,): one entry is missing; was the bias forgotten?"),
        (torch.ones(3, 2), torch.ones(2, 3), "has shape (3, 2), expected (2, 3): is it transposed?"),
        (
            WANT,
            torch.tensor(1.0),
            "has shape (785,), expected (): one number is wanted; is a mean or a sum missing?",
        ),
        (torch.ones(5), WANT, "has shape (5,), expected (785,)."),
    ],
)
def test_a_wrong_shape_is_named_with_the_likely_slip(got, want, expected):
    assert message(got, want) == f"dtheta {expected}"


@pytest.mark.parametrize(
    ("got", "want", "expected"),
    [
        (
            1,
            1.0,
            "holds whole numbers (int64), expected real numbers (float64): was something rounded or cast to int?",
        ),
        (
            WANT > 0,
            WANT,
            "holds truth values (bool), expected real numbers (float32): "
            "is a comparison returned where the numbers themselves are wanted?",
        ),
        (
            WANT,
            WANT > 0,
            "holds real numbers (float32), expected truth values (bool): is a comparison missing?",
        ),
        (
            WANT,
            WANT.long(),
            "holds real numbers (float32), expected whole numbers (int64): is a cast to int missing?",
        ),
        (WANT + 0j, WANT, "holds complex numbers (complex64), expected real numbers (float32)."),
        (1.0, True, "holds real numbers (float64), expected truth values (bool): is a comparison missing?"),
    ],
)
def test_the_wrong_kind_of_number_is_named(got, want, expected):
    assert message(got, want) == f"dtheta {expected}"


def test_nan_and_infinity_are_counted():
    bad = WANT.clone()
    bad[3:5] = float("nan")
    hint = "is there a log of 0, an overflow in exp, or a division by 0?"
    assert message(bad, WANT) == f"dtheta is NaN in 2 of 785 entries: {hint}"
    assert message(float("inf"), 1.0, "loss") == f"loss is infinite: {hint}"


@pytest.mark.parametrize(
    ("factor", "expected"),
    [
        (-1, "has the opposite sign: is a minus missing, or one too many?"),
        (13_007, "is 13007 times too large: did you sum where the mean is wanted?"),
        (1 / 500, "is 500 times too small: did you take the mean where the sum is wanted, or divide twice?"),
        (2, "is 2 times too large: is there a factor 2 too many?"),
        (0.5, "is 2 times too small: is a factor 2 missing?"),
        (-500, "has the opposite sign and is 500 times too large: did you sum where the mean is wanted?"),
        (1.1, "is 1.1 times what is expected."),
        (0, "is zero everywhere."),
    ],
)
def test_one_factor_for_all_entries_gives_the_slip_away(factor, expected):
    assert message(WANT * factor, WANT).startswith(f"dtheta {expected} At [0] it is ")


def test_a_single_number_gives_its_slip_away_too():
    assert message(-0.25, 0.25, "loss") == (
        "loss has the opposite sign: is a minus missing, or one too many? It is -0.25, expected 0.25."
    )
    assert message(torch.tensor(1.12682) * 13_007, torch.tensor(1.12682), "loss").startswith(
        "loss is 13007 times too large: did you sum where the mean is wanted? It is 14656"
    )


@pytest.mark.parametrize(("got", "want"), [(0.0, 1.0), (1.2, 1.0), (3.3, 1.0), (1.0, 0.0), (57.03, 1.0)])
def test_a_single_number_without_a_telling_ratio_gets_no_guess(got, want):
    assert message(got, want, "loss") == f"loss is {got:.6g}, expected {want:.6g}."


def test_one_offset_for_all_entries_gives_the_slip_away():
    assert message(WANT + 0.5, WANT).startswith("dtheta is off by the same amount everywhere, 0.5.")


def test_a_bias_wrong_alone_is_pointed_at():
    bad = WANT.clone()
    bad[-1] = 0
    assert message(bad, WANT) == "dtheta is right except in its last entry. At [784] it is 0, expected 2."


def test_otherwise_the_first_wrong_entry_is_shown():
    want, bad = torch.ones(3, 4), torch.ones(3, 4)
    bad[1, 2] = bad[2, 0] = 5
    assert message(bad, want, "pred") == "pred is wrong in 2 of 12 entries. At [1, 2] it is 5, expected 1."


def test_the_tolerances_are_the_callers():
    check_close(1.09, 1.0, rtol=0.1)
    check_close(1e-3, 0.0, atol=1e-2)
    assert "expected 1." in message(1.09, 1.0, rtol=0.01)


def test_small_entries_must_be_right_beside_large_ones():
    want = torch.tensor([1e6, 1.0, 2.0])
    assert "wrong in 2 of 3 entries" in message(torch.tensor([1e6, 5.0, 9.0]), want)


def test_want_must_be_numbers():
    with pytest.raises(ValueError, match="can't compare loss with a str"):
        check_close(1.0, "1.0", "loss")
