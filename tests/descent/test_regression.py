import numpy as np
import pytest
import torch

from descent import linear_data, proportional_data


def test_the_proportional_data_has_its_best_slope_and_error():
    x, y = (values.double() for values in proportional_data())
    slope = (x * y).sum() / (x * x).sum()
    assert slope.item() == pytest.approx(2.0207, abs=5e-5)
    assert ((slope * x - y) ** 2).mean().item() == pytest.approx(0.7277, abs=5e-5)


def test_at_slope_zero_the_loss_and_its_gradient_are_large():
    x, y = (values.double() for values in proportional_data())
    assert (y**2).mean().item() == pytest.approx(138.5067, abs=5e-5)
    assert (-2 * x * y).mean().item() == pytest.approx(-136.3667, abs=5e-5)


def test_the_linear_data_lies_near_the_line_that_its_description_names():
    x, y = linear_data()
    slope, intercept = np.polyfit(x.double(), y.double(), 1)
    assert slope == pytest.approx(7.9, abs=0.05)
    assert intercept == pytest.approx(111, abs=0.5)
    assert (y.double() ** 2).mean().item() == pytest.approx(55261.49, abs=0.05)


@pytest.mark.parametrize(("data", "count"), [(proportional_data, 9), (linear_data, 10)])
def test_both_are_pairs_of_float32_vectors_that_may_be_changed(data, count):
    x, y = data()
    assert x.shape == y.shape == (count,)
    assert x.dtype == y.dtype == torch.float32
    x += 1
    assert not torch.equal(x, data()[0])
