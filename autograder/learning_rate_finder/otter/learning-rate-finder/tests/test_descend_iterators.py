from otter.test_files import test_case

OK_FORMAT = False

name = "test_descend_iterators"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Batches and rates that can only be gone through, once."""
    exec('def squared_error(params, X, y):\n    return ((params[0] * X - y) ** 2).mean()', env)
    exec('steps, sizes = [(torch.randn(5) + 1, torch.randn(5)) for _ in range(3)], [0.1, 0.2, 0.05]', env)
    exec('from_lists, _ = descend(squared_error, [torch.tensor([1.5])], steps, sizes)', env)
    exec('moved, losses = descend(squared_error, [torch.tensor([1.5])], iter(steps), iter(sizes))', env)
    exec('assert len(losses) == 3, f"Three steps have three losses, not {len(losses)}."', env)
    exec('check_close(moved[0], from_lists[0], "w, with iterators in place of lists")', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """Batches and rates that can only be gone through, once."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_descends, fresh', env)
    exec('batches, sizes = [(torch.randn(8) + 1, torch.randn(8)) for _ in range(6)], (0.01 + 0.1 * torch.rand(6)).tolist()', env)
    exec('where = [torch.randn(1) + 2]', env)
    exec('given, *_ = fresh((where, batches, sizes))', env)
    value = eval('assert_descends(descend(squared_error, given, iter(batches), iter(sizes)), squared_error, where, batches, sizes)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

