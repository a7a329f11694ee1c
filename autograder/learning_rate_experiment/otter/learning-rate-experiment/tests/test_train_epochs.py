from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_epochs"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Several epochs, each going on from the last."""
    exec('points, labels = torch.randn(30, 2) + 1, (torch.arange(30) % 2).float()', env)
    exec('start = torch.tensor([0.4, 0.3, 0.8, -0.6, 0.1])', env)
    exec('losses, _, theta = train(points, labels, start.clone(), lr=0.05, epochs=5)', env)
    exec('assert len(losses) == 5, f"5 epochs give 5 losses, not {len(losses)}."', env)
    exec('first, _, halfway = train(points, labels, start.clone(), lr=0.05, epochs=2)', env)
    exec('second, _, end = train(points, labels, halfway.clone(), lr=0.05, epochs=3)', env)
    exec('check_close(theta, end, "theta after five epochs, against two and three more,", rtol=1e-3, atol=1e-5)', env)
    exec('check_close(losses, [*first, *second], "the losses of five epochs", rtol=1e-3, atol=1e-5)', env)
    exec('assert float(losses[-1]) < float(losses[0]), "The loss should fall from the first epoch to the last."', env)
    visible.passed = True

@test_case(points=3, hidden=True)
def hidden(env):
    """Several epochs, each going on from the last."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_experiment.reference import assert_agrees, fresh, random_problem, train as exact', env)
    exec('for n, epochs in ((5, 2), (40, 12), (25, 7)):\n    problem = random_problem(n, epochs=epochs)\n    assert_agrees(train(*fresh(problem)), exact, *problem)', env)
    exec('if torch.cuda.is_available():\n    points, labels, start, *rest = random_problem(30, epochs=6)\n    assert_agrees(train(points.cuda(), labels.cuda(), start.cuda(), *rest), exact, points, labels, start, *rest)', env)

