from otter.test_files import test_case

OK_FORMAT = False

name = "test_angry_lowest"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Lowest at the origin, with a value of 0, and at least 0.1 from a distance of 1 on."""
    exec('zero = torch.zeros((), dtype=torch.float64)', env)
    exec('check_close(torch.as_tensor(angry(zero, zero)).detach(), 0.0, "angry(0, 0)", atol=1e-6)', env)
    exec('v = torch.linspace(-20, 20, 401, dtype=torch.float64)', env)
    exec('height = torch.as_tensor(angry(v[:, None], v[None, :])).detach()', env)
    exec('assert not height.isnan().any(), "The height is nan somewhere."', env)
    exec('assert height.min() >= -1e-6, f"It is as low as {height.min():.4g} somewhere, which is below the origin."', env)
    exec('far = v[:, None] ** 2 + v[None, :] ** 2 >= 1', env)
    exec('assert height[far].min() >= 0.1, f"At a distance of 1 or more it is as low as {height[far].min():.4g}; 0.1 is asked."', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """Lowest at the origin, with a value of 0, and at least 0.1 from a distance of 1 on."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimization_landscapes.reference import assert_lowest_at_origin', env)
    value = eval('assert_lowest_at_origin(angry)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

