"""What the notebook says about the nine points, the parabola and x², checked in float64 or by its own float32."""

import cells  # noqa: F401  (puts the course's root on the path)
import pytest
import torch

from autograder.learning_rate.reference import critical_learning_rate, descend, tolerances, train
from descent import proportional_data

X, Y = proportional_data()
BEST = float((X.double() * Y).sum() / (X.double() ** 2).sum())
CRITICAL = float(critical_learning_rate(X))


def walk(lr, epochs, w=0.0):
    """The weights from the start on, shape (epochs + 1,)."""
    return torch.cat([torch.tensor([w], dtype=torch.float64), train(X, Y, lr, epochs, w)[2]])


def distances(lr, epochs, w=0.0):
    return (walk(lr, epochs, w) - BEST).abs()


def test_the_best_weight_its_loss_and_the_numbers_at_zero_are_those_in_the_text():
    assert pytest.approx(2.0207, abs=5e-5) == BEST
    losses, gradients, _ = train(X, Y, 0.0, 1, BEST)
    assert losses[0].item() == pytest.approx(0.7277, abs=5e-5)
    assert abs(gradients[0]) < 1e-10
    losses, gradients, _ = train(X, Y, 0.001, 1)
    assert losses[0].item() == pytest.approx(138.5067, abs=5e-5)
    assert gradients[0].item() == pytest.approx(-136.3667, abs=5e-5)


def test_the_reference_gradient_is_the_one_that_autograd_finds():
    w = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    ((w * X.double() - Y.double()) ** 2).mean().backward()
    assert train(X, Y, 0.1, 1, 0.7)[1][0].item() == pytest.approx(w.grad.item(), rel=1e-12)


def test_two_points_by_hand():
    results = train(torch.tensor([1.0, 2.0]), torch.tensor([2.0, 4.0]), 0.1, 1, 1.0)
    assert [result.item() for result in results] == pytest.approx([2.5, -5.0, 1.5])


def test_gradients_add_up_over_calls_of_backward():
    w = torch.tensor(0.0, requires_grad=True)
    seen = []
    for _ in range(3):
        ((w * X - Y) ** 2).mean().backward()
        seen.append(w.grad.item())
    assert seen == pytest.approx([seen[0], 2 * seen[0], 3 * seen[0]], rel=1e-5)


def test_every_gradient_points_up_the_hill_and_shrinks_towards_the_minimum():
    places = [-1.0, 0.0, 1.0, 1.5, 2.5, 3.5, 5.0]
    slopes = torch.stack([train(X, Y, 0.0, 1, place)[1][0] for place in places])
    away = torch.tensor(places, dtype=torch.float64) - BEST
    assert (slopes.sign() == away.sign()).all()
    assert torch.equal(slopes.abs().argsort(), away.abs().argsort())


def test_ten_epochs_at_a_thousandth_creep_up_by_less_each_time():
    path = walk(0.001, 10)
    fixed = [0.1364, 0.2635, 0.3821, 0.4927, 0.5958, 0.6920, 0.7816, 0.8653, 0.9432, 1.0159]
    assert path[1:].tolist() == pytest.approx(fixed, abs=6e-5)
    moves = path.diff()
    assert (moves > 0).all()
    assert (moves.diff() < 0).all()


def test_thirty_epochs_at_a_thousandth_approach_but_do_not_reach():
    path = walk(0.001, 30)
    assert path[-1].item() == pytest.approx(1.77, abs=0.005)
    assert (path < BEST - 0.2).all()


def test_a_hundredth_is_there_after_eight_epochs_and_stays_on_one_side():
    path = walk(0.01, 8)
    assert path[8].item() == pytest.approx(2.0205, abs=5e-5)
    assert abs(path[8] - BEST) < 1e-3
    assert (path < BEST).all()


@pytest.mark.parametrize("lr", [0.02, 0.025])
def test_larger_rates_overshoot_and_converge(lr):
    path = walk(lr, 60)
    sides = (path[:8] - BEST).sign()
    assert (sides[1:] == -sides[:-1]).all()
    assert (distances(lr, 20).diff() < 0).all()
    assert distances(lr, 60)[-1] < 1e-3


def test_the_first_weights_of_the_overshooting_rate():
    assert walk(0.025, 4)[1:].tolist() == pytest.approx([3.409, 1.067, 2.676, 1.570], abs=6e-4)


def test_just_below_the_critical_rate_it_bounces_and_hardly_moves():
    path = walk(0.02963, 6)
    assert path[1:4].tolist() == pytest.approx([4.0405, 0.0018, 4.0388], abs=6e-5)
    assert distances(0.02963, 6)[-1] > 0.99 * distances(0.02963, 6)[0]
    assert (distances(0.02963, 6).diff() < 0).all()


@pytest.mark.parametrize("lr", [0.031, 0.1])
def test_beyond_it_every_step_lands_further_out(lr):
    assert (distances(lr, 12).diff() > 0).all()
    assert (distances(lr, 100)[-1] / abs(BEST)) > 1e3


def test_the_first_weights_of_the_diverging_rate_and_the_growth_at_a_tenth():
    assert walk(0.031, 3)[1:].tolist() == pytest.approx([4.227, -0.389, 4.652], abs=6e-4)
    path = walk(0.1, 12).abs()
    assert (path[6:] / path[5:-1]).tolist() == pytest.approx([5.75] * 7, abs=0.01)


def test_the_letters_of_predict_then_run_are_right():
    letters = {}
    for lr in (0.01, 0.02, 0.025, 0.02963, 0.031, 0.1):
        away = walk(lr, 6) - BEST
        factor = float(away[1] / away[0])
        letters[lr] = "d" if factor < -1 else "b" if factor < -0.99 else "o" if factor < 0 else "s"
    assert list(letters.values()) == ["s", "o", "o", "b", "d", "d"]


def test_the_critical_rate_is_the_border_whatever_the_start():
    assert pytest.approx(0.029636, abs=5e-7) == CRITICAL
    for start in (-7.0, 0.0, 9.0):
        assert (distances(0.99 * CRITICAL, 30, start).diff() < 0).all()
        assert (distances(1.01 * CRITICAL, 30, start).diff() > 0).all()


def test_at_the_critical_rate_it_mirrors_and_at_half_of_it_one_step_arrives():
    there = walk(CRITICAL, 12) - BEST
    assert torch.allclose(there[1:], -there[:-1], atol=1e-6)
    assert distances(CRITICAL / 2, 1)[-1] < 1e-6


def test_what_the_units_of_the_data_do_to_the_critical_rate():
    assert float(critical_learning_rate(2 * X)) == pytest.approx(CRITICAL / 4)
    assert float(critical_learning_rate(100 * X)) == pytest.approx(CRITICAL / 10_000)
    # Doubled outputs: the same rate still mirrors.
    doubled = train(X, 2 * Y, CRITICAL, 2)[2]
    assert doubled[1].item() == pytest.approx(0, abs=1e-5)


def test_x_squared_bounces_for_ever_at_one_and_creeps_at_a_hundredth():
    bounce = descend(lambda x: 2 * x, 0.75, 1.0, 50)
    assert torch.equal(bounce, 0.75 * (-1.0) ** torch.arange(51, dtype=torch.float64))
    creep = descend(lambda x: 2 * x, 0.75, 0.01, 50)
    assert torch.allclose(creep[1:] / creep[:-1], torch.tensor(0.98, dtype=torch.float64))
    assert 1 / 3 < creep[-1] / 0.75 < 0.4
    assert descend(lambda x: 2 * x, 0.75, 0.5, 1)[-1] == 0


def test_a_flat_floor_slows_descent_to_a_crawl():
    path = descend(lambda x: 4 * (x - 2) ** 3, 1.0, 0.05, 30)
    assert path[1].item() == pytest.approx(1.2)
    assert abs(path[-1] - 2) > 0.1
    assert (path.diff() > 0).all()


def test_the_riddle_has_its_answer():
    kept = [1.0, 2.239880, 1.973653, 2.030817]
    gradient = float(train(X, Y, 0.0, 1, kept[0])[1][0])
    rate = (kept[0] - kept[1]) / gradient
    assert walk(rate, 3, 1.0).tolist() == pytest.approx(kept, abs=2e-6)
    assert rate == pytest.approx(round(rate, 3), abs=1e-6)


def test_one_step_further_the_flat_valley_bounces_for_ever_from_root_five_away():
    path = descend(lambda x: 4 * (x - 2) ** 3, 2 + 5**0.5, 0.1, 6) - 2
    assert path.tolist() == pytest.approx([5**0.5 * (-1) ** k for k in range(7)], rel=1e-6)


def test_one_step_further_ten_epochs_do_best_at_half_the_critical_rate():
    rates = torch.linspace(0, 0.031, 200).tolist()
    ends = torch.tensor([distances(rate, 10)[-1] for rate in rates])
    assert abs(rates[int(ends.argmin())] - CRITICAL / 2) < 2e-4


def test_one_step_further_shifted_inputs_allow_a_larger_rate_but_fit_worse():
    assert abs(X.mean() - 5) < 0.3
    shifted = X.double() - 5
    assert float(critical_learning_rate(shifted)) > 3 * CRITICAL
    slope = (shifted * Y).sum() / (shifted**2).sum()
    assert ((slope * shifted - Y) ** 2).mean() > 10


def test_one_step_further_a_shrinking_rate_comes_back_from_afar():
    w, rate, reached = 0.0, 2 * CRITICAL, 0.0
    for _ in range(400):
        w -= rate * float(train(X, Y, 0.0, 1, w)[1][0])
        rate *= 0.99
        reached = max(reached, abs(w - BEST))
    assert reached > 1e6
    assert abs(w - BEST) < 1e-3


@pytest.mark.parametrize("lr", [0.001, 0.01, 0.025, 0.04])
def test_a_tolerance_is_wider_than_float32_needs_and_far_narrower_than_a_mistake(lr):
    problem = X, Y, lr, 10, 0.0
    for wanted, single, tolerance in zip(
        train(*problem), train(*problem, dtype=torch.float32), tolerances(train, *problem), strict=True
    ):
        assert ((wanted - single).abs() <= tolerance / 10).all()
        assert (tolerance < 1e-3 * wanted.abs().max()).all()
