from otter.test_files import test_case

OK_FORMAT = False

name = "test_warmup_fall"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The fall, along half a cosine."""
    exec('weights = torch.zeros(2, requires_grad=True)', env)
    exec('scheduler = warmup_cosine(SGD([weights], lr=0.4), warmup=2, steps=10)', env)
    exec('rates = []', env)
    exec('for _ in range(10):\n    rates.append(scheduler.get_last_lr()[0])\n    scheduler.optimizer.step()\n    scheduler.step()', env)
    exec('check_close(rates[2], 0.4, "the rate of step 2, where a warm-up of 2 steps reaches its peak,", rtol=1e-3)', env)
    exec('check_close(rates[6], 0.2, "the rate half-way down, at step 6 of 10 after a warm-up of 2,", rtol=1e-3)', env)
    exec('check_close(rates[4], 0.3414, "the rate a quarter of the way down, at step 4,", rtol=1e-3)', env)
    exec('assert 0 < rates[9] < 0.02, f"The last rate should be small but above 0, not {rates[9]:.4g}."', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """The fall, along half a cosine."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_rates, warmup_cosine as exact', env)
    exec('for peak, warmup, steps in ((0.03, 4, 25), (1.7, 9, 16)):\n    scheduler = warmup_cosine(torch.optim.RMSprop([torch.ones(3, requires_grad=True)], lr=peak), warmup, steps)\n    assert_rates(scheduler, [exact(peak, warmup, steps)], steps)', env)

