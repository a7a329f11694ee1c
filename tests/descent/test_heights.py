import math

import numpy as np
import pytest
import torch

from descent.functions import fancy, hilly, peaks, rastrigin, rosenbrock, valley
from descent.heights import heights

LANDS = [
    (peaks, (-3, 3), (-3, 3)),
    (rastrigin, (-4, 4), (-4, 4)),
    (rosenbrock, (-2.5, 2.5), (-2.5, 3.5)),
    (fancy, (-5, 5), (-5, 5)),
    (hilly, (-14, 0), (-6, 12)),
    (valley, (-5, 5), (-5, 5)),
]


def plane(x, y):
    return x + 10 * y


def test_rows_are_y_and_columns_are_x():
    land = heights(plane, (0, 1), (2, 4), count=3)
    assert land.x.tolist() == [0, 0.5, 1]
    assert land.y.tolist() == [2, 3, 4]
    assert land.z.tolist() == [[20, 20.5, 21], [30, 30.5, 31], [40, 40.5, 41]]
    assert (land.lowest, land.highest) == (20, 41)


@pytest.mark.parametrize(("fn", "x_range", "y_range"), LANDS, ids=lambda part: getattr(part, "__name__", None))
def test_half_of_the_map_at_least_has_shades_of_its_own(fn, x_range, y_range):
    """A few high walls may not leave all the rest in one shade, nor the basin without a contour of its own."""
    land = heights(fn, x_range, y_range)
    shade = land.shade(land.z)
    assert shade.min() == 0
    assert shade.max() == pytest.approx(1)
    assert 0.25 <= np.median(shade) <= 0.75
    assert (shade < 1 / 16).mean() < 0.3
    assert (shade < 3 / 16).any()


@pytest.mark.parametrize(("fn", "x_range", "y_range"), LANDS, ids=lambda part: getattr(part, "__name__", None))
def test_a_shade_stands_for_a_value_and_back(fn, x_range, y_range):
    land = heights(fn, x_range, y_range)
    for shade in (0.0, 0.1, 0.5, 0.9, 1.0):
        assert land.shade(np.array([land.value(shade)])) == pytest.approx(shade, abs=1e-5)


def test_a_plane_is_shaded_evenly():
    land = heights(plane, (0, 1), (0, 1))
    assert math.isinf(land.bend)
    assert land.value(0.25) == pytest.approx(11 / 4)


def test_a_constant_is_drawn_in_one_shade():
    land = heights(lambda x, y: 0 * x + 3, (0, 1), (0, 1))
    assert set(land.shade(land.z).flatten()) == {0}


def test_poles_and_holes_are_left_out():
    land = heights(lambda x, y: torch.log(x) + 0 * y, (-1, 1), (0, 1), count=5)
    assert np.isnan(land.z).tolist() == [[True, True, True, False, False]] * 5
    assert math.isfinite(land.lowest)


def test_a_function_that_is_finite_nowhere_is_refused():
    with pytest.raises(ValueError, match="finite nowhere in these ranges"):
        heights(lambda x, y: x + math.inf, (0, 1), (0, 1))


@pytest.mark.parametrize(
    ("fn", "returned"),
    [
        (lambda x, y: (x + y).sum(), r"\(\)"),
        (lambda x, y: x[0], r"\(101,\)"),
        (lambda x, y: 3.0, "float"),
        (lambda x, y: None, "NoneType"),
    ],
)
def test_a_function_has_to_return_a_number_for_each_point(fn, returned):
    with pytest.raises(ValueError, match=rf"one number for each point.*\(101, 101\) it returns {returned}"):
        heights(fn, (0, 1), (0, 1))


@pytest.mark.parametrize("limits", [(1, 1), (2, -2), (0, math.inf), (math.nan, 1), 5, (1, 2, 3), "ab", None])
def test_a_range_is_two_numbers_the_smaller_first(limits):
    with pytest.raises(ValueError, match="x_range has to be two numbers, the smaller first"):
        heights(plane, limits, (0, 1))
    with pytest.raises(ValueError, match="y_range has to be"):
        heights(plane, (0, 1), limits)
