from otter.test_files import test_case

OK_FORMAT = False

name = "test_grid_ratio"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Each rate is the same number of times as large as the one before it."""
    exec('check_close(rate_grid(-3, 0, 4), [0.001, 0.01, 0.1, 1.0], "the grid of four rates", rtol=1e-4)', env)
    exec('rates = torch.as_tensor(rate_grid(-4, -1, 61))', env)
    exec('check_close(rates[1:] / rates[:-1], torch.full((60,), 10**0.05), "each rate divided by the one before it", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Each rate is the same number of times as large as the one before it."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_close, rate_grid as exact', env)
    exec('for low, high, count in [(-7, -2, 101), (-1.5, 0.5, 9), (0, 2, 33)]:\n    assert_close(rate_grid(low, high, count), exact(low, high, count))', env)

