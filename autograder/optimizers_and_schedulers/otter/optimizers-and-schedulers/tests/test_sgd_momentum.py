from otter.test_files import test_case

OK_FORMAT = False

name = "test_sgd_momentum"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The steps with momentum."""
    exec('few_x, few_y = 2 + torch.randn(7), 5 + torch.randn(7)', env)
    exec('_, ws, bs, _ = train_with_sgd(few_x, few_y, lr=0.02, momentum=0.7, epochs=2)', env)
    exec('error = ws[0] * few_x + bs[0] - few_y', env)
    exec('check_close(ws[1], ws[0] + 0.7 * ws[0] - 0.02 * 2 * (error * few_x).mean(), "w after the second step", rtol=1e-3)', env)
    exec('check_close(bs[1], bs[0] + 0.7 * bs[0] - 0.02 * 2 * error.mean(), "b after the second step", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """The steps with momentum."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_agrees, problem, train_with_sgd as exact', env)
    exec('for n, momentum in ((5, 0.3), (40, 0.9)):\n    px, py, lr = problem(n)\n    results = train_with_sgd(px, py, lr, momentum, 10)\n    assert_agrees(results[1:3], exact, px, py, lr, momentum, 10, skip=1)', env)

