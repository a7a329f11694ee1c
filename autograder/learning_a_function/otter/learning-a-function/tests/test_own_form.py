from otter.test_files import test_case

OK_FORMAT = False

name = "test_own_form"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One value for each point, connected to theta."""
    exec('x, y = torch.linspace(-2, 2, 6, dtype=torch.float64), torch.linspace(-1.5, 2, 3, dtype=torch.float64)', env)
    exec('theta = torch.tensor([0.7, 1.1, 1.3], dtype=torch.float64)', env)
    exec('table = own(x[:, None], y[None, :], theta)', env)
    exec('assert isinstance(table, torch.Tensor), "own should return a tensor; compute with torch only."', env)
    exec('table = table.detach()', env)
    exec('assert tuple(table.shape) == (6, 3), f"x of shape (6, 1) and y of shape (1, 3) give shape {tuple(table.shape)}."', env)
    exec('assert table.dtype == torch.float64, f"float64 in, but {table.dtype} out: is there a tensor of your own in the way?"', env)
    exec('assert torch.isfinite(table).all(), "Some values are nan or infinite."', env)
    exec('check_close(table[4, 1], torch.as_tensor(own(x[4], y[1], theta)).detach(), "entry [4, 1], against a call of its own")', env)
    exec('connected = own(x[:, None], y[None, :], theta.requires_grad_())', env)
    exec('assert connected.requires_grad, "The result isn\'t connected to theta: did you detach it, or make floats of it?"', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """One value for each point, connected to theta."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_a_function.reference import assert_broadcasts', env)
    value = eval('assert_broadcasts(own)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

