from otter.test_files import test_case

OK_FORMAT = False

name = "test_learn_loss"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The loss: the mean of the squared errors."""
    exec('points, targets = torch.tensor([[0.3, 0.5], [-0.8, 1.1], [1.1, -0.4]]), torch.tensor([-0.4, 0.3, 0.1])', env)
    exec('answer = learn(points, targets, (1.3, -0.9), partial(SGD, lr=0.1), 1)', env)
    exec('assert isinstance(answer, (tuple, list)) and len(answer) == 2, "Return two things: thetas, losses."', env)
    exec('thetas, losses = answer', env)
    exec('assert len(losses) == 2, f"One step gives two losses, before it and after it, not {len(losses)}."', env)
    exec('first, second = torch.tensor(1.3), torch.tensor(-0.9)', env)
    exec('by_hand = sum((f(x, y, first, second) - t) ** 2 for (x, y), t in zip(points, targets)) / 3', env)
    exec('check_close(losses[0], by_hand, "the loss at the start", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """The loss: the mean of the squared errors."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_a_function.reference import assert_learned, problem, squared', env)
    exec('for count in (2, 7):\n    points, targets, start = problem(count)\n    chosen = partial(SGD, lr=0.05)\n    assert_learned(learn(points, targets, start, chosen, 1), squared, points, targets, start, chosen, 1)', env)

