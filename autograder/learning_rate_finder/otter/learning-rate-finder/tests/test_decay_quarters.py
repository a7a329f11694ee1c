from otter.test_files import test_case

OK_FORMAT = False

name = "test_decay_quarters"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Three quarters high, one quarter low."""
    exec('check_close(step_decay(8), [0.1] * 6 + [0.01] * 2, "the rates of 8 steps")', env)
    exec('check_close(step_decay(4, high=0.5, low=0.2), [0.5, 0.5, 0.5, 0.2], "the rates of 4 steps, from 0.5 to 0.2")', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """Three quarters high, one quarter low."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_close, step_decay as exact', env)
    exec('assert_close(step_decay(2000), exact(2000))', env)
    value = eval('assert_close(step_decay(44, 0.7, 0.3), exact(44, 0.7, 0.3))', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

