from otter.test_files import test_case

OK_FORMAT = False

name = "test_settings_fast"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """At most 20 steps."""
    exec('lr, gamma, steps = (float(value) for value in settings(1.0))', env)
    exec('assert steps <= 20, f"You take {steps:.0f} steps; for this point at most 20 are allowed."', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """At most 20 steps."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimization_landscapes.reference import assert_settles', env)
    exec('for scale in (1.0, 7.0, 0.1):\n    assert_settles(settings(scale), scale, most=20)', env)

