from otter.test_files import test_case

OK_FORMAT = False

name = "test_angry_smooth"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """It can be differentiated, and doesn't jump."""
    exec('x, y = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (1.5, -2.0))', env)
    exec('value = angry(x, y)', env)
    exec('assert value.requires_grad, "The result isn\'t connected to x and y: did you detach, or leave torch on the way?"', env)
    exec('t = torch.linspace(0, 1, 4001, dtype=torch.float64)', env)
    exec('height = angry(4 * t, 4 * t).detach()', env)
    exec('leap = (height[1:] - height[:-1]).abs().max()', env)
    exec('assert leap <= 0.2 * (height.max() - height.min()), "On the way from (0, 0) to (4, 4) the height jumps."', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """It can be differentiated, and doesn't jump."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimization_landscapes.reference import assert_smooth', env)
    value = eval('assert_smooth(angry)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

