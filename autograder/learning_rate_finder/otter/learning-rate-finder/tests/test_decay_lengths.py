from otter.test_files import test_case

OK_FORMAT = False

name = "test_decay_lengths"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Lengths that are no multiple of 4."""
    exec('check_close(step_decay(11), [0.1] * 9 + [0.01] * 2, "the rates of 11 steps")', env)
    exec('check_close(step_decay(3), [0.1] * 3, "the rates of 3 steps")', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Lengths that are no multiple of 4."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_close, step_decay as exact', env)
    exec('for steps in (1, 6, 9, 30, 1003):\n    assert_close(step_decay(steps, 0.4, 0.05), exact(steps, 0.4, 0.05))', env)

