import pytest
import torch

from descent import check_close, numeric_gradient


def test_it_agrees_with_autograd_on_a_curved_function():
    theta = torch.linspace(-1, 2, 7, dtype=torch.float64, requires_grad=True)

    def fn(theta):
        return (theta.sin() * theta.flip(0).exp()).sum()

    fn(theta).backward()
    check_close(numeric_gradient(fn, theta), theta.grad, name="the gradient", rtol=1e-7)


def test_the_result_is_float64_and_of_thetas_shape():
    gradient = numeric_gradient(lambda theta: (theta**2).sum(), torch.ones(2, 3))
    assert gradient.dtype == torch.float64
    assert gradient.shape == (2, 3)
    assert torch.allclose(gradient, torch.full((2, 3), 2.0, dtype=torch.float64))


def test_theta_itself_is_left_alone():
    theta = torch.ones(3)
    numeric_gradient(lambda theta: theta.sum(), theta)
    assert torch.equal(theta, torch.ones(3))


def test_a_transposed_theta_gives_a_transposed_gradient():
    weights = torch.arange(6, dtype=torch.float64).reshape(2, 3)
    gradient = numeric_gradient(lambda theta: (theta * weights.T).sum(), torch.zeros(2, 3).T)
    assert torch.allclose(gradient, weights.T)


def test_the_function_may_return_a_float_and_may_use_backward_inside():
    def fn(theta):
        point = theta.clone().requires_grad_()
        (point**3).sum().backward()
        return float(point.grad.sum())

    assert numeric_gradient(fn, torch.tensor([2.0])).item() == pytest.approx(12)


def test_the_error_shrinks_with_the_square_of_the_step():
    errors = [abs(numeric_gradient(torch.exp, torch.tensor(0.0), eps).item() - 1) for eps in (1e-1, 1e-2)]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.01)


def test_a_function_that_returns_many_numbers_is_refused():
    with pytest.raises(ValueError, match=r"returns one number, not shape \(3,\)"):
        numeric_gradient(lambda theta: theta, torch.ones(3))
