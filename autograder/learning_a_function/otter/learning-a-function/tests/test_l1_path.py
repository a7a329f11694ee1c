from otter.test_files import test_case

OK_FORMAT = False

name = "test_l1_path"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Whole walks on the absolute errors."""
    exec('points, targets = torch.tensor([[0.3, 0.5], [-0.8, 1.1], [1.1, -0.4]]), torch.tensor([-1.4, 0.3, -0.6])', env)
    exec('expected = lambda a, b: (f(points[:, 0], points[:, 1], a, b) - targets).abs().mean()', env)
    exec('thetas, losses = learn_l1(points, targets, (1.3, -0.9), partial(Adam, lr=0.05), 8)', env)
    exec('right = minimise(expected, (1.3, -0.9), partial(Adam, lr=0.05), steps=8)', env)
    exec('check_close(thetas, right.points, "thetas with Adam", rtol=1e-3, atol=1e-4)', env)
    exec('check_close(losses, right.values, "losses with Adam", rtol=1e-3, atol=1e-4)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Whole walks on the absolute errors."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_a_function.reference import absolute, assert_learned, problem', env)
    exec('for chosen in (partial(SGD, lr=0.05, momentum=0.7), partial(RMSprop, lr=0.01), partial(torch.optim.Adamax, lr=0.03)):\n    points, targets, start = problem(4)\n    assert_learned(learn_l1(points, targets, start, chosen, 10), absolute, points, targets, start, chosen, 10)', env)

