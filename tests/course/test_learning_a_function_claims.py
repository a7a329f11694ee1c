"""What the notebook says about the function that learns, checked by letting it learn."""

import math
from functools import partial

import cells  # noqa: F401  (puts the course's root on the path)
import pytest
import torch
from torch.optim import Adam

from autograder.learning_a_function.reference import absolute, f, learn, squared
from descent import minimise

START = (2.0, -2.0)
TRUE = (1.2, -0.9)
SIX = torch.tensor([[0.0, 0.0], [0.5, 0.4], [-0.3, -0.8], [0.8, 1.2], [-0.9, 0.6], [0.2, -1.5]])
ZERO = torch.tensor(0.0)


def one_datum(theta1, theta2):
    return (f(ZERO, ZERO, theta1, theta2) + 1) ** 2


def walk(start=START, steps=50):
    return minimise(one_datum, start, partial(Adam, lr=0.025), steps=steps)


def values():
    return f(SIX[:, 0], SIX[:, 1], torch.tensor(TRUE[0]), torch.tensor(TRUE[1]))


def mistyped():
    wrong = values().clone()
    wrong[3] = 1.0
    return wrong


def lowest(loss, targets, low=(0.0, -2.5), high=(2.5, 0.0), count=501):
    theta1 = torch.linspace(low[0], high[0], count, dtype=torch.float64)[:, None]
    theta2 = torch.linspace(low[1], high[1], count, dtype=torch.float64)[None, :]
    errors = torch.stack([f(x, y, theta1, theta2) - t for (x, y), t in zip(SIX.double(), targets, strict=True)])
    height = (errors**2 if loss is squared else errors.abs()).mean(dim=0)
    row, column = divmod(int(height.argmin()), count)
    return theta1[row, 0].item(), theta2[0, column].item()


def test_at_the_start_the_value_is_0_757_and_the_loss_3_0864():
    assert f(ZERO, ZERO, torch.tensor(2.0), torch.tensor(-2.0)).item() == pytest.approx(0.757, abs=5e-4)
    assert walk().values[0].item() == pytest.approx(3.0864, abs=5e-5)


def test_adam_takes_the_loss_to_0_856_at_step_10_and_0_0008_at_step_50():
    path = walk()
    assert path.values[10].item() == pytest.approx(0.856, abs=5e-4)
    assert path.values[50].item() == pytest.approx(0.0008, abs=5e-5)
    assert path.points[50].tolist() == pytest.approx((1.3446, -1.3446), abs=5e-4)


def test_the_walk_never_leaves_the_line_on_which_it_starts():
    assert walk().points.sum(dim=1).abs().max() < 1e-6


def test_the_reference_takes_the_same_walk_as_minimise():
    thetas, losses = learn(squared, torch.zeros(1, 2), torch.tensor([-1.0]), START, partial(Adam, lr=0.025), 50)
    assert torch.allclose(thetas.float(), walk().points, atol=1e-4)
    assert torch.allclose(losses.float(), walk().values, atol=1e-4)


@pytest.mark.parametrize("product", [-math.pi / 2, 3 * math.pi / 2])
def test_one_datum_cannot_tell_parameters_with_the_same_product_apart(product):
    theta1 = torch.linspace(0.5, 3.5, 50)
    assert one_datum(theta1, product / theta1).max() < 1e-10


def test_the_ridge_grows_broader_and_waves_along_x_stay_as_they_are():
    first, last = walk().points[0], walk().points[-1]
    half = torch.tensor(0.4)

    def along_y(theta):
        return f(ZERO, half, *theta) / f(ZERO, ZERO, *theta)

    def along_x(theta):
        return f(half, ZERO, *theta) / f(ZERO, ZERO, *theta)

    assert along_y(last) > along_y(first) + 0.1
    assert along_x(last).item() == pytest.approx(along_x(first).item())


def test_at_the_origin_the_slope_is_zero_and_a_walk_from_a_half_and_a_half_ends_there_at_a_loss_of_1():
    theta = torch.zeros(2, requires_grad=True)
    one_datum(*theta).backward()
    assert theta.grad.abs().max() == 0
    path = walk((0.5, 0.5), 200)
    assert path.points[-1].norm() < 1e-3
    assert path.values[-1].item() == pytest.approx(1, abs=1e-3)


def test_from_2_1_the_walk_ends_on_another_curve():
    path = walk((2.0, 1.0), 200)
    assert path.values[-1] < 1e-3
    assert path.points[-1].prod().item() == pytest.approx(3 * math.pi / 2, abs=0.15)
    assert path.points[-1].norm() > path.points[0].norm()


def test_six_points_are_enough_to_find_the_parameters_again():
    thetas, losses = learn(squared, SIX, values(), START, partial(Adam, lr=0.05), 200)
    assert thetas[-1].tolist() == pytest.approx(TRUE, abs=0.03)
    assert losses[-1] < 1e-4


def test_six_points_leave_single_places_with_the_same_width_and_the_same_sine():
    mirrored = f(SIX[:, 0], SIX[:, 1], torch.tensor(-TRUE[0]), torch.tensor(-TRUE[1]))
    assert squared(mirrored - values()) < 1e-10
    second = (math.pi - 1.08) / 0.9
    assert second == pytest.approx(2.29, abs=5e-3)
    assert squared(f(SIX[:, 0], SIX[:, 1], torch.tensor(second), torch.tensor(-0.9)) - values()) < 1e-10
    # On the curve of the same product, another width costs something.
    for theta2 in (-0.7, -1.2):
        theta1 = TRUE[0] * TRUE[1] / theta2
        assert squared(f(SIX[:, 0], SIX[:, 1], torch.tensor(theta1), torch.tensor(theta2)) - values()) > 1e-3


def test_a_false_datum_spoils_the_squared_errors_but_not_the_absolute_ones():
    by_squares, _ = learn(squared, SIX, mistyped(), START, partial(Adam, lr=0.05), 200)
    by_sizes, _ = learn(absolute, SIX, mistyped(), START, partial(Adam, lr=0.05), 200)
    assert by_squares[-1, 1] / TRUE[1] > 1.8
    assert by_sizes[-1].tolist() == pytest.approx(TRUE, abs=0.02)


def test_what_the_walks_find_is_what_lies_lowest():
    theta1, theta2 = lowest(squared, mistyped())
    assert theta2 == pytest.approx(-1.695, abs=0.01)
    assert math.sin(theta1 * theta2) == pytest.approx(math.sin(1.109 * -1.695), abs=0.01)
    assert lowest(absolute, mistyped()) == pytest.approx(TRUE, abs=0.01)


def test_absolute_errors_have_creases_where_squares_are_round():
    def slope(loss, theta1):
        leaf = torch.tensor([theta1, TRUE[1]], dtype=torch.float64, requires_grad=True)
        loss(f(SIX[:, 0].double(), SIX[:, 1].double(), *leaf) - mistyped().double()).backward()
        return leaf.grad[0].item()

    for loss, least, most in ((absolute, 0.1, 1.0), (squared, 0.0, 0.01)):
        jump = abs(slope(loss, TRUE[0] + 1e-4) - slope(loss, TRUE[0] - 1e-4))
        assert least <= jump <= most
