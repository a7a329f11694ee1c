"""Common wrong answers to the exercise on the critical learning rate."""


def two_over_the_mean_square(x):
    """Your rate is twice too large: the gradient of a square brings down a 2, which counts in the step."""
    return 2 / (x**2).mean()


def half_of_it(x):
    """Your rate arrives in a single step: the best rate, and half the critical one."""
    return 1 / (2 * (x**2).mean())


def sum_for_mean(x):
    """You sum the squares; the loss is a mean, so its slope is one too."""
    return 1 / (x**2).sum()


def square_of_the_mean(x):
    """You square the mean of x; the mean of the squares is wanted, which is larger."""
    return 1 / x.mean() ** 2


def mean_without_square(x):
    """You divide by the mean of x; how does each x enter the gradient: once, or twice?"""
    return 1 / x.mean()


def mean_of_sizes(x):
    """You divide by the mean of |x|; how does each x enter the gradient: once, or twice?"""
    return 1 / x.abs().mean()


def variance_of_x(x):
    """You divide by the variance; it is measured from the mean of x, but the line goes through 0."""
    return 1 / ((x - x.mean()) ** 2).mean()


def root_of_the_mean_square(x):
    """You took a root too many: the curvature is the mean of the squares itself."""
    return 1 / (x**2).mean().sqrt()


def upside_down(x):
    """You return the curvature; the steeper the parabola, the smaller the rate has to be."""
    return (x**2).mean()


def largest_input_only(x):
    """You look at the largest input only, but all of them share in the loss."""
    return 1 / (x**2).max()


def always_that_of_the_nine_points(x):
    """You return the rate of the nine points whatever x is given."""
    return 0.029636


def mean_of_inverse_squares(x):
    """You average 1/x²; average the squares first, then divide."""
    return (1 / x**2).mean()


def negative(x):
    """Your rate is negative: the step already has its minus."""
    return -1 / (x**2).mean()


def divided_by_one_less(x):
    """You divide by N - 1; the loss is a plain mean over N points."""
    return (len(x) - 1) / (x**2).sum()
