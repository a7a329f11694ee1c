from otter.test_files import test_case

OK_FORMAT = False

name = "test_decay_scheduler"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The scheduler is torch's ExponentialLR, stepped once an epoch."""
    exec('few_x, few_y = 2 + torch.randn(7), 5 + torch.randn(7)', env)
    exec('_, ws, bs, scheduler = train_with_decay(few_x, few_y, lr=0.02, gamma=0.6, epochs=3)', env)
    exec('assert isinstance(scheduler, torch.optim.lr_scheduler.ExponentialLR), "The fourth result should be an ExponentialLR."', env)
    exec('check_close(scheduler.get_last_lr()[0], 0.02 * 0.6**3, "the rate after 3 epochs", rtol=1e-3)', env)
    exec('held = [p.detach().flatten() for group in scheduler.optimizer.param_groups for p in group["params"]]', env)
    exec('trained = torch.tensor([float(ws[-1]), float(bs[-1])])', env)
    exec('check_close(torch.cat(held).sort()[0], trained.sort()[0], "what the optimizer holds, against w and b,", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """The scheduler is torch's ExponentialLR, stepped once an epoch."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_agrees, problem, train_with_decay as exact', env)
    exec('px, py, lr = problem(9)', env)
    exec('_, _, _, scheduler = train_with_decay(px, py, lr, 0.85, 7)', env)
    exec('assert isinstance(scheduler, torch.optim.lr_scheduler.ExponentialLR) and abs(scheduler.gamma - 0.85) < 1e-6', env)
    exec('assert isinstance(scheduler.optimizer, torch.optim.SGD)', env)
    exec('assert abs(scheduler.get_last_lr()[0] / (lr * 0.85**7) - 1) < 1e-5', env)
    exec('assert scheduler.state_dict()["last_epoch"] == 7', env)
    exec('held = torch.cat([p.detach().flatten() for group in scheduler.optimizer.param_groups for p in group["params"]])', env)
    exec('ends = lambda *args, **kw: (torch.stack([values[-1] for values in exact(*args, **kw)[1:]]).sort()[0],)', env)
    value = eval('assert_agrees([held.sort()[0]], ends, px, py, lr, 0.85, 7)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

