"""What the notebook says about the sweep: measured on its own starts, and on ten other sets of them."""

from functools import cache

import cells
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, leaky_relu

from autograder.learning_rate_experiment.reference import sweep as one_by_one
from autograder.learning_rate_experiment.reference import tolerances, train
from descent import blobs

X, T = blobs()
RATES = torch.linspace(0.001, 0.1, 40)
NOTEBOOK = {}
for cell in cells.master("learning-rate-experiment").cells:
    if cell.id in ("imports", "starts", "sweep"):
        exec(cell.source, NOTEBOOK)
random_starts, sweep = NOTEBOOK["random_starts"], NOTEBOOK["sweep"]


def leaky(z):
    return leaky_relu(z, 0.1)


def active_share(thetas):
    return (thetas[:, :2] @ X.T + thetas[:, 2:3] > 0).float().mean(dim=1)


@cache
def runs(seed, starts, activation=torch.relu):
    """Accuracies (starts, 40) and the active share before (starts,) and after (starts, 40): all rates from each."""
    begin = random_starts(starts, seed)
    _, accuracies, thetas = sweep(X, T, begin.repeat_interleave(40, dim=0), RATES.repeat(starts), 1000, activation)
    return accuracies.reshape(starts, 40), active_share(begin), active_share(thetas).reshape(starts, 40)


@cache
def independent_runs():
    """The same for 400 models, each with a start of its own: ten for each rate."""
    begin = random_starts(400, 0)
    _, accuracies, thetas = sweep(X, T, begin, RATES.repeat(10), 1000)
    return accuracies, active_share(begin), active_share(thetas)


def explained(accuracies):
    """How much of the variance for rates above 0.005 is due to the start, and how much to the rate."""
    large = accuracies[:, RATES > 0.005]
    total = large.var(correction=0)
    return float(large.mean(dim=1).var(correction=0) / total), float(large.mean(dim=0).var(correction=0) / total)


def test_the_batched_sweep_equals_the_loop_model_by_model():
    starts, lrs = random_starts(40, 100)[::8], RATES[::8]
    problem = X, T, starts, lrs, 60
    for got, want, gap in zip(sweep(*problem), one_by_one(*problem), tolerances(one_by_one, *problem), strict=True):
        assert (got - want).abs().max() <= gap


def test_starts_are_drawn_from_the_ranges_of_torchs_linear_layers():
    torch.manual_seed(0)
    layers = [(torch.nn.Linear(2, 1), torch.nn.Linear(1, 1)) for _ in range(2000)]
    rows = [torch.cat([p.detach().flatten() for layer in two for p in layer.parameters()]) for two in layers]
    theirs = torch.stack(rows)
    ours = random_starts(2000, 0)
    assert torch.allclose(ours.abs().max(dim=0).values, theirs.abs().max(dim=0).values, atol=0.01)
    assert torch.allclose(ours.std(dim=0), theirs.std(dim=0), atol=0.03)


def test_a_vertical_line_separates_the_clouds_nearly_perfectly():
    assert ((X[:, 0] > 3) == (T > 0.5)).float().mean() > 0.97


def test_outcomes_stand_on_two_shelves():
    accuracies, _, _ = independent_runs()
    high, low = (accuracies > 90).sum(), (accuracies < 60).sum()
    assert high > 200
    assert low > 80
    assert 400 - high - low < 40


def test_runs_that_fail_have_a_silent_unit_or_have_not_arrived():
    accuracies, _, after = independent_runs()
    low = accuracies < 60
    silent = low & (after < 0.05)
    slow = low & ~silent & (RATES.repeat(10) < 0.005)
    assert silent.sum() > 0.75 * low.sum()
    assert (silent | slow).sum() > 0.85 * low.sum()


def test_runs_that_succeed_have_it_active_on_more_than_half_of_the_points():
    accuracies, _, after = independent_runs()
    assert after[accuracies > 90].min() > 0.5


def test_a_unit_that_is_dead_at_the_start_stays_at_fifty_percent_whatever_the_rate():
    accuracies, before, after = independent_runs()
    dead = before == 0
    assert dead.sum() >= 10
    assert (accuracies[dead] == 50).all()
    assert (after[dead] == 0).all()


def test_units_also_die_on_the_way():
    accuracies, before, after = independent_runs()
    died = (before > 0.2) & (after == 0)
    assert died.sum() >= 5
    assert (accuracies[died] == 50).all()


def test_accuracy_hardly_depends_on_the_rate_once_the_model_works():
    accuracies, _, _ = independent_runs()
    rates = RATES.repeat(10)
    working = (accuracies > 90) & (rates > 0.005)
    lower, upper = (accuracies[working & (rates < 0.05)], accuracies[working & (rates >= 0.05)])
    assert abs(lower.mean() - upper.mean()) < 2
    assert min(lower.mean(), upper.mean()) > 97


@pytest.mark.parametrize("seed", [9, 1, 2])
def test_the_start_explains_far_more_than_the_rate(seed):
    by_start, by_rate = explained(runs(seed, 10)[0])
    assert by_start > 0.8
    assert by_rate < 0.05


def test_the_map_of_the_notebook_has_rows_that_are_nearly_all_good_or_nearly_all_bad():
    accuracies, before, after = runs(9, 10)
    large = accuracies[:, RATES > 0.005]
    good, bad = (large > 90).float().mean(dim=1), (large < 60).float().mean(dim=1)
    assert ((good > 0.7) | (bad > 0.9)).all()
    assert (good > 0.9).sum() >= 6
    # Dead on arrival, and two that die on the way.
    assert bad[3] == 1
    assert before[3] == 0
    assert (before[[2, 5]] > 0.3).all()
    assert (after[[2, 5]].mean(dim=1) < 0.05).all()
    assert (after[accuracies > 90] > 0.5).all()
    low = accuracies < 60
    assert (after[low] < 0.05).float().mean() > 0.85
    # At the lower right of the last figure: no time to arrive. Row 8, slower than the others, arrives later on.
    assert (RATES.expand(10, 40)[low & (after > 0.5)] < 0.005).all()
    assert (accuracies[7, RATES < 0.02] < 60).all()
    assert (accuracies[7, RATES > 0.035] > 90).all()


def test_the_naive_sweep_of_the_notebook_puts_neighbours_on_different_shelves():
    losses, accuracies, thetas = sweep(X, T, random_starts(40, 100), RATES, 1000)
    high, low = accuracies > 90, accuracies < 60
    assert (high | low).sum() >= 36
    assert ((high[1:] & low[:-1]) | (low[1:] & high[:-1])).sum() >= 8
    assert (low & (RATES > 0.08)).any()
    silent = (active_share(thetas) == 0) & (RATES > 0.005)
    assert torch.allclose(losses[silent, -1], torch.tensor(2.0).log(), atol=2e-3)
    assert silent.sum() >= 2


def test_among_the_working_models_of_the_naive_sweep_higher_rates_fall_faster():
    losses, accuracies, _ = sweep(X, T, random_starts(40, 100), RATES, 1000)
    works = accuracies > 90
    ends = losses[works, -1]
    ranks, order = RATES[works].argsort().argsort().double(), ends.argsort().argsort().double()
    assert torch.corrcoef(torch.stack([ranks, order]))[0, 1] < -0.6


def test_all_slopes_but_that_of_the_offset_are_zero_in_a_dead_model():
    theta = torch.tensor([-0.3, -0.2, -5.0, 0.8, 0.3], requires_grad=True)
    hidden = torch.relu(X @ theta[:2] + theta[2])
    assert (hidden == 0).all()
    binary_cross_entropy_with_logits(theta[3] * hidden + theta[4], T).backward()
    assert (theta.grad[:4] == 0).all()
    assert theta.grad[4] != 0


def test_with_all_weights_zero_the_unit_never_wakes_up():
    _, accuracy, theta = train(X, T, torch.zeros(5), 0.1, 50)
    assert accuracy == 50
    assert (theta[:4] == 0).all()


def test_a_leaky_relu_mends_most_of_it():
    accuracies, _, _ = runs(9, 10)
    mended, _, _ = runs(9, 10, leaky)
    assert (mended > 90).sum() > (accuracies > 90).sum() + 80
    assert (mended < 60).sum() < 0.25 * (accuracies < 60).sum()


def test_the_numbers_in_the_answer_to_the_question_are_measured():
    text = next(cell.source for cell in cells.master("learning-rate-experiment").cells if cell.id == "dead_unit")
    mended, plain = runs(9, 10, leaky)[0], runs(9, 10)[0]
    said = " ".join(text.split())
    assert f"{(mended > 90).sum()} of the 400 end above 90 % and {(mended < 60).sum()} below 60 %" in said
    assert f"against {(plain > 90).sum()} and {(plain < 60).sum()} before" in said


def test_the_batched_sweep_needs_few_calls_of_the_activation():
    calls = []

    def counted(z):
        calls.append(z.shape)
        return torch.relu(z)

    sweep(X, T, random_starts(40, 100), RATES, 20, counted)
    assert calls == [torch.Size([40, 200])] * 21
