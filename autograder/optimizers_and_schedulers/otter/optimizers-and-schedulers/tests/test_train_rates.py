from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_rates"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The rates that the steps were taken with."""
    exec('few_x, few_y = 2 + torch.rand(7), 5 + torch.rand(7)', env)
    exec('recipe = lambda parameters: Adam(parameters, lr=0.1)', env)
    exec('decay = lambda optimizer: ExponentialLR(optimizer, gamma=0.5)', env)
    exec('check_close(train(few_x, few_y, recipe, epochs=3)[3], [0.1] * 3, "rates without a scheduler", rtol=1e-3)', env)
    exec('check_close(train(few_x, few_y, recipe, decay, epochs=3)[3], [0.1, 0.05, 0.025], "rates that halve", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """The rates that the steps were taken with."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_agrees, problem, train as exact', env)
    exec('schedulers = torch.optim.lr_scheduler', env)
    exec('px, py, lr = problem(6)', env)
    exec('for scheduler in [\n    lambda o: schedulers.CyclicLR(o, base_lr=lr / 9, max_lr=lr, step_size_up=3),\n    lambda o: schedulers.StepLR(o, step_size=2, gamma=0.1),\n]:\n    recipe = lambda p: torch.optim.SGD(p, lr=lr, momentum=0.3)\n    results = train(px, py, recipe, scheduler, epochs=7)\n    assert_agrees(results[3:], exact, px, py, recipe, scheduler, 7, skip=3)', env)

