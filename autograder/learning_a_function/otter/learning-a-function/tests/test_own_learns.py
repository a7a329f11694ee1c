from otter.test_files import test_case

OK_FORMAT = False

name = "test_own_learns"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """It can learn values of its own."""
    exec('x, y = torch.linspace(-2, 2, 12, dtype=torch.float64), torch.linspace(-2, 2, 12, dtype=torch.float64).roll(5)', env)
    exec('wanted = torch.as_tensor(own(x, y, torch.tensor([0.9, 1.1, 1.0], dtype=torch.float64))).detach()', env)
    exec('assert tuple(wanted.shape) == (12,), f"12 points give shape {tuple(wanted.shape)}."', env)
    exec('error = lambda theta: ((torch.as_tensor(own(x, y, theta.clone())).detach() - wanted) ** 2).mean()', env)
    exec('theta = torch.tensor([1.025, 0.975, 1.125], dtype=torch.float64)', env)
    exec('before, adam = error(theta), Adam([theta], lr=0.02)', env)
    exec('for _ in range(40):\n    theta.grad = numeric_gradient(error, theta)\n    adam.step()', env)
    exec('assert before > 0, "Other parameters give the very same values, so there is nothing to learn."', env)
    exec('assert error(theta) < before, f"40 steps of Adam took the loss from {before:.3g} to {error(theta):.3g}."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """It can learn values of its own."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_a_function.reference import assert_learns', env)
    exec('assert_learns(own)', env)
    value = eval('assert_learns(own)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 2, 'partial credit must lie between 0 and 2'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

