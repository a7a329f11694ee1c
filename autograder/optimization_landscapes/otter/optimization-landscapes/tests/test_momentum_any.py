from otter.test_files import test_case

OK_FORMAT = False

name = "test_momentum_any"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One variable, or three."""
    exec('parabola = momentum_descent(lambda x: x**2, (0.75,), lr=0.1, momentum=0.5, steps=3)', env)
    exec('check_close(parabola, [[0.75], [0.6], [0.405], [0.2265]], "the path on x² from 0.75", rtol=1e-4)', env)
    exec('valley3 = lambda x, y, z: x**2 + 3 * (y - 1) ** 2 + (z * x - 2) ** 2', env)
    exec('mine = momentum_descent(valley3, (1.0, -1.0, 0.5), lr=0.05, momentum=0.8, steps=4)', env)
    exec('torchs = minimise(valley3, (1.0, -1.0, 0.5), partial(SGD, lr=0.05, momentum=0.8), steps=4)', env)
    exec('check_close(mine, torchs.points, "the path in three dimensions", rtol=1e-3, atol=1e-4)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """One variable, or three."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimization_landscapes.reference import assert_path', env)
    exec('a, b, c = (torch.rand(3) + 0.5).tolist()', env)
    exec('line = lambda x, a=a: a * (x - 2) ** 2 + torch.cos(x)', env)
    exec('many = lambda v, w, x, y, z, b=b, c=c: v**2 + b * w**2 + (x - y) ** 2 + c * (y + z * w) ** 2 + z**2', env)
    exec('assert_path(momentum_descent(line, (-a,), 0.06, 0.6, 12), line, (-a,), 0.06, 0.6, 12)', env)
    exec('start = torch.rand(5) + 0.3', env)
    exec('assert_path(momentum_descent(many, start.clone(), 0.04, 0.8, 15), many, start, 0.04, 0.8, 15)', env)
    exec('if torch.cuda.is_available():\n    assert_path(momentum_descent(many, start.cuda(), 0.04, 0.8, 15), many, start, 0.04, 0.8, 15)', env)

