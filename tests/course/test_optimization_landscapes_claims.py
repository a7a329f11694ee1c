"""What the notebook says about walks on landscapes, checked by taking them."""

from functools import partial

import cells  # noqa: F401  (puts the course's root on the path)
import pytest
import torch
from torch.optim import SGD, Adam, AdamW
from torch.optim.lr_scheduler import ExponentialLR

from autograder.optimization_landscapes.reference import LOWEST, adam_path, momentum_descent
from autograder.optimization_landscapes.reference import fancy as exact_fancy
from descent import fancy, minimise, peaks, rastrigin, rosenbrock, valley
from descent.playground import walk

FROM = (-4.0, 4.0)
DENTED = (-2.45, -2.45)


def on_fancy(lr, steps=50, gamma=1.0, momentum=0.0):
    return minimise(fancy, FROM, partial(SGD, lr=lr, momentum=momentum), partial(ExponentialLR, gamma=gamma), steps)


def above(walk):
    return (walk.values - LOWEST).tolist()


def grid(low, high, count):
    v = torch.linspace(low, high, count, dtype=torch.float64)
    return v[:, None], v[None, :]


def lowest(fn, low, high, count=2001):
    x, y = grid(low, high, count)
    height = fn(x, y)
    row, column = divmod(int(height.argmin()), count)
    return height.min().item(), (x[row, 0].item(), y[0, column].item())


def test_the_lowest_points_lie_where_the_text_puts_them():
    assert lowest(peaks, -3, 3)[0] == pytest.approx(-1.6378, abs=5e-5)
    assert lowest(peaks, -3, 3)[1] == pytest.approx((0.228, -1.626), abs=3e-3)
    assert lowest(fancy, -5, 5)[0] == pytest.approx(-1.6493, abs=5e-5)
    assert lowest(fancy, -5, 5)[1] == pytest.approx((0, -1.1105), abs=5e-3)
    assert lowest(rastrigin, -3, 3)[0] == pytest.approx(0, abs=1e-12)
    assert rosenbrock(torch.tensor(1.0), torch.tensor(1.0)) == 0


def test_the_references_minimum_of_fancy_is_right_to_twelve_digits():
    point = torch.tensor([0.0, -1.11], dtype=torch.float64)
    for _ in range(200):
        leaf = point.clone().requires_grad_()
        (slope,) = torch.autograd.grad(exact_fancy(*leaf), leaf)
        point = point - 0.7 * slope
    assert exact_fancy(*point).item() == pytest.approx(LOWEST, abs=1e-12)


@pytest.mark.parametrize(
    ("start", "end", "height"),
    [
        ((1.0, -0.5), (0.228, -1.626), -1.6378),
        ((0.5, 0.5), (0.296, 0.320), -0.0162),
        ((-1.0, 1.0), (-1.347, 0.2045), -0.7625),
    ],
)
def test_on_peaks_three_starts_have_three_ends(start, end, height):
    walk = minimise(peaks, start, partial(SGD, lr=0.1), steps=50)
    assert walk.points[-1].tolist() == pytest.approx(end, abs=2e-3)
    assert walk.values[-1].item() == pytest.approx(height, abs=1e-4)


@pytest.mark.parametrize("lr", [1.0, 0.5])
def test_gradient_descent_with_a_rate_of_1_or_a_half_arrives(lr):
    assert above(on_fancy(lr))[-1] < 1e-4


def test_a_rate_of_a_fifth_is_on_its_way_but_runs_out_of_steps():
    heights = above(on_fancy(0.2))
    assert 0.1 < heights[-1] < 0.5
    assert heights == sorted(heights, reverse=True)
    assert above(on_fancy(0.2, steps=100))[-1] < 1e-4


@pytest.mark.parametrize("lr", [2.0, 3.0])
def test_rates_of_2_and_3_reach_the_bowl_but_never_settle(lr):
    walk = on_fancy(lr, steps=200)
    heights, strides = above(walk), (walk.points[1:] - walk.points[:-1]).norm(dim=1)
    assert max(heights[150:]) > 0.1
    assert above(on_fancy(lr))[-1] > 0.1
    assert strides[150:].max() > 0.5
    assert walk.points.norm(dim=1).max() < 10


def test_all_walkers_set_off_at_a_crawl_along_x_because_the_slope_there_is_almost_zero():
    leaf = torch.tensor(FROM, requires_grad=True)
    fancy(*leaf).backward()
    assert abs(leaf.grad[0]) < 0.05
    assert leaf.grad.norm() < 1.0


def test_a_rate_of_2_that_decays_comes_within_two_hundredths_and_3_even_closer():
    assert 0.001 < above(on_fancy(2.0, gamma=0.8))[-1] < 0.02
    assert above(on_fancy(3.0, gamma=0.8))[-1] < 1e-4


def test_a_rate_of_1_that_decays_as_fast_freezes_on_the_slope_since_its_rates_add_up_to_5():
    walk = on_fancy(1.0, gamma=0.8)
    assert above(walk)[-1] > 1
    assert walk.rates.sum().item() == pytest.approx(5, abs=1e-3)
    assert (walk.points[-1] - walk.points[-2]).norm() < 1e-3


@pytest.mark.parametrize("scale", [0.03, 10.0])
def test_a_function_scale_times_as_steep_takes_the_same_steps_with_a_rate_scale_times_as_small(scale):
    steep = minimise(lambda x, y: scale * fancy(x, y), FROM, partial(SGD, lr=1 / scale), steps=18)
    plain = on_fancy(1.0, steps=18)
    assert torch.allclose(steep.points, plain.points, atol=1e-3)


def test_what_works_at_scale_1_leaps_about_at_scale_10():
    walk = minimise(lambda x, y: 10 * fancy(x, y), FROM, partial(SGD, lr=1.0), steps=49)
    assert above(walk)[-1] / 10 > 0.1


def test_walkers_settle_below_a_rate_of_1_54_and_not_above():
    x, y = torch.tensor(0.0), torch.tensor(-1.1105)
    hessian = torch.autograd.functional.hessian(lambda p: fancy(*p), torch.stack([x, y]))
    assert hessian.diagonal().tolist() == pytest.approx([1.2, 1.296], abs=1e-3)
    assert above(on_fancy(1.5, steps=300))[-1] < 1e-5
    assert max(above(on_fancy(1.6, steps=300))[-20:]) > 1e-2


def test_momentum_begins_as_the_hidden_test_says_and_follows_torch():
    path = momentum_descent(fancy, FROM, 0.1, 0.9, 20)
    assert path[1].tolist() == pytest.approx((-3.9957, 3.9054), abs=5e-5)
    assert path[2].tolist() == pytest.approx((-3.9873, 3.7362), abs=5e-5)
    assert path[3].tolist() == pytest.approx((-3.9748, 3.5173), abs=5e-5)
    assert torch.allclose(path.float(), on_fancy(0.1, 20, momentum=0.9).points, atol=1e-4)


def test_on_rosenbrock_momentum_gets_much_further_along_the_valley():
    slow, fast = (minimise(rosenbrock, (2.0, -2.0), partial(SGD, lr=0.0001, momentum=m), steps=200) for m in (0.0, 0.9))
    assert slow.values[-1] > 0.9
    assert slow.points[-1, 0] < 0.1
    assert fast.values[-1] < 0.02
    assert fast.points[-1, 0] > 0.85


def test_rosenbrocks_walls_are_hundreds_of_times_steeper_than_its_floor():
    on_the_floor = torch.autograd.functional.hessian(lambda p: rosenbrock(*p), torch.ones(2))
    low, high = torch.linalg.eigvalsh(on_the_floor).tolist()
    assert high / low > 200


def test_on_the_valley_a_momentum_of_0_7_shortens_the_way_and_0_9_rolls_past_and_is_still_coming_back():
    plain, helped, rolled = (
        minimise(valley, (-4.5, -2.0), partial(SGD, lr=0.1, momentum=m), steps=50) for m in (0.0, 0.7, 0.9)
    )
    assert helped.values[-1] < 0.01 * plain.values[-1]
    assert rolled.values[-1] > 100 * helped.values[-1]
    along = torch.tensor([1.0, -1.0])  # the valley's floor
    position = rolled.points @ along
    assert position[0] < 0 < position.max()
    assert rolled.points[-1].norm() < rolled.points[10:].norm(dim=1).max()


def test_a_constant_gradient_makes_the_velocity_ten_times_as_large_with_a_momentum_of_0_9():
    path = momentum_descent(lambda x: 1.0 * x, (0.0,), 0.1, 0.9, 200)
    assert (path[-2] - path[-1]).item() == pytest.approx(0.1 * 10, rel=1e-4)


def test_adam_with_a_rate_of_a_half_is_nearly_there_on_fancy_after_50_steps():
    walk = minimise(fancy, FROM, partial(Adam, lr=0.5), steps=50)
    assert walk.values[-1].item() == pytest.approx(-1.6456, abs=5e-4)


def test_adam_alone_sits_two_dents_away_from_the_goal_and_weight_decay_gets_it_out():
    alone = minimise(rastrigin, DENTED, partial(Adam, lr=0.20497), steps=20)
    assert alone.points[-1].tolist() == pytest.approx((-1.91, -1.91), abs=5e-3)
    pulled = minimise(rastrigin, DENTED, partial(Adam, lr=0.19322, weight_decay=9.982), steps=50)
    assert pulled.points[-1].tolist() == pytest.approx((-0.055, -0.055), abs=5e-3)
    assert alone.values[-1] > 7 > 1 > pulled.values[-1]


def test_adam_alone_stays_there_with_the_same_rate_and_as_many_steps():
    alone = minimise(rastrigin, DENTED, partial(Adam, lr=0.19322), steps=50)
    assert (alone.points[-1] + 2).abs().max() < 0.1


def test_the_explicit_penalty_does_the_same():
    walk = minimise(lambda x, y: rastrigin(x, y) + 3.945 * (x**2 + y**2), DENTED, partial(Adam, lr=0.19322), steps=50)
    assert walk.points[-1].tolist() == pytest.approx((-0.052, -0.052), abs=5e-3)


def test_with_the_penalty_no_dent_is_left_beyond_1_95():
    v = torch.linspace(-3, -1.95, 10_001, dtype=torch.float64)
    slope = 2 * (1 + 3.945) * v + 6 * torch.pi * torch.sin(2 * torch.pi * v)
    assert (slope < 0).all()
    assert (2 * v + 6 * torch.pi * torch.sin(2 * torch.pi * v)).max() > 0  # without it, there is one


def test_weight_decay_in_adam_is_a_penalty_of_half_its_strength():
    decayed = minimise(rastrigin, DENTED, partial(Adam, lr=0.1, weight_decay=3.0), steps=20)
    penalised = minimise(lambda x, y: rastrigin(x, y) + 1.5 * (x**2 + y**2), DENTED, partial(Adam, lr=0.1), steps=20)
    assert torch.allclose(decayed.points, penalised.points, atol=1e-3)


def test_in_adamw_the_same_spring_makes_another_path():
    coupled, decoupled = (
        minimise(rastrigin, DENTED, partial(kind, lr=0.19322, weight_decay=9.982), steps=50) for kind in (Adam, AdamW)
    )
    assert (coupled.points[-1] - decoupled.points[-1]).abs().max() > 0.1


def test_a_small_penalty_moves_the_lowest_point_from_5_5_to_2_996():
    assert lowest(partial(rastrigin, shift=5.0), -2, 8)[1] == pytest.approx((5, 5), abs=5e-3)
    height, place = lowest(lambda x, y: rastrigin(x, y, 5.0) + 0.77 * (x**2 + y**2), -2, 8)
    assert place == pytest.approx((2.996, 2.996), abs=5e-3)
    assert rastrigin(torch.tensor(place[0]), torch.tensor(place[1]), 5.0) > 7
    assert height < 0.77 * 50  # what the goal itself now costs


def test_adam_does_not_care_how_steep_a_bowl_is():
    for scale in (1e-3, 1.0, 1e6):
        path = adam_path(lambda x, y, scale=scale: scale * (x**2 + y**2))
        assert path.norm(dim=1).min() < 0.1
        assert (path[1] - path[0]).abs().tolist() == pytest.approx([0.5, 0.5], abs=1e-3)


def test_the_solutions_egg_box_holds_adam_in_the_dent_where_it_starts():
    path = adam_path(
        lambda x, y: 2 * (torch.sin(torch.pi * x / 2) ** 2 + torch.sin(torch.pi * y / 2) ** 2) + 0.05 * (x**2 + y**2)
    )
    assert (path - 4).abs().max() < 1


def test_in_the_playground_momentum_rolls_sgd_out_of_the_shallower_hollow():
    assert walk("peaks", "SGD", 50, 0.1).points[-1].tolist() == pytest.approx((-1.347, 0.2045), abs=1e-2)
    assert walk("peaks", "SGD", 50, 0.1, momentum=0.9).points[-1].norm() > 3


def test_in_the_playground_rosenbrock_can_be_brought_below_a_twentieth_within_200_steps():
    assert walk("Rosenbrock", "SGD", 200, 0.0001, momentum=0.9).values[-1] < 0.05


def test_in_the_playground_some_weight_decay_brings_adam_to_the_origin():
    assert walk("Rastrigin", "Adam", 50, 0.19322, weight_decay=9.982).points[-1].norm() < 0.1
    assert walk("Rastrigin", "Adam", 50, 0.19322).points[-1].norm() > 2
