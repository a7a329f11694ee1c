from otter.test_files import test_case

OK_FORMAT = False

name = "test_grid_ends"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """How many rates there are, the first and the last."""
    exec('rates = rate_grid(-3, 0, 1000)', env)
    exec('assert len(rates) == 1000, f"rate_grid(-3, 0, 1000) gives {len(rates)} rates, not 1,000."', env)
    exec('check_close(rates[0], 0.001, "the first of the rates from 10**-3 to 10**0", rtol=1e-4)', env)
    exec('check_close(rates[-1], 1.0, "the last of the rates from 10**-3 to 10**0", rtol=1e-4)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """How many rates there are, the first and the last."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_close, rate_grid as exact', env)
    exec('assert_close(rates, exact(-3, 0, 1000))', env)
    exec('for low, high, count in [(-5, 1, 13), (-2.5, -0.5, 50), (-6, -5, 2)]:\n    assert_close(rate_grid(low, high, count), exact(low, high, count))', env)

