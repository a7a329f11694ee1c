"""What the notebook on finding a learning rate says, checked with its own model and its solutions."""

import math
from functools import cache

import pytest
import torch
from cells import master, role

from descent import SYMBOLS, moving_average

NOTEBOOK = master("learning-rate-finder")
SEEDS = range(3)


@cache
def notebook():
    """The names that the notebook's solutions and its cells without runs bind."""
    namespace = {"__name__": "__main__"}
    for cell in NOTEBOOK.cells:
        if cell.id in ("imports", "data", "model", "invent", "draw") or role(cell) == (False, True):
            exec(cell.source, namespace)
    return namespace


def named(*names):
    return [notebook()[name] for name in names]


@cache
def history(seed, rate):
    descend, draw, letter_loss, new_model = named("descend", "draw", "letter_loss", "new_model")
    return torch.tensor(descend(letter_loss, new_model(seed), draw(300, seed=seed + 1), [rate] * 300)[1])


@cache
def sweep(seed):
    """The rates and the losses of the finder's run; seed 2 is the notebook's."""
    rate_grid, descend, draw, letter_loss, new_model = named("rate_grid", "descend", "draw", "letter_loss", "new_model")
    rates = rate_grid(-3, 0, 1000)
    return rates, torch.tensor(descend(letter_loss, new_model(seed), draw(1000, seed=seed + 100), rates.tolist())[1])


@cache
def long_run():
    """The notebook's long run: losses to the fork, with the drop, without it, and the parameters at its end."""
    descend, draw, step_decay, letter_loss, start = named("descend", "draw", "step_decay", "letter_loss", "start")
    rates = step_decay(16_000)
    halfway, first = descend(letter_loss, start, draw(12_000, seed=3), rates[:12_000])
    dropped, second = descend(letter_loss, halfway, draw(4_000, seed=4), rates[12_000:])
    constant, unchanged = descend(letter_loss, halfway, draw(4_000, seed=4), [0.1] * 4_000)
    return first, second, unchanged, (halfway, dropped, constant)


def test_there_are_5163_names_and_36122_examples_and_mary_makes_five():
    names, y = named("names", "y")
    assert len(names) == 5163
    assert len(y) == 36_122
    assert len(notebook()["next_letters"](["mary"])[1]) == 5


def test_the_model_has_3481_numbers_in_five_tensors():
    start = notebook()["start"]
    assert len(start) == 5
    assert sum(part.numel() for part in start) == 3481


@pytest.mark.parametrize("seed", SEEDS)
def test_random_weights_are_far_worse_than_equal_chances(seed):
    letter_loss, new_model, X, y = named("letter_loss", "new_model", "X", "y")
    assert math.log(27) == pytest.approx(3.3, abs=0.01)
    assert letter_loss(new_model(seed), X, y) > 3 * math.log(27)


def test_the_notebooks_start_has_a_loss_of_19():
    letter_loss, start, X, y = named("letter_loss", "start", "X", "y")
    assert letter_loss(start, X, y).item() == pytest.approx(19, abs=0.5)


def test_evenly_spread_rates_would_lie_above_a_tenth_nine_times_in_ten():
    assert (torch.linspace(0.001, 1, 1000) > 0.1).double().mean().item() == pytest.approx(0.9, abs=0.005)


@pytest.mark.parametrize("seed", SEEDS)
def test_three_rates_have_three_fates(seed):
    small, good, large = (history(seed, rate) for rate in (0.001, 0.1, 10.0))
    assert small[-50:].mean() < small[:50].mean()
    assert small[-50:].mean() > 2 * math.log(27)
    assert good[-50:].mean() < math.log(27)
    assert large[-50:].mean() > 1.5 * large[0]
    assert large[-100:].std() > 5


@pytest.mark.parametrize("seed", SEEDS)
def test_the_smoothed_loss_is_lowest_near_a_rate_of_a_tenth(seed):
    rates, losses = sweep(seed)
    picked = notebook()["pick_rate"](rates, losses)
    assert -1.2 < math.log10(picked) < -0.75


@pytest.mark.parametrize("seed", SEEDS)
def test_losses_scatter_and_climb_to_the_right_of_the_valley(seed):
    _, losses = sweep(seed)
    assert losses[-50:].max() > 6
    valley = moving_average(losses, 51)
    assert valley[-25:].mean() > valley.min() + 2
    assert losses[-100:].std() > 2 * losses[650:750].std()


def test_the_valley_of_the_notebooks_sweep_is_within_a_quarter_of_the_exponent_of_a_tenth():
    rates, losses = sweep(2)
    assert abs(math.log10(notebook()["pick_rate"](rates, losses)) + 1) < 0.25


@pytest.mark.slow
def test_the_curve_falls_steeply_first_and_is_flat_before_the_fork():
    means = notebook()["smooth"](long_run()[0], 1000)
    assert means[0] - means[1] > 0.05
    assert means[8] - means[11] < 0.012


@pytest.mark.slow
def test_the_drop_gives_at_once_what_it_gives_and_more_than_the_constant_rate_reaches():
    first, second, unchanged, _ = long_run()
    before, after, without = (notebook()["smooth"](losses, 1000) for losses in (first, second, unchanged))
    assert after[0] < without.min()
    assert after[0] < before[-1] - 0.01
    assert (after - after[0]).abs().max() < 0.006


@pytest.mark.slow
def test_on_all_examples_the_drop_is_better_than_none():
    letter_loss, X, y = named("letter_loss", "X", "y")
    halfway, dropped, constant = (letter_loss(params, X, y) for params in long_run()[3])
    assert dropped < constant - 0.02
    assert dropped < halfway - 0.05


def pairs(words):
    return [f".{word}."[k : k + 2] for word in words for k in range(len(word) + 1)]


@pytest.mark.slow
def test_invented_names_are_no_longer_the_same_and_use_pairs_of_letters_that_the_census_knows():
    invent, names, start = named("invent", "names", "start")
    known = pairs(names)
    usual = {pair for pair in set(known) if known.count(pair) >= 5}
    before, after = invent(start, 100), invent(long_run()[3][1], 100)
    share = [sum(pair in usual for pair in pairs(words)) / len(pairs(words)) for words in (before, after)]
    assert share[1] > 0.85
    assert share[0] < share[1] - 0.2
    assert len(set(before)) < 10
    assert len(set(after)) > 90
    length, usually = (sum(map(len, words)) / len(words) for words in (after, names))
    assert abs(length - usually) < 1.5
    assert set("".join(after)) <= set(SYMBOLS)
