from otter.test_files import test_case

OK_FORMAT = False

name = "test_warmup_groups"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Groups of parameters, each with a peak of its own."""
    exec('groups = [{"params": [torch.zeros(2, requires_grad=True)], "lr": peak} for peak in (0.4, 0.1)]', env)
    exec('scheduler = warmup_cosine(SGD(groups, lr=1.0), warmup=1, steps=5)', env)
    exec('first = scheduler.get_last_lr()', env)
    exec('scheduler.optimizer.step()', env)
    exec('scheduler.step()', env)
    exec('second = scheduler.get_last_lr()', env)
    exec('assert len(first) == 2, "An optimizer with two groups of parameters has two rates."', env)
    exec('check_close(first, [0.2, 0.05], "the rates of the first step, for peaks of 0.4 and 0.1,", rtol=1e-3)', env)
    exec('check_close(second, [0.4, 0.1], "the rates of the second step, for peaks of 0.4 and 0.1,", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """Groups of parameters, each with a peak of its own."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_rates, warmup_cosine as exact', env)
    exec('peaks = (0.05, 3.0, 0.7)', env)
    exec('groups = [{"params": [torch.ones(2, requires_grad=True)], "lr": peak} for peak in peaks]', env)
    exec('scheduler = warmup_cosine(torch.optim.SGD(groups, lr=1.0), 5, 18)', env)
    value = eval('assert_rates(scheduler, [exact(peak, 5, 18) for peak in peaks], 18)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

