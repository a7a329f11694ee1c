"""Common wrong answers to the exercise on a parametric function of one's own."""

import torch


def constant(x, y, theta):
    """Your function doesn't depend on x and y at all."""
    return theta.sum() + 0 * (x + y)


def third_parameter_unused(x, y, theta):
    """One of your parameters changes nothing; all three have to count."""
    return theta[0] * torch.sin(theta[1] * x) + y


def y_unused(x, y, theta):
    """Your function doesn't depend on y."""
    return theta[0] + theta[1] * x + theta[2] * x**2 + 0 * y


def no_parameters(x, y, theta):
    """Your function has no parameters in it: nothing could be learned."""
    return torch.sin(x) * torch.cos(y)


def parameters_cut_off(x, y, theta):
    """Your result isn't connected to theta: float, item or detach cuts what autograd needs."""
    a, b, c = (float(value) for value in theta)
    return a * torch.sin(b * x) + c * y


def parameters_rounded(x, y, theta):
    """You round a parameter, so its derivative is zero wherever there is one."""
    return torch.round(theta[0]) * x + theta[1] * y + theta[2]


def summed(x, y, theta):
    """Your function adds up all its values; for tensors it has to work entry by entry."""
    return (theta[0] * torch.sin(theta[1] * x) + theta[2] * y).sum()


def grid_of_its_own(x, y, theta):
    """Your function makes a grid of x and y by itself; it has to take shapes that broadcast as they come."""
    x, y = torch.meshgrid(x.flatten(), y.flatten(), indexing="ij")
    return theta[0] * torch.sin(theta[1] * x) + theta[2] * y


def not_a_number(x, y, theta):
    """Your function is nan for some x or y: there is a root or a logarithm of a negative number."""
    return theta[0] * torch.sqrt(x) + theta[1] * torch.log(y) + theta[2]


def too_wild(x, y, theta):
    """Your function changes so fast with theta that descent is lost in its waves; make the waves longer."""
    return torch.sin(300 * theta[0] * x) + torch.sin(300 * theta[1] * y) + torch.sin(300 * theta[2])


def one_lump(x, y, theta):
    """You add up the parameters before you use them, and then split hairs: theta[2] hardly counts."""
    return (theta[0] + theta[1]) * x + y + 1e-9 * theta[2]


def float32_inside(x, y, theta):
    """Your function rounds to float32, although it was given float64."""
    return (theta[0] * torch.sin(theta[1] * x) + theta[2] * y).float()


def theta_changed(x, y, theta):
    """You write into theta; it belongs to the caller and to the optimizer."""
    theta[0] = theta[0] * 2
    return theta[0] * torch.sin(theta[1] * x) + theta[2] * y
