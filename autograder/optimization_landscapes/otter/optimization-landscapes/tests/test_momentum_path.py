from otter.test_files import test_case

OK_FORMAT = False

name = "test_momentum_path"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Whole paths, step by step as torch.optim.SGD takes them."""
    exec('for momentum in (0.0, 0.9):\n    mine = momentum_descent(fancy, (-4.0, 4.0), lr=0.1, momentum=momentum, steps=20)\n    torchs = minimise(fancy, (-4.0, 4.0), partial(SGD, lr=0.1, momentum=momentum), steps=20)\n    check_close(mine, torchs.points, f"the path with momentum {momentum}", rtol=1e-3, atol=1e-4)', env)
    visible.passed = True

@test_case(points=3, hidden=True)
def hidden(env):
    """Whole paths, step by step as torch.optim.SGD takes them."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimization_landscapes.reference import assert_path', env)
    exec('known = torch.tensor([[-4.0, 4.0], [-3.9957, 3.9054], [-3.9873, 3.7362], [-3.9748, 3.5173]])', env)
    exec('path = momentum_descent(fancy, (-4.0, 4.0), 0.1, 0.9, 3)', env)
    exec('assert_path(path, fancy, (-4.0, 4.0), 0.1, 0.9, 3)', env)
    exec('for row, want in zip(path, known):\n    assert (torch.as_tensor(row).detach().double() - want).abs().max() < 1e-4', env)
    exec('for lr, momentum, steps in ((0.03, 0.95, 40), (0.11, 0.4, 25), (0.05, 0.0, 10)):\n    a, b, u, v = (torch.rand(4) + 0.5).tolist()\n    bumpy = lambda x, y, a=a, b=b: a * x**2 + b * (y - 1) ** 2 + torch.sin(x + b * y)\n    assert_path(momentum_descent(bumpy, (u, -v), lr, momentum, steps), bumpy, (u, -v), lr, momentum, steps)', env)

