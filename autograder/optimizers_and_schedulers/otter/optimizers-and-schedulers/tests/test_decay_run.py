from otter.test_files import test_case

OK_FORMAT = False

name = "test_decay_run"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Longer runs, and all three lists."""
    exec('few_x, few_y = 2 + torch.randn(7), 5 + torch.randn(7)', env)
    exec('results = train_with_decay(few_x, few_y, lr=0.02, gamma=1.0, epochs=6)', env)
    exec('for name, got, want in zip(["losses", "ws", "bs"], results, train_by_hand(few_x, few_y, lr=0.02, epochs=6)):\n    check_close(got, want, f"{name} with gamma = 1", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """Longer runs, and all three lists."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import (\n    assert_agrees,\n    assert_figures,\n    problem,\n    train_with_decay as exact,\n)', env)
    exec('results = train_with_decay(*linear_data(), 0.001, 0.95, 5)', env)
    exec('assert_figures(results[:1], [55261.49, 11868.83, 6446.73, 5637.41, 5491.60])', env)
    exec('assert_figures(results[1:3], [7.982, 10.695, 11.699, 12.098, 12.267], [0.430, 0.637, 0.768, 0.870, 0.958])', env)
    exec('for n, gamma, epochs in ((6, 0.8, 9), (30, 0.97, 25)):\n    px, py, lr = problem(n)\n    results = train_with_decay(px, py, lr, gamma, epochs)\n    assert_agrees(results[:3], exact, px, py, lr, gamma, epochs)', env)

