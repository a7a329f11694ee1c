from otter.test_files import test_case

OK_FORMAT = False

name = "test_descend_step"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One step, from either side."""
    exec('path = descend(lambda x: 2 * x, 3.0, 0.1, 1)', env)
    exec('assert len(path) == 2, f"One step makes a path of 2 numbers, the start and the end, not {len(path)}."', env)
    exec('check_close(path, [3.0, 2.4], "the path of one step from 3")', env)
    exec('check_close(descend(lambda x: 2 * x, -3.0, 0.1, 1), [-3.0, -2.4], "the path of one step from -3")', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """One step, from either side."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate.reference import assert_agrees, descend as exact', env)
    exec('for _ in range(3):\n    slope, start, lr = float(torch.rand(())) + 0.5, 4 * float(torch.rand(())) + 1, float(torch.rand(())) / 2 + 0.05\n    assert_agrees(descend(lambda x: slope * x + 1, start, lr, 1), exact, lambda x: slope * x + 1, start, lr, 1)', env)

