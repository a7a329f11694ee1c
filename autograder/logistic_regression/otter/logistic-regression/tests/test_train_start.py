from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_start"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The given theta stays as it was."""
    exec('images, labels = torch.randn(10, 28, 28), torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0])', env)
    exec('start = torch.randn(785) / 28', env)
    exec('kept = start.clone()', env)
    exec('first, _ = train(images, labels, start, lr=0.1, epochs=1, batch_size=4)', env)
    exec('check_close(start, kept, "the theta that was given, after the call", rtol=0, atol=0)', env)
    exec('second, _ = train(images, labels, start, lr=0.1, epochs=1, batch_size=4)', env)
    exec('check_close(second, first, "theta of a second run that starts alike")', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """The given theta stays as it was."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, train as exact', env)
    exec('both = (torch.rand(785) > 0.5).float()', env)
    exec('images, kept = torch.randn(785, 28, 28) / 28, both.clone()', env)
    exec('results = train(images, both, both, 0.2, 2, 100)', env)
    value = eval('assert_agrees(results, exact, images, kept, kept, 0.2, 2, 100)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

