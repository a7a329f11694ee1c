import math

import pytest
import torch

from descent import fancy, hilly, numeric_gradient, peaks, rastrigin, rosenbrock, valley

EVERYWHERE = [peaks, rastrigin, rosenbrock, fancy, hilly, valley]
MINIMA = [
    (peaks, (0.228, -1.626), -1.6378),
    (rastrigin, (0.0, 0.0), 0.0),
    (rosenbrock, (1.0, 1.0), 0.0),
    (fancy, (0.0, -1.1105), -1.6493),
    (hilly, (-3.12, -1.59), -106.787),
    (valley, (0.0, 0.0), 0.0),
]
RANGES = {
    peaks: ((-4, 4), (-4, 4)),
    rastrigin: ((-5, 5), (-5, 5)),
    rosenbrock: ((-3, 3), (-3, 3)),
    fancy: ((-6, 6), (-6, 6)),
    hilly: ((-14, 0), (-6, 12)),
    valley: ((-5, 5), (-5, 5)),
}


def at(fn, *point):
    return fn(*torch.tensor(point, dtype=torch.float64)).item()


@pytest.mark.parametrize(("fn", "place", "value"), MINIMA, ids=lambda part: getattr(part, "__name__", None))
def test_the_minimum_is_where_and_what_it_should_be(fn, place, value):
    assert at(fn, *place) == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize(("fn", "place", "value"), MINIMA, ids=lambda part: getattr(part, "__name__", None))
def test_nothing_on_the_map_lies_lower(fn, place, value):
    x, y = (torch.linspace(*limits, 801, dtype=torch.float64) for limits in RANGES[fn])
    lowest = fn(x[None, :], y[:, None]).min().item()
    assert value - 1e-3 < lowest < value + 0.2


@pytest.mark.parametrize("fn", EVERYWHERE)
def test_each_broadcasts_and_works_entry_by_entry(fn):
    x, y = torch.linspace(-2, 2, 5, dtype=torch.float64), torch.linspace(-1, 3, 4, dtype=torch.float64)
    grid = fn(x[None, :], y[:, None])
    assert grid.shape == (4, 5)
    assert grid[3, 1].item() == pytest.approx(at(fn, x[1], y[3]))


@pytest.mark.parametrize("fn", EVERYWHERE)
def test_gradients_agree_with_finite_differences(fn):
    place = torch.tensor([0.37, -1.21], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(fn(*place), place)
    assert torch.allclose(slope, numeric_gradient(lambda p: fn(*p), place), rtol=1e-5, atol=1e-5)


def test_known_values_away_from_the_minimum():
    assert at(rosenbrock, 2.0, -2.0) == pytest.approx(3601)
    assert at(valley, -4.5, -2.0) == pytest.approx(20.25 + 4 + 16.2)
    assert at(fancy, -4.0, 4.0) == pytest.approx(-math.cos(4) + math.sin(4) + 4.8)
    assert at(rastrigin, 0.5, 0.5) == pytest.approx(6 + 0.5 + 6)
    assert at(peaks, 0.0, 0.0) == pytest.approx((3 / math.e - 1 / (3 * math.e)) / 4)
    assert at(hilly, 0.0, 0.0) == pytest.approx(math.exp(2))


@pytest.mark.parametrize("shift", [1.0, 5.0, -2.0])
def test_the_bowl_of_the_egg_box_can_be_shifted(shift):
    assert at(lambda x, y: rastrigin(x, y, shift), shift, shift) == pytest.approx(0, abs=1e-9)
    assert at(lambda x, y: rastrigin(x, y, shift), 0.0, 0.0) == pytest.approx(2 * shift**2)


def test_a_penalty_moves_the_minimum_of_the_shifted_egg_box():
    x = torch.linspace(-1, 7, 1601, dtype=torch.float64)
    height = rastrigin(x[None, :], x[:, None], 5.0) + 0.77 * (x[None, :] ** 2 + x[:, None] ** 2)
    row, column = divmod(int(height.argmin()), len(x))
    assert x[row].item() == pytest.approx(2.996, abs=0.006)
    assert x[column].item() == pytest.approx(2.996, abs=0.006)
