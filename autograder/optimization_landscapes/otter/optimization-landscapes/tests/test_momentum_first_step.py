from otter.test_files import test_case

OK_FORMAT = False

name = "test_momentum_first_step"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The first step: plain gradient descent."""
    exec('first = momentum_descent(fancy, (-4.0, 4.0), lr=0.1, momentum=0.9, steps=1)', env)
    exec('start = torch.tensor([-4.0, 4.0], dtype=torch.float64)', env)
    exec('by_nudging = start - 0.1 * numeric_gradient(lambda p: fancy(p[0], p[1]), start)', env)
    exec('check_close(first, torch.stack([start, by_nudging]), "the start and the point after one step", rtol=1e-4, atol=1e-4)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """The first step: plain gradient descent."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimization_landscapes.reference import assert_path', env)
    exec('for momentum in (0.0, 0.7):\n    a, b, u, v = (torch.rand(4) + 0.5).tolist()\n    bumpy = lambda x, y, a=a, b=b: a * x**2 + b * (y - 1) ** 2 + torch.sin(x + b * y)\n    assert_path(momentum_descent(bumpy, (u, -v), 0.07, momentum, 1), bumpy, (u, -v), 0.07, momentum, 1)', env)

