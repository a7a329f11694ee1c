from otter.test_files import test_case

OK_FORMAT = False

name = "test_learn_start"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One datum, from a start that stays as it was."""
    exec('begin_at = torch.tensor([2.0, -2.0])', env)
    exec('thetas, losses = learn(torch.zeros(1, 2), torch.tensor([-1.0]), begin_at, partial(Adam, lr=0.025), 50)', env)
    exec('check_close(begin_at, [2.0, -2.0], "the start that was given, after the call", rtol=0, atol=0)', env)
    exec('check_close(thetas[0], [2.0, -2.0], "row 0 of thetas")', env)
    exec('check_close(losses[0], 3.0864, "the loss at the start", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """One datum, from a start that stays as it was."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_a_function.reference import assert_learned, problem, squared', env)
    exec('assert abs(float(losses[10]) - 0.856) < 1e-3', env)
    exec('assert abs(float(losses[50]) - 0.0008) < 1e-4', env)
    exec('assert (torch.as_tensor(thetas[50]).double() - torch.tensor([1.3446, -1.3446])).abs().max() < 1e-3', env)
    exec('for count in (1, 4):\n    points, targets, start = problem(count)\n    begin_at = torch.tensor(start)\n    kept = begin_at.clone()\n    result = learn(points, targets, begin_at, partial(SGD, lr=0.3), 6)\n    assert torch.equal(begin_at, kept)\n    assert_learned(result, squared, points, targets, kept, partial(SGD, lr=0.3), 6)', env)

