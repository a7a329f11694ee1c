import math

import numpy as np
import pytest
import torch

from descent import Path
from descent.trail import inside, number, outcome, trail

X, Y = (-1, 1), (0, 10)


def path(*points, values=None):
    steps = len(points) - 1
    values = [float(step) for step in range(steps, -1, -1)] if values is None else values
    return Path(torch.tensor(points, dtype=torch.float32), torch.tensor(values), torch.full((steps,), 0.1))


def test_points_within_reach_are_kept_as_they_are():
    assert trail(path((0, 5), (1, 10), (3, -4)), X, Y).tolist() == [[0, 5], [1, 10], [3, -4]]


def test_points_too_far_out_to_draw_become_gaps():
    drawn = trail(path((0, 5), (1e30, 5), (math.inf, 0), (math.nan, 0), (0, 1)), X, Y)
    assert np.isnan(drawn).all(axis=1).tolist() == [False, True, True, True, False]


def test_borders_belong_to_the_map():
    points = np.array([[-1, 0], [1, 10], [1.01, 5], [0, -0.1], [math.nan, math.nan]])
    assert inside(points, X, Y).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("points", "values", "words"),
    [
        ([(0, 5), (0, 4)], [2.0, -1.65], "1 step to −1.65"),
        ([(0, 5), (0, 40), (0, 4)], [2.0, 9.0, 1e-20], "2 steps to 0"),
        ([(0, 5), (0, 6), (5, 6), (9, 9)], [0.0, 1.0, 2.0, 5594.25], "leaves the plot at step 2, ends at 5594"),
        ([(0, 5), (1e30, 6)], [0.0, 1e30], "leaves the plot at step 1, ends at 1e+30"),
        ([(0, 5), (math.inf, 6)], [0.0, math.inf], "leaves the plot at step 1, ends at inf"),
        ([(0, 5), (math.nan, 6)], [0.0, math.nan], "leaves the plot at step 1, ends at nan"),
        ([(7, 5), (8, 5)], [0.0, 1.0], "never within the plot, ends at 1"),
    ],
)
def test_the_outcome_is_said_in_a_few_words(points, values, words):
    assert outcome(path(*points, values=values), X, Y) == words


@pytest.mark.parametrize(
    ("value", "written"),
    [(-1.63781, "−1.638"), (5594.0, "5594"), (12345.6, "1.235e+04"), (8.088e-05, "8.088e−05"), (-0.0, "0")],
)
def test_numbers_are_short_and_have_a_real_minus(value, written):
    assert number(value) == written


def test_a_path_along_a_line_cannot_be_drawn_on_a_map():
    with pytest.raises(ValueError, match=r"shape \(steps \+ 1, 2\), not \(2, 1\)"):
        trail(path((0,), (1,)), X, Y)
