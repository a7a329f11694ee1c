from otter.test_files import test_case

OK_FORMAT = False

name = "test_decay_first_steps"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The first two steps: the full rate, then gamma times it."""
    exec('few_x, few_y = 2 + torch.randn(7), 5 + torch.randn(7)', env)
    exec('losses, ws, bs, _ = train_with_decay(few_x, few_y, lr=0.02, gamma=0.6, epochs=2)', env)
    exec('assert len(ws) == len(bs) == len(losses) == 2, "2 epochs give 2 losses, 2 ws and 2 bs."', env)
    exec('_, w_by_hand, b_by_hand = train_by_hand(few_x, few_y, lr=0.02, epochs=1)', env)
    exec('check_close(ws[0], w_by_hand[0], "w after the first step", rtol=1e-3)', env)
    exec('check_close(bs[0], b_by_hand[0], "b after the first step", rtol=1e-3)', env)
    exec('error = ws[0] * few_x + bs[0] - few_y', env)
    exec('check_close(ws[1], ws[0] - 0.6 * 0.02 * 2 * (error * few_x).mean(), "w after the second step", rtol=1e-3)', env)
    exec('check_close(bs[1], bs[0] - 0.6 * 0.02 * 2 * error.mean(), "b after the second step", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """The first two steps: the full rate, then gamma times it."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_agrees, problem, train_with_decay as exact', env)
    exec('for n, gamma in ((5, 0.5), (40, 0.9)):\n    px, py, lr = problem(n)\n    results = train_with_decay(px, py, lr, gamma, 2)\n    assert_agrees(results[:3], exact, px, py, lr, gamma, 2)', env)

