from otter.test_files import test_case

OK_FORMAT = False

name = "test_critical_any_inputs"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """A single input, negative ones, other units."""
    exec('rate = critical_learning_rate(torch.tensor([-3.0, 1.0, 2.5, -0.5]))', env)
    exec('check_close(critical_learning_rate(torch.tensor([3.0, 1.0, -2.5, -0.5])), rate, "the rate with other signs")', env)
    exec('hundred = critical_learning_rate(torch.tensor([-300.0, 100.0, 250.0, -50.0]))', env)
    exec('check_close(10_000 * hundred, rate, "10,000 times the rate for x in centimetres")', env)
    exec('check_close(critical_learning_rate(torch.tensor([0.5])), 4.0, "the rate for a single x of 0.5")', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """A single input, negative ones, other units."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate.reference import assert_agrees, critical_learning_rate as exact', env)
    exec('for n, size in ((1, 2.0), (5, 0.01), (40, 300.0)):\n    inputs = size * torch.randn(n)\n    assert_agrees(critical_learning_rate(inputs), exact, inputs)', env)

