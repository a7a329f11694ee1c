from otter.test_files import test_case

OK_FORMAT = False

name = "test_angry_broadcasts"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One height for each point, for shapes that broadcast."""
    exec('x, y = torch.linspace(-5, 5, 6, dtype=torch.float64), torch.linspace(-4, 4, 3, dtype=torch.float64)', env)
    exec('table = angry(x[:, None], y[None, :])', env)
    exec('assert isinstance(table, torch.Tensor), "angry should return a tensor; compute with torch only."', env)
    exec('table = table.detach()', env)
    exec('assert tuple(table.shape) == (6, 3), f"x of shape (6, 1) and y of shape (1, 3) give shape {tuple(table.shape)}."', env)
    exec('assert table.dtype == torch.float64, f"float64 in, but {table.dtype} out: is there a tensor of your own in the way?"', env)
    exec('for i, j in [(0, 0), (4, 1), (5, 2)]:\n    alone = torch.as_tensor(angry(x[i], y[j])).detach()\n    check_close(table[i, j], alone, f"entry [{i}, {j}] of the grid, against a call of its own")', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """One height for each point, for shapes that broadcast."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimization_landscapes.reference import assert_broadcasts', env)
    value = eval('assert_broadcasts(angry)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

