"""What the notebook says about the digits, checked for six random starts."""

from functools import cache

import cells  # noqa: F401  (puts the course's root on the path)
import pytest
import torch

from autograder.logistic_regression.reference import lr_predictions_and_gradient, tolerances, train
from descent import ones_and_sevens

SEEDS = range(6)
SMALL, FULL = 500, 13_007


@cache
def digits(is_training):
    return ones_and_sevens(train=is_training)


@cache
def run(seed, batch_size):
    """Final theta and the losses of shape (9 epochs, steps), from a small random theta, in float32."""
    start = torch.randn(785, generator=torch.Generator().manual_seed(seed)) / 100
    theta, losses = train(*digits(True), start, 0.01, 9, batch_size, dtype=torch.float32)
    return theta, losses.reshape(9, -1)


def percentages(theta):
    """Accuracy and mean agreement on the test images."""
    X, t = digits(False)
    _, _, pred = lr_predictions_and_gradient(theta, X, t)
    accuracy = ((pred > 0.5) == (t > 0.5)).double().mean().item()
    return 100 * accuracy, 100 * (1 - (pred - t).abs().mean().item())


def test_a_theta_of_one_hundredth_has_the_loss_and_the_gradient_sum_of_the_hidden_test():
    loss, gradient, _ = lr_predictions_and_gradient(torch.full((785,), 0.01), *digits(True))
    assert loss.item() == pytest.approx(1.12682, abs=5e-6)
    assert gradient.sum().item() == pytest.approx(57.592, abs=5e-4)


def test_the_reference_gradient_is_the_one_that_autograd_finds():
    X, t = (part[:300].double() for part in digits(True))
    theta = torch.randn(785, dtype=torch.float64, requires_grad=True)
    z = X.flatten(1) @ theta[:-1] + theta[-1]
    torch.nn.functional.binary_cross_entropy_with_logits(z, t).backward()
    _, gradient, _ = lr_predictions_and_gradient(theta, X, t)
    assert torch.allclose(gradient, theta.grad, rtol=1e-12, atol=1e-12)


def test_a_tolerance_is_wider_than_float32_needs_and_far_narrower_than_a_mistake():
    problem = torch.full((785,), 0.01), *digits(True)
    exact = lr_predictions_and_gradient(*problem)
    rough = lr_predictions_and_gradient(*problem, dtype=torch.float32)
    for wanted, single, tolerance in zip(exact, rough, tolerances(lr_predictions_and_gradient, *problem), strict=True):
        assert (wanted - single).abs().max() < tolerance / 10
        assert tolerance < 1e-3 * wanted.abs().max()


def test_at_zero_weights_the_loss_is_log_two():
    loss, _, _ = lr_predictions_and_gradient(torch.zeros(785), *digits(True))
    assert loss.item() == pytest.approx(torch.tensor(2.0).log().item())


def test_a_float32_sigmoid_is_exactly_one_above_a_score_of_17():
    assert torch.sigmoid(torch.tensor(17.4)) == 1.0
    assert torch.sigmoid(torch.tensor(15.0)) < 1.0


@pytest.mark.parametrize("seed", SEEDS)
def test_small_batches_reach_98_percent_and_agree_nearly_as_well(seed):
    accuracy, agreement = percentages(run(seed, SMALL)[0])
    assert 98.15 <= accuracy <= 98.45
    assert 96.55 <= agreement <= 96.8


@pytest.mark.parametrize("seed", SEEDS)
def test_full_batches_reach_96_percent_but_agree_only_to_83(seed):
    accuracy, agreement = percentages(run(seed, FULL)[0])
    assert 96.3 <= accuracy <= 96.85
    assert 82.4 <= agreement <= 83.1


@pytest.mark.parametrize("seed", SEEDS)
def test_small_batches_are_ahead_after_the_first_epoch_and_stay_ahead(seed):
    small, full = run(seed, SMALL)[1], run(seed, FULL)[1]
    assert 0.105 <= small[0, -1] <= 0.145
    assert 0.625 <= full[0, -1] <= 0.745
    assert 0.21 <= full[8, -1] <= 0.2195
    assert small[8, -1] < small[8].mean() < 0.07
    assert (small[1:].mean(dim=1) < full[1:, 0]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_test_losses_stay_close_to_training_losses(seed):
    for batch_size, gap in ((SMALL, 0.01), (FULL, 0.015)):
        theta, _ = run(seed, batch_size)
        on_train, on_test = (lr_predictions_and_gradient(theta, *digits(part))[0] for part in (True, False))
        assert abs(on_train - on_test) < gap


@pytest.mark.parametrize("seed", SEEDS)
def test_more_steps_make_larger_weights_and_surer_predictions(seed):
    small, full = run(seed, SMALL)[0], run(seed, FULL)[0]
    assert small.norm() > 1.5 * full.norm()
    X, t = digits(False)
    sure = [(lr_predictions_and_gradient(theta, X, t)[2] - 0.5).abs().mean() for theta in (small, full)]
    assert sure[0] > sure[1] + 0.1


def test_nudging_one_weight_leaves_the_accuracy_where_it_is_but_moves_the_loss():
    X, t = digits(False)
    theta = run(0, SMALL)[0].double()
    nudged = theta.clone()
    nudged[14 * 28 + 14] += 1e-6
    before, after = (lr_predictions_and_gradient(one, X, t) for one in (theta, nudged))
    assert torch.equal(before[2] > 0.5, after[2] > 0.5)
    assert before[0] != after[0]


def width_of_foot(image):
    """How many columns are dark in the lowest three rows that have any ink."""
    dark = image > 0.5
    rows = dark.any(dim=1).nonzero().flatten()[-3:]
    return int(dark[rows].any(dim=0).sum())


def test_misclassified_ones_stand_on_a_base_line_and_the_weights_hold_ink_at_the_bottom_for_a_seven():
    X, t = digits(False)
    theta, _ = run(0, SMALL)
    _, _, pred = lr_predictions_and_gradient(theta, X, t)
    ones, wrong = t > 0.5, (pred > 0.5) != (t > 0.5)
    widths = [width_of_foot(image) for image in X[ones & wrong]]
    usual = torch.tensor([float(width_of_foot(image)) for image in X[ones]]).quantile(0.95)
    assert sum(width > usual for width in widths) >= len(widths) - 1
    assert len(widths) >= 5
    assert theta[:784].reshape(28, 28)[24:26, 8:18].mean() < 0
