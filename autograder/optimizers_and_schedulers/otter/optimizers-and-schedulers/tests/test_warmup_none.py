from otter.test_files import test_case

OK_FORMAT = False

name = "test_warmup_none"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """No warm-up at all."""
    exec('weights = torch.zeros(2, requires_grad=True)', env)
    exec('scheduler = warmup_cosine(SGD([weights], lr=0.4), warmup=0, steps=4)', env)
    exec('rates = []', env)
    exec('for _ in range(4):\n    rates.append(scheduler.get_last_lr()[0])\n    scheduler.optimizer.step()\n    scheduler.step()', env)
    exec('check_close(rates, [0.4, 0.341421, 0.2, 0.058579], "the rates without a warm-up", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """No warm-up at all."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_rates, warmup_cosine as exact', env)
    exec('for peak, steps in ((0.9, 11), (0.002, 30)):\n    scheduler = warmup_cosine(torch.optim.Adam([torch.ones(3, requires_grad=True)], lr=peak), 0, steps)\n    assert_rates(scheduler, [exact(peak, 0, steps)], steps)', env)

