from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_accuracy"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The accuracy in percent, after the last step."""
    exec('points, labels = torch.tensor([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 0.0]]), torch.ones(4)', env)
    exec('_, before, _ = train(points, labels, torch.tensor([1.0, 0.0, 0.0, 0.5, -1.2]), lr=0.0, epochs=1)', env)
    exec('check_close(before, 50.0, "the accuracy when two of four points are right")', env)
    exec('_, after, _ = train(points, labels, torch.tensor([1.0, 0.0, 0.0, 0.5, -1.2]), lr=2.0, epochs=1)', env)
    exec('check_close(after, 100.0, "the accuracy when the one step puts all four right")', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """The accuracy in percent, after the last step."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_experiment.reference import assert_agrees, fresh, random_problem, train as exact', env)
    exec('seen = set()', env)
    exec('while len(seen) < 4:\n    problem = random_problem(17, epochs=3)\n    results = train(*fresh(problem))\n    assert_agrees(results, exact, *problem)\n    seen.add(round(float(results[1]), 3))', env)

