from otter.test_files import test_case

OK_FORMAT = False

name = "test_descend_start"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The tensors that were given stay as they were."""
    exec('def squared_error(params, X, y):\n    return ((params[0] * X - y) ** 2).mean()', env)
    exec('steps = [(torch.randn(5) + 1, torch.randn(5)) for _ in range(3)]', env)
    exec('given = [torch.tensor([1.5])]', env)
    exec('kept = given[0].clone()', env)
    exec('first, _ = descend(squared_error, given, steps, [0.1, 0.2, 0.05])', env)
    exec('check_close(given[0], kept, "the tensor that was given, after the call", rtol=0, atol=0)', env)
    exec('second, _ = descend(squared_error, given, steps, [0.1, 0.2, 0.05])', env)
    exec('check_close(second[0], first[0], "w after a second run that starts alike")', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """The tensors that were given stay as they were."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_descends', env)
    exec('def gap(params, X, y):\n    return ((params[0] * X - 2 * y) ** 2).mean()', env)
    exec('both = torch.randn(6) + 1', env)
    exec('batches, sizes = [(torch.rand(6) + 0.5, both) for _ in range(4)], [0.3, 0.2, 0.4, 0.1]', env)
    exec('wanted = [both.clone()], [(inputs, both.clone()) for inputs, _ in batches], sizes', env)
    value = eval('assert_descends(descend(gap, [both], batches, sizes), gap, *wanted)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

