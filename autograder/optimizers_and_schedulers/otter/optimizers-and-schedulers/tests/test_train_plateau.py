from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_plateau"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """ReduceLROnPlateau, stepped with the loss."""
    exec('import warnings', env)
    exec('warnings.simplefilter("ignore")', env)
    exec('few_x, few_y = 3 + torch.rand(7), 5 + torch.rand(7)', env)
    exec('watch = lambda optimizer: ReduceLROnPlateau(optimizer, factor=0.5, patience=0)', env)
    exec('losses, _, _, rates = train(few_x, few_y, lambda parameters: SGD(parameters, lr=0.6), watch, epochs=8)', env)
    exec('assert len(rates) == 8, f"8 epochs have 8 rates, not {len(rates)}."', env)
    exec('assert losses[1] > losses[0], "With a rate of 0.6 the loss should grow at first."', env)
    exec('check_close(rates[:3], [0.6, 0.6, 0.3], "rates, when the loss grows in the first step,", rtol=1e-3)', env)
    exec('assert losses[-1] < losses[4], "The loss should fall in the end, because the rate has become small enough."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """ReduceLROnPlateau, stepped with the loss."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_agrees, problem, train as exact', env)
    exec('schedulers = torch.optim.lr_scheduler', env)
    exec('for factor, patience in ((0.5, 0), (0.7, 0), (0.6, 1)):\n    px, py, lr = problem(9)\n    optimizer = lambda p: torch.optim.SGD(p, lr=8 * lr)\n    scheduler = lambda o: schedulers.ReduceLROnPlateau(o, factor=factor, patience=patience)\n    results = train(px, py, optimizer, scheduler, epochs=14)\n    assert_agrees(results, exact, px, py, optimizer, scheduler, 14)', env)

