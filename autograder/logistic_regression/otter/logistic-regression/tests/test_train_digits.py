from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_digits"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One epoch on the real digits."""
    exec('digits, is_one = ones_and_sevens(train=True)', env)
    exec('start = torch.randn(785) / 100', env)
    exec('theta, losses = train(digits, is_one, start.clone(), lr=0.01, epochs=1, batch_size=500)', env)
    exec('assert len(losses) == 27, f"13,007 images in batches of 500 take 27 steps, not {len(losses)}."', env)
    exec('assert losses[25] < 0.3, f"After 25 steps the loss should be below 0.3, not {losses[25]:.3f}."', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """One epoch on the real digits."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, train as exact', env)
    value = eval('assert_agrees((theta, losses), exact, digits, is_one, start, 0.01, 1, 500)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

