from otter.test_files import test_case

OK_FORMAT = False

name = "test_sgd_losses"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The losses: one for each epoch, taken before its step."""
    exec('few_x, few_y = 2 + torch.randn(7), 5 + torch.randn(7)', env)
    exec('losses, ws, bs, optimizer = train_with_sgd(few_x, few_y, lr=0.01, momentum=0.0, epochs=3)', env)
    exec('for name, values in [("losses", losses), ("ws", ws), ("bs", bs)]:\n    assert len(values) == 3, f"3 epochs give 3 {name}, but there are {len(values)}."', env)
    exec('check_close(losses[0], (few_y**2).mean(), "the loss before the first step, at w = b = 0,", rtol=1e-3)', env)
    exec('after = ((ws[1] * few_x + bs[1] - few_y) ** 2).mean()', env)
    exec('check_close(losses[2], after, "the loss before the third step", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """The losses: one for each epoch, taken before its step."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_agrees, problem, train_with_sgd as exact', env)
    exec('for n, epochs in ((5, 4), (40, 12)):\n    px, py, lr = problem(n)\n    losses, _, _, _ = train_with_sgd(px, py, lr, 0.0, epochs)\n    assert_agrees([losses], lambda *args, **kw: exact(*args, **kw)[:1], px, py, lr, 0.0, epochs)', env)

