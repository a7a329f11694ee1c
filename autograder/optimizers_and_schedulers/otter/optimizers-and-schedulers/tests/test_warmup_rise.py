from otter.test_files import test_case

OK_FORMAT = False

name = "test_warmup_rise"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The rise, up to the peak."""
    exec('weights = torch.zeros(2, requires_grad=True)', env)
    exec('scheduler = warmup_cosine(SGD([weights], lr=0.4), warmup=3, steps=20)', env)
    exec('assert isinstance(scheduler, torch.optim.lr_scheduler.LRScheduler), "Return a scheduler of torch.optim.lr_scheduler."', env)
    exec('rates = []', env)
    exec('for _ in range(4):\n    rates.append(scheduler.get_last_lr()[0])\n    scheduler.optimizer.step()\n    scheduler.step()', env)
    exec('check_close(rates, [0.1, 0.2, 0.3, 0.4], "the first four rates, with a warm-up of 3 steps to a peak of 0.4,", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """The rise, up to the peak."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_rates, warmup_cosine as exact', env)
    exec('for peak, warmup, steps in ((0.07, 7, 30), (2.5, 1, 12)):\n    scheduler = warmup_cosine(torch.optim.Adam([torch.ones(3, requires_grad=True)], lr=peak), warmup, steps)\n    assert_rates(scheduler, [exact(peak, warmup, steps)], warmup + 1)', env)

