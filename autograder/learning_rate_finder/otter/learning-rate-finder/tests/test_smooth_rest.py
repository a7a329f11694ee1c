from otter.test_files import test_case

OK_FORMAT = False

name = "test_smooth_rest"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """A last window that is shorter."""
    exec('check_close(smooth([1.0, 100.0, 0.1, 0.001, 10.0], 2), [1.0, -2.0, 1.0], "five losses in windows of two")', env)
    exec('check_close(smooth([10.0, 1000.0, 100.0], 50), [2.0], "three losses in a window of fifty")', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """A last window that is shorter."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_close, smooth as exact', env)
    exec('for count, window in ((31, 5), (2750, 1000), (7, 6), (3, 8)):\n    losses = (3 * torch.rand(count) + 0.2).tolist()\n    assert_close(smooth(losses, window), exact(losses, window), atol=1e-6)', env)

