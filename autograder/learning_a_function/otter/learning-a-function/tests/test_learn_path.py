from otter.test_files import test_case

OK_FORMAT = False

name = "test_learn_path"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Whole walks, with the optimizer that is given."""
    exec('points, targets = torch.tensor([[0.3, 0.5], [-0.8, 1.1], [1.1, -0.4]]), torch.tensor([-0.4, 0.3, 0.1])', env)
    exec('expected = lambda a, b: ((f(points[:, 0], points[:, 1], a, b) - targets) ** 2).mean()', env)
    exec('for name, chosen in [("SGD", partial(SGD, lr=0.3)), ("Adam", partial(Adam, lr=0.05))]:\n    thetas, losses = learn(points, targets, (1.3, -0.9), chosen, 12)\n    right = minimise(expected, (1.3, -0.9), chosen, steps=12)\n    check_close(thetas, right.points, f"thetas with {name}", rtol=1e-3, atol=1e-4)\n    check_close(losses, right.values, f"losses with {name}", rtol=1e-3, atol=1e-4)', env)
    visible.passed = True

@test_case(points=3, hidden=True)
def hidden(env):
    """Whole walks, with the optimizer that is given."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_a_function.reference import assert_learned, problem, squared', env)
    exec('for chosen in (partial(SGD, lr=0.2, momentum=0.8), partial(RMSprop, lr=0.02), partial(torch.optim.Adamax, lr=0.07)):\n    points, targets, start = problem(5)\n    assert_learned(learn(points, targets, start, chosen, 20), squared, points, targets, start, chosen, 20)', env)
    exec('if torch.cuda.is_available():\n    on_gpu = learn(points.cuda(), targets.cuda(), torch.tensor(start).cuda(), chosen, 20)\n    assert_learned(on_gpu, squared, points, targets, start, chosen, 20)', env)

