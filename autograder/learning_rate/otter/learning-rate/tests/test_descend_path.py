from otter.test_files import test_case

OK_FORMAT = False

name = "test_descend_path"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The whole path, the start included."""
    exec('path = descend(lambda x: 2 * x, 0.75, 0.25, 4)', env)
    exec('assert len(path) == 5, f"4 steps make a path of 5 numbers, not {len(path)}."', env)
    exec('check_close(path, [0.75, 0.375, 0.1875, 0.09375, 0.046875], "the path of four steps from 0.75")', env)
    exec('assert len(descend(lambda x: 2 * x, 0.75, 0.25, 0)) == 1, "With no steps the path is the start alone."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """The whole path, the start included."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate.reference import assert_agrees, descend as exact', env)
    exec('for lr, steps in ((1.0, 50), (0.01, 50), (0.3, 8)):\n    assert_agrees(descend(lambda x: 2 * x, 0.75, lr, steps), exact, lambda x: 2 * x, 0.75, lr, steps)', env)
    exec('start = 1.0 + float(torch.rand(()))', env)
    exec('assert_agrees(descend(lambda x: 2 * x, start, 0.9, 30), exact, lambda x: 2 * x, start, 0.9, 30)', env)
    value = eval('assert_agrees(descend(lambda x: 2 * x, start, 0.9, 0), exact, lambda x: 2 * x, start, 0.9, 0)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 2, 'partial credit must lie between 0 and 2'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

