from otter.test_files import test_case

OK_FORMAT = False

name = "test_sweep_first_epoch"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One epoch of several models: shapes and losses."""
    exec('points, labels = torch.randn(9, 2) + 1, (torch.arange(9) % 2).float()', env)
    exec('starts = torch.randn(4, 5)', env)
    exec('losses, accuracies, thetas = sweep(points, labels, starts.clone(), torch.full((4,), 0.1), 1)', env)
    exec('shapes = {"losses": (losses, (4, 1)), "accuracies": (accuracies, (4,)), "thetas": (thetas, (4, 5))}', env)
    exec('for name, (value, shape) in shapes.items():\n    assert tuple(value.shape) == shape, f"{name} has shape {tuple(value.shape)}, but should have {shape}."', env)
    exec('for model, theta in enumerate(starts):\n    hidden = torch.relu(points @ theta[:2] + theta[2])\n    wanted = binary_cross_entropy_with_logits(theta[3] * hidden + theta[4], labels)\n    check_close(losses[model, 0], wanted, f"the first loss of model {model}", rtol=1e-3, atol=1e-5)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """One epoch of several models: shapes and losses."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_experiment.reference import assert_agrees, fresh, random_sweep, sweep as exact', env)
    exec('for n, models in ((12, 3), (30, 8)):\n    problem = random_sweep(n, models, epochs=1)\n    assert_agrees(sweep(*fresh(problem)), exact, *problem)', env)

