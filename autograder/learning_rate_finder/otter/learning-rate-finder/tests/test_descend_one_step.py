from otter.test_files import test_case

OK_FORMAT = False

name = "test_descend_one_step"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One step of one tensor, downhill, and the loss before it."""
    exec('def squared_error(params, X, y):\n    return ((params[0] * X - y) ** 2).mean()', env)
    exec('inputs, targets = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 3.0, 7.0])', env)
    exec('result = descend(squared_error, [torch.tensor(0.5)], [(inputs, targets)], [0.1])', env)
    exec('assert isinstance(result, (tuple, list)) and len(result) == 2, "Return two things: the parameters and the losses."', env)
    exec('moved, losses = result', env)
    exec('assert isinstance(moved, (tuple, list)), f"Return the list of parameters first, not a {type(moved).__name__}."', env)
    exec('assert len(losses) == 1, f"One step has one loss, not {len(losses)}."', env)
    exec('slope = (2 * (0.5 * inputs - targets) * inputs).mean()', env)
    exec('check_close(losses[0], ((0.5 * inputs - targets) ** 2).mean(), "the loss before the step", rtol=1e-3)', env)
    exec('check_close(moved[0], 0.5 - 0.1 * slope, "w after one step", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """One step of one tensor, downhill, and the loss before it."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_descends, fresh', env)
    exec('for count, rate in ((5, 0.03), (40, 0.2)):\n    problem = [torch.randn(1) + 2], [(torch.randn(count) + 1, torch.randn(count))], [rate]\n    assert_descends(descend(squared_error, *fresh(problem)), squared_error, *problem)', env)

