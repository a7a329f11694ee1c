import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from descent.smoothing import moving_average

NUMBERS = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60)


def test_each_mean_is_over_the_neighbours_that_are_there():
    assert moving_average([1.0, 2.0, 6.0, 10.0], 3).tolist() == [1.5, 3.0, 6.0, 8.0]


@given(NUMBERS, st.integers(0, 40))
def test_means_lie_between_the_smallest_and_the_largest_value(values, half):
    means = moving_average(values, 2 * half + 1)
    assert len(means) == len(values)
    assert means.min() >= min(values) - 1e-9
    assert means.max() <= max(values) + 1e-9


@given(NUMBERS)
def test_a_window_of_one_changes_nothing(values):
    assert moving_average(values, 1).tolist() == pytest.approx(values)


def test_a_straight_line_stays_a_straight_line_away_from_its_ends():
    line = np.linspace(3.0, 9.0, 101)
    assert np.allclose(moving_average(line, 21)[10:-10], line[10:-10])


def test_nan_and_infinity_stay_in_their_windows():
    means = moving_average([1.0, 1.0, 1.0, 1.0, math.inf, math.nan], 3).tolist()
    assert means[:3] == [1.0, 1.0, 1.0]
    assert means[3] == math.inf
    assert math.isnan(means[4])


def test_tensors_with_a_gradient_are_taken_too():
    values = torch.tensor([1.0, 3.0], requires_grad=True)
    means = moving_average(values, 3)
    assert means.dtype == torch.float64
    assert not means.requires_grad


@pytest.mark.parametrize("window", [0, -1, 2, 50])
def test_a_window_without_a_middle_is_refused(window):
    with pytest.raises(ValueError, match=f"odd window of at least 1, .* not {window}"):
        moving_average([1.0, 2.0], window)


def test_a_table_is_refused():
    with pytest.raises(ValueError, match=r"shape \(N,\), not \(2, 2\)"):
        moving_average(torch.ones(2, 2))
