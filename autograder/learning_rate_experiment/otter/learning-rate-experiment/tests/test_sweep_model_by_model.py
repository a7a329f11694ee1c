from otter.test_files import test_case

OK_FORMAT = False

name = "test_sweep_model_by_model"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Each model moves as it would alone."""
    exec('points, labels = torch.randn(20, 2) + 1, (torch.arange(20) % 2).float()', env)
    exec('starts, lrs = torch.randn(5, 5), torch.tensor([0.02, 0.1, 0.3, 0.05, 0.2])', env)
    exec('together = sweep(points, labels, starts.clone(), lrs, 6)', env)
    exec('for model in range(5):\n    alone = sweep(points, labels, starts[model : model + 1].clone(), lrs[model : model + 1], 6)\n    for name, all_models, single in zip(["losses", "accuracies", "thetas"], together, alone):\n        check_close(all_models[model], single[0], f"{name} of model {model}, against it alone,", rtol=1e-3, atol=1e-4)', env)
    exec('assert float(together[0][:, -1].mean()) < float(together[0][:, 0].mean()), "On average the losses should fall."', env)
    visible.passed = True

@test_case(points=3, hidden=True)
def hidden(env):
    """Each model moves as it would alone."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_experiment.reference import assert_agrees, fresh, random_sweep, sweep as exact', env)
    exec('for n, models, epochs in ((7, 2, 3), (25, 6, 8), (40, 1, 10)):\n    problem = random_sweep(n, models, epochs=epochs)\n    assert_agrees(sweep(*fresh(problem)), exact, *problem)', env)
    exec('if torch.cuda.is_available():\n    points, labels, starts, lrs, *rest = random_sweep(30, 6, epochs=5)\n    on_gpu = [value.cuda() for value in (points, labels, starts, lrs)]\n    assert_agrees(sweep(*on_gpu, *rest), exact, points, labels, starts, lrs, *rest)', env)

