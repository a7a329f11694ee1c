from otter.test_files import test_case

OK_FORMAT = False

name = "test_descend_rates"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Several steps, each with its own batch and its own rate."""
    exec('def squared_error(params, X, y):\n    return ((params[0] * X - y) ** 2).mean()', env)
    exec('inputs, targets = torch.randn(4, 6) + 1, torch.randn(4, 6)', env)
    exec('steps, sizes = list(zip(inputs, targets)), [0.02, 0.3, 0.005, 0.1]', env)
    exec('moved, losses = descend(squared_error, [torch.tensor([1.5])], steps, sizes)', env)
    exec('assert len(losses) == 4, f"Four steps have four losses, not {len(losses)}."', env)
    exec('stepwise = [torch.tensor([1.5])]', env)
    exec('for number in range(4):\n    stepwise, before = descend(squared_error, stepwise, [steps[number]], [sizes[number]])\n    stepwise = [value.detach() for value in stepwise]\n    check_close(losses[number], before[0], f"the loss before step {number + 1} of 4", rtol=1e-3, atol=1e-5)', env)
    exec('check_close(moved[0], stepwise[0], "w after four steps", rtol=1e-3, atol=1e-5)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Several steps, each with its own batch and its own rate."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_descends, fresh', env)
    exec('for count in (2, 9):\n    batches = [(torch.randn(8) + 1, torch.randn(8)) for _ in range(count)]\n    problem = [torch.randn(1) + 2], batches, (0.01 + 0.2 * torch.rand(count)).tolist()\n    assert_descends(descend(squared_error, *fresh(problem)), squared_error, *problem)', env)

