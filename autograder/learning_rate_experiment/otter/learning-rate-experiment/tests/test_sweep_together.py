from otter.test_files import test_case

OK_FORMAT = False

name = "test_sweep_together"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """All models move together: the activation is called for all of them at once."""
    exec('def counted(activation, most):\n    """The activation, which refuses to be called more than `most` times."""\n    calls = 0\n\n    def limited(z):\n        nonlocal calls\n        calls += 1\n        if calls > most:\n            raise RuntimeError(f"The activation was called more than {most} times: once an epoch, for all models.")\n        return activation(z)\n\n    return limited', env)
    exec('points, labels = torch.randn(10, 2) + 1, (torch.arange(10) % 2).float()', env)
    exec('starts, lrs = torch.randn(40, 5), torch.linspace(0.001, 0.1, 40)', env)
    exec('losses, _, thetas = sweep(points, labels, starts.clone(), lrs, 5, counted(torch.tanh, 2 * 5 + 4))', env)
    exec('assert tuple(losses.shape) == (40, 5), f"losses has shape {tuple(losses.shape)}, but should have (40, 5)."', env)
    exec('hidden = torch.tanh(starts[:, :2] @ points.T + starts[:, 2:3])', env)
    exec('given = binary_cross_entropy_with_logits(\n    starts[:, 3:4] * hidden + starts[:, 4:5], labels.expand(40, 10), reduction="none"\n)', env)
    exec('check_close(losses[:, 0], given.mean(dim=1), "the first losses with the given activation", rtol=1e-3, atol=1e-5)', env)
    visible.passed = True

@test_case(points=3, hidden=True)
def hidden(env):
    """All models move together: the activation is called for all of them at once."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_experiment.reference import assert_agrees, fresh, random_sweep, sweep as exact', env)
    exec('for activation, models, epochs in ((torch.relu, 24, 4), (torch.nn.functional.leaky_relu, 30, 2)):\n    problem = random_sweep(12, models, epochs=epochs, activation=activation)\n    results = sweep(*fresh(problem[:-1]), counted(activation, 2 * epochs + 4))\n    assert_agrees(results, exact, *problem)', env)

