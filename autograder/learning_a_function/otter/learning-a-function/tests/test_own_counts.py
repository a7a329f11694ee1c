from otter.test_files import test_case

OK_FORMAT = False

name = "test_own_counts"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """x, y and all three parameters make a difference."""
    exec('x, y = torch.linspace(-2, 2, 9, dtype=torch.float64)[:, None], torch.linspace(-2, 2, 7, dtype=torch.float64)', env)
    exec('theta = torch.tensor([0.7, 1.1, 1.3], dtype=torch.float64)', env)
    exec('table = torch.as_tensor(own(x, y, theta)).detach()', env)
    exec('for number in range(3):\n    nudged = theta.clone()\n    nudged[number] += 0.01\n    change = (torch.as_tensor(own(x, y, nudged)).detach() - table).abs().max()\n    assert change > 1e-8, f"theta[{number}] makes no difference anywhere."', env)
    exec('assert (table - table[:1]).abs().max() > 1e-8, "x makes no difference anywhere."', env)
    exec('assert (table - table[:, :1]).abs().max() > 1e-8, "y makes no difference anywhere."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """x, y and all three parameters make a difference."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_a_function.reference import assert_everything_counts', env)
    value = eval('assert_everything_counts(own)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 2, 'partial credit must lie between 0 and 2'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

