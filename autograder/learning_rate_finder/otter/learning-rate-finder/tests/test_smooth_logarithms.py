from otter.test_files import test_case

OK_FORMAT = False

name = "test_smooth_logarithms"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Means of logarithms, window by window."""
    exec('check_close(smooth([10.0, 1000.0], 2), [2.0], "one window with 10 and 1000")', env)
    exec('check_close(smooth([1.0, 100.0, 0.1, 0.001], 2), [1.0, -2.0], "two windows of two")', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Means of logarithms, window by window."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_close, smooth as exact', env)
    exec('for count, window in ((30, 5), (4000, 1000), (12, 1)):\n    losses = (3 * torch.rand(count) + 0.2).tolist()\n    assert_close(smooth(losses, window), exact(losses, window), atol=1e-6)', env)

