from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_any_scheduler"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Any scheduler that is stepped without a loss."""
    exec('few_x, few_y = 2 + torch.rand(7), 5 + torch.rand(7)', env)
    exec('decay = lambda optimizer: ExponentialLR(optimizer, gamma=0.6)', env)
    exec('_, ws, bs, _ = train(few_x, few_y, lambda parameters: SGD(parameters, lr=0.02), decay, epochs=2)', env)
    exec('error = ws[0] * few_x + bs[0] - few_y', env)
    exec('check_close(ws[1], ws[0] - 0.6 * 0.02 * 2 * (error * few_x).mean(), "w after the second step", rtol=1e-3)', env)
    exec('check_close(bs[1], bs[0] - 0.6 * 0.02 * 2 * error.mean(), "b after the second step", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """Any scheduler that is stepped without a loss."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_agrees, problem, train as exact', env)
    exec('schedulers = torch.optim.lr_scheduler', env)
    exec('px, py, lr = problem(9)', env)
    exec('for optimizer, scheduler in [\n    (lambda p: torch.optim.SGD(p, lr=lr, momentum=0.5), lambda o: schedulers.StepLR(o, step_size=3, gamma=0.3)),\n    (lambda p: torch.optim.Adam(p, lr=0.3), lambda o: schedulers.CosineAnnealingLR(o, T_max=8)),\n    (lambda p: torch.optim.SGD(p, lr=lr), lambda o: schedulers.LambdaLR(o, lambda k: 1 / (1 + k) ** 0.5)),\n    (lambda p: torch.optim.RMSprop(p, lr=0.1), lambda o: schedulers.MultiStepLR(o, [2, 5], gamma=0.5)),\n]:\n    results = train(px, py, optimizer, scheduler, epochs=8)\n    assert_agrees(results[:3], lambda *args, **kw: exact(*args, **kw)[:3], px, py, optimizer, scheduler, 8)', env)

