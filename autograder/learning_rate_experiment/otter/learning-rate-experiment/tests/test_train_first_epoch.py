from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_first_epoch"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One epoch: the loss before the step, and the step."""
    exec('points, labels = torch.randn(12, 2), (torch.arange(12) % 3 == 0).float()', env)
    exec('start = torch.tensor([0.3, -0.5, 0.9, 0.7, -0.2])', env)
    exec('def loss_at(theta):\n    hidden = torch.relu(points @ theta[:2] + theta[2])\n    return binary_cross_entropy_with_logits(theta[3] * hidden + theta[4], labels)', env)
    exec('losses, accuracy, theta = train(points, labels, start.clone(), lr=0.1, epochs=1)', env)
    exec('assert len(losses) == 1, f"One epoch gives one loss, not {len(losses)}."', env)
    exec('check_close(losses[0], loss_at(start), "the loss before the step", rtol=1e-3)', env)
    exec('assert tuple(theta.shape) == (5,), f"theta has shape {tuple(theta.shape)}, but should have (5,)."', env)
    exec('nudges = 0.001 * torch.eye(5)', env)
    exec('slopes = torch.stack([(loss_at(start + nudge) - loss_at(start - nudge)) / 0.002 for nudge in nudges])', env)
    exec('check_close(theta, start - 0.1 * slopes, "theta after one step", rtol=1e-2, atol=2e-3)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """One epoch: the loss before the step, and the step."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_experiment.reference import assert_agrees, fresh, random_problem, train as exact', env)
    exec('for n in (1, 9, 60):\n    problem = random_problem(n, epochs=1)\n    assert_agrees(train(*fresh(problem)), exact, *problem)', env)

