from otter.test_files import test_case

OK_FORMAT = False

name = "test_sgd_steps"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The steps without momentum: those of the loop by hand."""
    exec('few_x, few_y = 2 + torch.randn(7), 5 + torch.randn(7)', env)
    exec('_, ws, bs, _ = train_with_sgd(few_x, few_y, lr=0.02, momentum=0.0, epochs=4)', env)
    exec('_, w_by_hand, b_by_hand = train_by_hand(few_x, few_y, lr=0.02, epochs=4)', env)
    exec('check_close(ws[0], w_by_hand[0], "w after the first step", rtol=1e-3)', env)
    exec('check_close(bs[0], b_by_hand[0], "b after the first step", rtol=1e-3)', env)
    exec('check_close(ws, w_by_hand, "ws", rtol=1e-3)', env)
    exec('check_close(bs, b_by_hand, "bs", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """The steps without momentum: those of the loop by hand."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import (\n    assert_agrees,\n    assert_figures,\n    problem,\n    train_with_sgd as exact,\n)', env)
    exec('results = train_with_sgd(*linear_data(), 0.001, 0.0, 5)', env)
    exec('assert_figures(results[1:3], [7.982, 10.838, 11.859, 12.221, 12.349], [0.430, 0.648, 0.789, 0.904, 1.008])', env)
    exec('for n, epochs in ((5, 4), (40, 12)):\n    px, py, lr = problem(n)\n    results = train_with_sgd(px, py, lr, 0.0, epochs)\n    assert_agrees(results[1:3], exact, px, py, lr, 0.0, epochs, skip=1)', env)

