from otter.test_files import test_case

OK_FORMAT = False

name = "test_sweep_rates"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """A rate for each model, in any order; starts stay as they were."""
    exec('points, labels = torch.randn(5, 2) + 1, torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0])', env)
    exec('starts, lrs = torch.randn(5, 5), torch.tensor([0.0, 0.5, 0.1, 0.0, 0.3])', env)
    exec('kept = starts.clone()', env)
    exec('losses, _, thetas = sweep(points, labels, starts, lrs, 4)', env)
    exec('check_close(starts, kept, "the starts that were given, after the call", rtol=0, atol=0)', env)
    exec('check_close(thetas[lrs == 0], kept[lrs == 0], "the thetas of models with a rate of 0")', env)
    exec('order = torch.tensor([3, 1, 4, 0, 2])', env)
    exec('shuffled, _, _ = sweep(points, labels, kept[order], lrs[order], 4)', env)
    exec('check_close(shuffled, losses[order], "the losses with the models in another order", rtol=1e-3, atol=1e-5)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """A rate for each model, in any order; starts stay as they were."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_experiment.reference import assert_agrees, random_sweep, sweep as exact', env)
    exec('for size in (2, 5, 9):\n    problem = random_sweep(size, size, epochs=5)\n    starts, kept = problem[2], problem[2].clone()\n    assert_agrees(sweep(*problem), exact, *problem[:2], kept, *problem[3:])\n    assert torch.equal(starts, kept)', env)

