"""Correct answers to the exercise on the critical learning rate, in other styles."""

import numpy as np
import torch


def plain_number(x):
    """Returns a Python float."""
    return 1 / (x * x).mean().item()


def dot_product(x):
    """Divides the number of points by the inner product."""
    return x.numel() / torch.dot(x, x)


def squared_norm(x):
    """Uses the squared length of x."""
    return len(x) / torch.linalg.vector_norm(x) ** 2


def loop_over_inputs(x):
    """Adds the squares up in a loop."""
    total = 0.0
    for one in x.tolist():
        total += one * one
    return len(x) / total


def second_derivative(x):
    """Asks autograd for the curvature of the loss and divides 2 by it."""
    w = torch.zeros((), dtype=torch.float64, requires_grad=True, device=x.device)
    (slope,) = torch.autograd.grad(((w * x.double()) ** 2).mean(), w, create_graph=True)
    (curvature,) = torch.autograd.grad(slope, w)
    return 2 / curvature


def numpy_inside(x):
    """Computes with numpy and returns one of its scalars."""
    return 1 / np.mean(np.square(x.cpu().numpy().astype(float)))


def mean_and_variance(x):
    """Puts the mean of the squares together from variance and mean."""
    x = x.double()
    return (x.var(correction=0) + x.mean() ** 2).reciprocal()


def slope_between_two_weights(x):
    """Measures how much the gradient changes from one weight to another."""
    gradient = [(2 * (w * x.double()) * x.double()).mean() for w in (1.0, 3.0)]
    return 2 * (3.0 - 1.0) / (gradient[1] - gradient[0])
