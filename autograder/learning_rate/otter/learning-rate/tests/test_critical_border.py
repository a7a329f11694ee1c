from otter.test_files import test_case

OK_FORMAT = False

name = "test_critical_border"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Just below the rate descent closes in, just above it moves away."""
    exec('inputs = torch.tensor([1.0, 2.0, 4.0])', env)
    exec('rate = float(critical_learning_rate(inputs))', env)
    exec('assert rate > 0, f"A learning rate is positive, but yours is {rate:.4g}."', env)
    exec('for share, closer in [(0.99, True), (1.01, False)]:\n    w, distances = 5.0, []\n    for _ in range(20):\n        w -= share * rate * float((2 * (w * inputs - 3.0 * inputs) * inputs).mean())\n        distances.append(abs(w - 3.0))\n    side = "below" if closer else "above"\n    wanted = "shrink" if closer else "grow"\n    assert (distances[-1] < distances[0]) == closer, f"1 % {side} your rate the distance should {wanted}."\n    assert distances[-1] > 0.5, f"1 % {side} your rate it should move slowly: your rate is too small."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Just below the rate descent closes in, just above it moves away."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate.reference import assert_agrees, critical_learning_rate as exact', env)
    exec('for n in (3, 11, 200):\n    inputs = 1 + 3 * torch.rand(n)\n    assert_agrees(critical_learning_rate(inputs), exact, inputs)', env)
    exec('inputs, _ = proportional_data()', env)
    exec('assert abs(float(critical_learning_rate(inputs)) - 0.029636) < 1e-6', env)
    value = eval('assert_agrees(critical_learning_rate(inputs), exact, inputs)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 2, 'partial credit must lie between 0 and 2'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

