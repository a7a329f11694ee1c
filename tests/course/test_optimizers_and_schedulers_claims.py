"""What the notebook says about optimizers and schedulers, as numbers.

Runs whose dots differ from one rounding to the next are held to what is said of them, in float32 and in float64.
"""

from functools import cache, partial

import pytest
import torch
from cells import master
from torch.optim import SGD, Adam, AdamW, RMSprop
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LambdaLR, ReduceLROnPlateau

from autograder.optimizers_and_schedulers.reference import train, train_with_decay, train_with_sgd, warmup_cosine
from descent import hilly, linear_data, minimise, valley

A, B, C = (-6.5, 4.5), (-12.0, 10.0), (-4.5, -2.0)
DEEP = torch.tensor([-3.12, -1.59], dtype=torch.float64)
SHALLOW = torch.tensor([-9.25, 4.54], dtype=torch.float64)
KINDS = {"float32": torch.float32, "float64": torch.float64}

both = pytest.mark.parametrize("kind", KINDS)


@cache
def walk(fn, start, optimizer, steps, scheduler=None, kind="float32"):
    """The points (steps + 1, 2) and the values (steps + 1,) of a run, in float64."""
    path = minimise(fn, torch.tensor(start, dtype=KINDS[kind]), optimizer, scheduler, steps)
    return path.points.double(), path.values.double()


def recipe(kind, **settings):
    """A partial that is the same object for the same settings, so that runs can be remembered."""
    return _recipe(kind, tuple(settings.items()))


@cache
def _recipe(kind, settings):
    return partial(kind, **dict(settings))


def warmed(optimizer, warmup=5, steps=60):
    """A warm-up and a cosine from the reference's rates."""
    factors = warmup_cosine(1.0, warmup, steps)
    return LambdaLR(optimizer, lambda k: factors[min(k, steps - 1)])


def shown(ident):
    """What a cell of the notebook binds, run after its imports and its first pictures."""
    parts = {cell.id: cell.source for cell in master("optimizers-and-schedulers").cells}
    namespace = {}
    for source in (parts["imports"], parts["landscapes"].partition("\n\n")[0], parts[ident]):
        exec(source, namespace)
    return namespace


def slope(place):
    """The gradient of valley, by the formula in the text."""
    w1, w2 = place
    return torch.tensor([2 * w1 + 1.8 * w2, 2 * w2 + 1.8 * w1], dtype=torch.float64)


def turning(points):
    """The mean angle between one step and the next, in radians, over the first half of a path."""
    steps = points.diff(dim=0)[: len(points) // 2]
    cosines = torch.nn.functional.cosine_similarity(steps[1:], steps[:-1])
    return cosines.clamp(-1, 1).acos().mean()


def distance(points, place):
    return (points - place).norm(dim=-1)


def test_the_deep_hollow_of_hilly_is_where_the_text_says():
    axes = torch.linspace(-14, 0, 1401, dtype=torch.float64), torch.linspace(-6, 12, 1801, dtype=torch.float64)
    grid = torch.meshgrid(*axes, indexing="ij")
    values = hilly(*grid)
    lowest = values.argmin()
    place = torch.stack([part.flatten()[lowest] for part in grid])
    assert distance(place, DEEP) < 0.02
    assert values.min().item() == pytest.approx(-106.787, abs=2e-3)


def test_valley_is_nineteen_times_as_curved_across_as_along_and_sgd_diverges_above_two_by_the_larger():
    hessian = torch.autograd.functional.hessian(lambda p: valley(p[0], p[1]), torch.zeros(2, dtype=torch.float64))
    along, across = torch.linalg.eigvalsh(hessian).tolist()
    assert across / along == pytest.approx(19)
    assert 2 / across == pytest.approx(0.526, abs=5e-4)
    calm, _ = walk(valley, C, recipe(SGD, lr=0.52), 300)
    wild, _ = walk(valley, C, recipe(SGD, lr=0.53), 300)
    assert calm[-1].norm() < calm[0].norm() / 100
    assert wild[-1].norm() > 10 * wild[0].norm()


def test_the_line_has_the_course_s_figures():
    x, y = linear_data()
    losses, ws, bs = train_with_sgd(x, y, 0.001, 0.0, 5)
    assert losses.tolist() == pytest.approx([55261.49, 11868.83, 6292.87, 5568.87, 5467.40], abs=6e-3)
    assert ws.tolist() == pytest.approx([7.982, 10.838, 11.859, 12.221, 12.349], abs=6e-4)
    assert bs.tolist() == pytest.approx([0.430, 0.648, 0.789, 0.904, 1.008], abs=6e-4)
    losses, ws, bs = train_with_decay(x, y, 0.001, 0.95, 5)
    assert losses.tolist() == pytest.approx([55261.49, 11868.83, 6446.73, 5637.41, 5491.60], abs=6e-3)
    assert ws.tolist() == pytest.approx([7.982, 10.695, 11.699, 12.098, 12.267], abs=6e-4)
    assert bs.tolist() == pytest.approx([0.430, 0.637, 0.768, 0.870, 0.958], abs=6e-4)


def test_the_line_s_own_valley_is_far_narrower():
    x, y = (part.double() for part in linear_data())
    inputs = torch.stack([x, torch.ones_like(x)], dim=1)
    best = torch.linalg.lstsq(inputs, y[:, None]).solution.flatten()
    assert best[0].item() == pytest.approx(7.89, abs=5e-3)
    assert best[1].item() == pytest.approx(110.5, abs=5e-2)
    along, across = torch.linalg.eigvalsh(2 * inputs.T @ inputs / len(x)).tolist()
    assert 650 < across / along < 750
    assert 2 / across == pytest.approx(0.0031, abs=5e-5)
    _, _, bs = train_with_sgd(x, y, 0.003, 0.0, 1000)
    assert 7 < best[1] - bs[-1] < 8
    losses, _, _ = train_with_sgd(x, y, 0.0032, 0.0, 200)
    assert losses[-1] > losses[0]


def test_after_five_steps_the_slope_has_overshot_and_the_intercept_has_hardly_moved():
    _, ws, bs = train_with_sgd(*linear_data(), 0.001, 0.0, 5)
    assert (ws > 7.8903).all()
    assert bs[-1] < 110.5 / 100


def test_on_the_line_momentum_gets_to_94_of_110_where_plain_sgd_gets_to_19():
    _, _, plain = train_with_sgd(*linear_data(), 0.001, 0.0, 200)
    losses, _, quick = train_with_sgd(*linear_data(), 0.001, 0.9, 200)
    slow_losses, _, _ = train_with_sgd(*linear_data(), 0.001, 0.0, 200)
    assert plain[-1].item() == pytest.approx(19, abs=0.5)
    assert quick[-1].item() == pytest.approx(94, abs=0.5)
    assert losses[4] > 5 * slow_losses[4]
    assert slow_losses[5] < 0.1 * slow_losses[0]
    assert slow_losses[-1] > 0.6 * slow_losses[5]
    assert losses[-1] < slow_losses[-1] / 20


@both
def test_from_a_plain_sgd_reaches_the_deep_hollow(kind):
    points, _ = walk(hilly, A, recipe(SGD, lr=0.01), 30, kind=kind)
    assert points[-1].tolist() == pytest.approx([-3.11, -1.61], abs=0.01)


@both
def test_from_b_plain_sgd_stays_in_the_shallow_hollow(kind):
    points, values = walk(hilly, B, recipe(SGD, lr=0.01), 30, kind=kind)
    assert distance(points[-1], SHALLOW) < 0.01
    assert values[-1].item() == pytest.approx(85.8, abs=0.05)
    assert (points[-1] - points[-5]).norm() < 1e-3


@both
def test_momentum_of_six_tenths_escapes_and_eight_tenths_shoot_past_the_edge(kind):
    some, _ = walk(hilly, B, recipe(SGD, lr=0.01, momentum=0.6), 25, kind=kind)
    much, _ = walk(hilly, B, recipe(SGD, lr=0.01, momentum=0.8), 15, kind=kind)
    assert some[-1].tolist() == pytest.approx([-3.23, -1.48], abs=0.01)
    assert much[-1].tolist() == pytest.approx([-4.3, -7.3], abs=0.05)
    assert much[-1, 1] < -6


@both
def test_at_one_half_all_end_near_the_valley_s_minimum_sgd_zigzags_most_and_adamw_is_smoothest(kind):
    sgd, _ = walk(valley, C, recipe(SGD, lr=0.5), 50, kind=kind)
    rms, _ = walk(valley, C, recipe(RMSprop, lr=0.5), 50, kind=kind)
    adamw, _ = walk(valley, C, recipe(AdamW, lr=0.5), 80, kind=kind)
    assert max(path[-1].norm() for path in (sgd, rms, adamw)) < 0.1
    assert turning(sgd) > 1.2 * turning(rms) > 1.2 * turning(adamw)


@both
def test_at_six_tenths_sgd_diverges_and_the_others_converge(kind):
    _, values = walk(valley, C, recipe(SGD, lr=0.6), 10, kind=kind)
    assert values[-1] > 5000
    for optimizer, steps in ((recipe(RMSprop, lr=0.6), 50), (recipe(Adam, lr=0.6), 70)):
        points, _ = walk(valley, C, optimizer, steps, kind=kind)
        assert points[-1].norm() < 0.1


def first_step(kind, gradient):
    weights = torch.full((3,), 5.0, dtype=torch.float64, requires_grad=True)
    weights.grad = torch.tensor(gradient, dtype=torch.float64)
    kind([weights], lr=0.1).step()
    return (weights.detach() - 5).tolist()


def test_one_step_tells_the_optimizers_apart():
    gradient = [1000.0, -0.001, 0.0]
    assert first_step(SGD, gradient) == pytest.approx([-100, 1e-4, 0], rel=1e-9)
    assert first_step(Adam, gradient) == pytest.approx([-0.1, 0.1, 0], rel=1e-4)
    assert first_step(RMSprop, gradient) == pytest.approx([-1.0, 1.0, 0], rel=1e-3)
    shrunk = -5 * 0.1 * 0.01
    assert first_step(AdamW, gradient) == pytest.approx([shrunk - 0.1, shrunk + 0.1, shrunk], rel=1e-4)


def test_the_footprints_are_those_of_a_rate_of_fifteen_hundredths_and_a_momentum_of_four_tenths():
    footprints = shown("footprints")["footprints"]
    points, _ = walk(valley, C, recipe(SGD, lr=0.15, momentum=0.4), 3)
    assert (points - torch.tensor(footprints)).abs().max() < 1e-4
    first, second, _ = torch.tensor(footprints, dtype=torch.float64).diff(dim=0)
    assert (-first / slope(footprints[0])).tolist() == pytest.approx([0.15, 0.15], abs=1e-3)
    assert ((second + 0.15 * slope(footprints[1])) / first).tolist() == pytest.approx([0.4, 0.4], abs=1e-3)


def test_adam_by_hand_walks_beside_torch_s_and_without_the_correction_its_first_step_is_too_long():
    found = shown("adam-by-hand")
    assert (found["by_hand"] - found["library"]).norm(dim=1).max() < 1e-12
    careless = found["adam_by_hand"](B, lr=0.5, steps=1, correct=False)
    first = (careless[1] - careless[0]).abs().tolist()
    assert first == pytest.approx([0.5 * 0.1 / 0.001**0.5] * 2, rel=1e-6)


@both
def test_faster_sgd_leaves_the_shallow_hollow_but_rests_nowhere_in_the_deep_one(kind):
    for lr, steps in ((0.03, 60), (0.05, 100)):
        points, values = walk(hilly, B, recipe(SGD, lr=lr), steps, kind=kind)
        late = points[steps // 2 :]
        assert distance(late, SHALLOW).min() > 1
        assert distance(late, DEEP).max() < 6
        assert late.diff(dim=0).norm(dim=1).mean() > 0.5
        assert values[steps // 2 :].max() - values[steps // 2 :].min() > 50


@both
def test_the_swings_grow_with_the_rate_and_at_seven_hundredths_it_leaves(kind):
    narrow, _ = walk(hilly, B, recipe(SGD, lr=0.03), 60, kind=kind)
    wide, _ = walk(hilly, B, recipe(SGD, lr=0.05), 100, kind=kind)
    assert distance(wide[50:], DEEP).max() > distance(narrow[30:], DEEP).max()
    points, values = walk(hilly, B, recipe(SGD, lr=0.07), 60, kind=kind)
    assert distance(points[-1], DEEP) > 4
    assert values[-1] > 0


@both
def test_rmsprop_sticks_at_three_tenths_circles_at_five_and_is_caught_elsewhere_at_six(kind):
    stuck, _ = walk(hilly, B, recipe(RMSprop, lr=0.3), 60, kind=kind)
    around, values = walk(hilly, B, recipe(RMSprop, lr=0.5), 60, kind=kind)
    beyond, _ = walk(hilly, B, recipe(RMSprop, lr=0.6), 60, kind=kind)
    assert stuck[-1].tolist() == pytest.approx([-9.4, 4.4], abs=0.05)
    assert distance(around[-10:], DEEP).max() < 1.5
    assert (around[-10:].diff(dim=0).norm(dim=1) > 0.2).all()
    assert values[-10:].min() > -100
    assert beyond[-1].tolist() == pytest.approx([0.65, 0.92], abs=0.01)
    assert beyond[-1, 0] > 0


@both
@pytest.mark.parametrize(("lr", "steps"), [(0.2, 150), (0.5, 50), (1.0, 35)])
def test_adamw_reaches_the_deep_hollow_over_a_five_fold_range_of_rates(lr, steps, kind):
    points, values = walk(hilly, B, recipe(AdamW, lr=lr), steps, kind=kind)
    assert values[-1] < -100
    assert distance(points[-1], DEEP) < 0.5


@both
def test_sgd_at_four_hundredths_dances_in_the_deep_hollow_for_ever(kind):
    points, values = walk(hilly, B, recipe(SGD, lr=0.04), 250, kind=kind)
    late = points[50:]
    assert distance(late, DEEP).max() < 4
    assert values[-50:].max() - values[-50:].min() > 50
    assert points[-50:].diff(dim=0).norm(dim=1).mean() > 0.5


@both
def test_an_exponential_rate_settles_within_thirty_steps_and_one_that_watches_within_twenty(kind):
    _, decayed = walk(hilly, B, recipe(SGD, lr=0.04), 30, recipe(ExponentialLR, gamma=0.95), kind=kind)
    plateau = recipe(ReduceLROnPlateau, patience=0, factor=0.8)
    _, watched = walk(hilly, B, recipe(SGD, lr=0.04), 20, plateau, kind=kind)
    assert decayed[-1].item() == pytest.approx(-106.7, abs=0.05)
    assert watched[-1].item() == pytest.approx(-106.78, abs=0.01)


@both
def test_rmsprop_flips_between_two_points_and_settles_when_its_rate_watches_the_loss(kind):
    points, values = walk(hilly, B, recipe(RMSprop, lr=0.4), 150, kind=kind)
    assert (points[-20:-2] - points[-18:]).norm(dim=1).max() < 0.02
    assert points[-20:].diff(dim=0).norm(dim=1).min() > 0.3
    here, there = points[-2] - DEEP, points[-1] - DEEP
    assert torch.dot(here, there) < 0
    assert values[-20:].min() > -101
    plateau = recipe(ReduceLROnPlateau, patience=0, factor=0.9)
    settled, calm = walk(hilly, B, recipe(RMSprop, lr=0.4), 30, plateau, kind=kind)
    assert calm[-1].item() == pytest.approx(-106.788, abs=1e-3)
    assert distance(settled[-1], DEEP) < 0.01


@cache
def race(optimizer, scheduler=None, kind="float32"):
    return train(*linear_data(), optimizer, scheduler, 200, dtype=KINDS[kind])


@both
def test_in_the_race_rmsprop_is_first_and_is_thrown_out_again_unless_a_scheduler_watches(kind):
    losses, *_ = race(recipe(RMSprop, lr=5), kind=kind)
    others = recipe(SGD, lr=0.001), recipe(SGD, lr=0.001, momentum=0.9), recipe(AdamW, lr=2)
    assert losses[:100].min() < 20
    assert all(race(other, kind=kind)[0].min() > 100 for other in others)
    assert losses[100:].max() > 1000
    watched, *_ = race(recipe(RMSprop, lr=5), recipe(ReduceLROnPlateau, factor=0.5, patience=3), kind)
    assert watched[100:].max() < 15


def test_in_the_race_adamw_is_held_back_by_its_weight_decay():
    held, free = race(recipe(AdamW, lr=2)), race(recipe(AdamW, lr=2, weight_decay=0))
    assert held[2][-1] < 0.6 * 110.5
    assert free[2][-1] > 0.95 * 110.5


@both
def test_a_warm_up_keeps_rmsprop_on_the_map_and_a_cosine_alone_does_not(kind):
    fixed, _ = walk(hilly, B, recipe(RMSprop, lr=0.6), 60, kind=kind)
    cooled, high = walk(hilly, B, recipe(RMSprop, lr=0.6), 60, recipe(CosineAnnealingLR, T_max=60), kind=kind)
    risen, low = walk(hilly, B, recipe(RMSprop, lr=0.6), 60, warmed, kind=kind)
    assert (fixed[1] - fixed[0]).abs().tolist() == pytest.approx([6, 6], abs=1e-3)
    assert torch.equal(fixed[1], cooled[1])
    assert distance(fixed[-1], DEEP) > 4
    assert distance(cooled[-1], DEEP) > 4
    assert high[-1] > 0
    assert low[-1].item() == pytest.approx(-106.787, abs=0.01)
    assert (risen[1] - risen[0]).abs().tolist() == pytest.approx([1, 1], abs=1e-3)


@both
def test_one_step_further_a_warm_up_of_ten_keeps_sgd_in_and_one_of_five_does_not(kind):
    _, ten = walk(hilly, B, recipe(SGD, lr=0.07), 60, recipe(warmed, warmup=10), kind=kind)
    _, five = walk(hilly, B, recipe(SGD, lr=0.07), 60, recipe(warmed, warmup=5), kind=kind)
    assert ten[-1] < -106
    assert five[-1] > 0


def test_the_cosine_s_marks_are_those_of_the_visible_check():
    rates = warmup_cosine(0.4, 2, 10)
    assert rates[2] == pytest.approx(0.4)
    assert rates[6] == pytest.approx(0.2)
    assert rates[4] == pytest.approx(0.3414, abs=1e-4)
    assert 0 < rates[9] < 0.02
    assert warmup_cosine(0.4, 3, 20)[:4] == pytest.approx([0.1, 0.2, 0.3, 0.4])
