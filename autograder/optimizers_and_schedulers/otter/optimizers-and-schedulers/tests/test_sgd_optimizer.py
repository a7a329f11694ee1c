from otter.test_files import test_case

OK_FORMAT = False

name = "test_sgd_optimizer"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The optimizer is torch.optim.SGD, and it took the steps."""
    exec('few_x, few_y = 2 + torch.randn(7), 5 + torch.randn(7)', env)
    exec('_, ws, bs, optimizer = train_with_sgd(few_x, few_y, lr=0.02, momentum=0.7, epochs=3)', env)
    exec('assert isinstance(optimizer, torch.optim.SGD), "The fourth result should be a torch.optim.SGD."', env)
    exec('held = [p.detach().flatten() for group in optimizer.param_groups for p in group["params"]]', env)
    exec('trained = torch.tensor([float(ws[-1]), float(bs[-1])])', env)
    exec('check_close(torch.cat(held).sort()[0], trained.sort()[0], "what the optimizer holds, against w and b,", rtol=1e-3)', env)
    exec('remembered = [state.get("momentum_buffer") for state in optimizer.state_dict()["state"].values()]', env)
    exec('assert remembered and None not in remembered, "The optimizer remembers no velocity: did step() move w and b?"', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """The optimizer is torch.optim.SGD, and it took the steps."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_agrees, problem, train_with_sgd as exact', env)
    exec('def last_velocity(x, y, lr, momentum, epochs, **dtype):\n    """The last velocity of w and b, in order of size."""\n    _, ws, bs = exact(x, y, lr, momentum, epochs, **dtype)\n    return ((torch.stack([ws[-2] - ws[-1], bs[-2] - bs[-1]]) / lr).sort()[0],)', env)
    exec('px, py, lr = problem(9)', env)
    exec('_, _, _, optimizer = train_with_sgd(px, py, lr, 0.8, 6)', env)
    exec('saved = optimizer.state_dict()', env)
    exec('assert isinstance(optimizer, torch.optim.SGD) and saved["state"]', env)
    exec('assert {(group["lr"], group["momentum"]) for group in saved["param_groups"]} == {(lr, 0.8)}', env)
    exec('velocity = torch.cat([state["momentum_buffer"].flatten() for state in saved["state"].values()])', env)
    value = eval('assert_agrees([velocity.sort()[0]], last_velocity, px, py, lr, 0.8, 6)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 1, 'partial credit must lie between 0 and 1'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

