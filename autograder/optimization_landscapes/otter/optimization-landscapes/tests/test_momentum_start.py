from otter.test_files import test_case

OK_FORMAT = False

name = "test_momentum_start"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The start stays as it was."""
    exec('start = torch.tensor([-4.0, 4.0])', env)
    exec('mine = momentum_descent(fancy, start, lr=0.1, momentum=0.9, steps=5)', env)
    exec('check_close(start, [-4.0, 4.0], "the start that was given, after the call", rtol=0, atol=0)', env)
    exec('torchs = minimise(fancy, (-4.0, 4.0), partial(SGD, lr=0.1, momentum=0.9), steps=5)', env)
    exec('check_close(mine, torchs.points, "the path from a tensor", rtol=1e-3, atol=1e-4)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """The start stays as it was."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimization_landscapes.reference import assert_path', env)
    exec('start = torch.rand(2) + 1.0', env)
    exec('kept = start.clone()', env)
    exec('for momentum in (0.5, 0.8):\n    assert_path(momentum_descent(fancy, start, 0.2, momentum, 10), fancy, kept, 0.2, momentum, 10)\n    assert torch.equal(start, kept)', env)

