from functools import partial

import pytest
import torch
from torch.optim import SGD, Adam, AdamW, RMSprop
from torch.optim.lr_scheduler import ExponentialLR, ReduceLROnPlateau, StepLR

from descent import Path, fancy, hilly, minimise, rastrigin, rosenbrock, valley

A, B, C = (-6.5, 4.5), (-12.0, 10.0), (-4.5, -2.0)
GLOBAL = (-3.12, -1.59)


def parabola(x):
    return x**2


def end(path):
    return tuple(path.points[-1].tolist())


def distances(path, place):
    return (path.points - torch.tensor(place)).norm(dim=1)


def test_a_path_has_a_point_more_than_steps_and_a_rate_for_each():
    path = minimise(valley, C, partial(SGD, lr=0.1), steps=7)
    assert path.points.shape == (8, 2)
    assert path.values.shape == (8,)
    assert path.rates.tolist() == pytest.approx([0.1] * 7)
    assert path.steps == 7
    assert path.points[0].tolist() == list(C)
    assert torch.equal(path.values, valley(*path.points.T))


def test_steps_are_those_of_gradient_descent():
    path = minimise(parabola, 0.75, partial(SGD, lr=0.25), steps=3)
    assert path.points.flatten().tolist() == [0.75, 0.375, 0.1875, 0.09375]


def test_momentum_begins_as_it_should():
    path = minimise(fancy, (-4, 4), partial(SGD, lr=0.1, momentum=0.9), steps=3)
    known = torch.tensor([(-4, 4), (-3.9957, 3.9054), (-3.9873, 3.7362), (-3.9748, 3.5173)])
    assert torch.allclose(path.points, known, atol=1e-4)


@pytest.mark.parametrize("start", [(1, 2), [1.0, 2.0], torch.tensor([1, 2]), torch.tensor([1.0, 2.0])])
def test_numbers_of_any_kind_may_start_in_single_precision(start):
    path = minimise(valley, start, partial(SGD, lr=0.1), steps=1)
    assert path.points.dtype == path.values.dtype == path.rates.dtype == torch.float32


def test_a_start_in_double_precision_keeps_it_and_is_left_alone():
    start = torch.tensor([1.0, 2.0], dtype=torch.float64)
    path = minimise(valley, start, partial(SGD, lr=0.1), steps=1)
    assert path.points.dtype == path.values.dtype == torch.float64
    assert start.tolist() == [1, 2]
    assert not path.points.requires_grad


def test_the_rates_are_those_each_step_was_taken_with():
    path = minimise(parabola, 1.0, partial(SGD, lr=0.1), partial(StepLR, step_size=2, gamma=0.5), steps=5)
    assert path.rates.tolist() == pytest.approx([0.1, 0.1, 0.05, 0.05, 0.025])


def test_the_plateau_is_judged_by_the_loss():
    quiet = minimise(parabola, 1.0, partial(SGD, lr=0.1), partial(ReduceLROnPlateau, patience=0, factor=0.5), steps=5)
    assert quiet.rates.tolist() == pytest.approx([0.1] * 5)
    # ±1 twice without a gain, then 1 again after the first cut, then 0.
    bouncing = minimise(
        parabola, 1.0, partial(SGD, lr=1.0), partial(ReduceLROnPlateau, patience=0, factor=0.5), steps=5
    )
    assert bouncing.rates.tolist() == pytest.approx([1, 1, 0.5, 0.25, 0.25])


def test_a_divergent_path_goes_on_to_infinity_and_beyond():
    path = minimise(rosenbrock, (2.0, -2.0), partial(SGD, lr=1.0), steps=20)
    assert path.points.shape == (21, 2)
    assert not path.points[-1].isfinite().any()


# What the runs of the two landscape assignments come to.


@pytest.mark.parametrize(
    ("start", "optimizer", "steps", "place", "within"),
    [
        (A, partial(SGD, lr=0.01), 30, (-3.11, -1.61), 0.01),
        (B, partial(SGD, lr=0.01), 30, (-9.25, 4.54), 0.01),
        (B, partial(SGD, lr=0.01, momentum=0.6), 25, (-3.23, -1.48), 0.01),
        (B, partial(SGD, lr=0.01, momentum=0.8), 15, (-4.3, -7.3), 0.06),
        (B, partial(RMSprop, lr=0.3), 60, (-9.4, 4.4), 0.3),
        (B, partial(RMSprop, lr=0.6), 60, (0.65, 0.92), 0.01),
    ],
)
def test_where_paths_on_the_hills_end(start, optimizer, steps, place, within):
    assert end(minimise(hilly, start, optimizer, steps=steps)) == pytest.approx(place, abs=within)


@pytest.mark.parametrize(("lr", "steps"), [(0.2, 150), (0.5, 50), (1.0, 35)])
def test_adamw_reaches_the_minimum_of_the_hills_at_every_rate(lr, steps):
    assert minimise(hilly, B, partial(AdamW, lr=lr), steps=steps).values[-1] < -100


def test_a_constant_rate_never_settles_and_a_falling_one_does():
    walker = partial(SGD, lr=0.04)
    for_ever = minimise(hilly, B, walker, steps=250)
    assert for_ever.values[-50:].std() > 1
    assert (distances(for_ever, GLOBAL)[-50:] < 4).all()
    decayed = minimise(hilly, B, walker, partial(ExponentialLR, gamma=0.95), steps=30)
    assert decayed.values[-1] == pytest.approx(-106.7, abs=0.06)
    cautious = minimise(hilly, B, walker, partial(ReduceLROnPlateau, patience=0, factor=0.8), steps=20)
    assert cautious.values[-1] == pytest.approx(-106.78, abs=0.01)


def test_rmsprop_flips_between_two_points_until_the_plateau_is_seen():
    walker = partial(RMSprop, lr=0.4)
    points = minimise(hilly, B, walker, steps=150).points
    assert torch.allclose(points[-1], points[-3], atol=1e-2)
    assert (points[-1] - points[-2]).norm() > 0.1
    settled = minimise(hilly, B, walker, partial(ReduceLROnPlateau, patience=0, factor=0.9), steps=30)
    assert settled.values[-1] == pytest.approx(-106.788, abs=0.002)


@pytest.mark.parametrize(("optimizer", "steps"), [(SGD, 50), (RMSprop, 50), (AdamW, 80)])
def test_every_optimizer_ends_near_the_valleys_minimum_at_one_half(optimizer, steps):
    assert minimise(valley, C, partial(optimizer, lr=0.5), steps=steps).values[-1] < 0.01


def test_at_a_higher_rate_only_sgd_leaves_the_valley():
    assert minimise(valley, C, partial(SGD, lr=0.6), steps=10).values[-1] > 5000
    assert minimise(valley, C, partial(RMSprop, lr=0.6), steps=50).values[-1] < 0.01
    assert minimise(valley, C, partial(Adam, lr=0.6), steps=70).values[-1] < 0.01


def test_rates_on_fancy():
    low = -1.6493
    for lr, arrives in ((3.0, False), (1.0, True), (0.5, True), (0.2, False)):
        gap = minimise(fancy, (-4, 4), partial(SGD, lr=lr)).values[-1] - low
        assert (gap < 1e-3) == arrives, lr
    decayed = minimise(fancy, (-4, 4), partial(SGD, lr=2.0), partial(ExponentialLR, gamma=0.8))
    assert decayed.values[-1] - low < 0.02
    assert minimise(fancy, (-4, 4), partial(Adam, lr=0.5)).values[-1] == pytest.approx(-1.6456, abs=1e-4)


def test_weight_decay_carries_adam_over_the_egg_box():
    start = (-2.45, -2.45)
    alone = minimise(rastrigin, start, partial(Adam, lr=0.20497), steps=20)
    assert end(alone) == pytest.approx((-1.91, -1.91), abs=0.01)
    decayed = minimise(rastrigin, start, partial(Adam, lr=0.19322, weight_decay=9.982))
    assert end(decayed) == pytest.approx((-0.055, -0.055), abs=0.001)
    penalised = minimise(lambda x, y: rastrigin(x, y) + 3.945 * (x**2 + y**2), start, partial(Adam, lr=0.19322))
    assert end(penalised) == pytest.approx((-0.052, -0.052), abs=0.001)


def test_a_function_of_parameters_is_learned():
    def loss(a, b):
        return (torch.sin(a * b) + 1) ** 2  # sin(θ₁θ₂) cos²(x²) / (1 + (θ₂y)²) at (0, 0), against −1

    path = minimise(loss, (2, -2), partial(Adam, lr=0.025), steps=50)
    assert path.values[0] == pytest.approx(3.0864, abs=1e-4)
    assert path.values[10] == pytest.approx(0.856, abs=1e-3)
    assert path.values[50] == pytest.approx(0.0008, abs=1e-4)
    assert end(path) == pytest.approx((1.3446, -1.3446), abs=1e-4)


# What is wrong is said in a sentence.


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ((1.0,), r"starts from 1 number\(s\), \(1.0,\), but valley takes another number of arguments"),
        ((1.0, 2.0, 3.0), r"starts from 3 number\(s\)"),
        ((), "finite numbers, one for each coordinate"),
        ((1.0, float("nan")), "finite numbers"),
        (torch.zeros(2, 2), "finite numbers, one for each coordinate"),
        (("a", "b"), r"start like \(-4, 4\), not \('a', 'b'\)"),
        (None, "start like"),
    ],
)
def test_a_start_that_does_not_fit_is_refused(start, said):
    with pytest.raises(ValueError, match=said):
        minimise(valley, start, partial(SGD, lr=0.1))


@pytest.mark.parametrize("steps", [0, -3, 2.5, True, "many"])
def test_steps_are_a_whole_number_above_zero(steps):
    with pytest.raises(ValueError, match="whole number of steps, 1 or more"):
        minimise(valley, C, partial(SGD, lr=0.1), steps=steps)


@pytest.mark.parametrize(
    ("fn", "said"),
    [
        (lambda x, y: torch.stack([x, y]), r"one number at each point; <lambda> returns shape \(2,\)"),
        (lambda x, y: x.item() + y.item(), "can't differentiate <lambda>"),
        (lambda x, y: torch.tensor(1.0), "can't differentiate"),
        (lambda x, y: None, "can't differentiate"),
    ],
)
def test_a_function_that_cannot_be_walked_down_is_refused(fn, said):
    with pytest.raises(ValueError, match=said):
        minimise(fn, C, partial(SGD, lr=0.1))


def test_what_makes_no_optimizer_is_refused():
    with pytest.raises(ValueError, match=r"makes an optimizer.*made a NoneType"):
        minimise(valley, C, lambda params: None)


def test_a_path_cannot_be_changed():
    path = minimise(valley, C, partial(SGD, lr=0.1), steps=1)
    assert isinstance(path, Path)
    with pytest.raises(AttributeError):
        path.points = None
