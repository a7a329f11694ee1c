from otter.test_files import test_case

OK_FORMAT = False

name = "test_pick_blow_up"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """A run that blew up at the end."""
    exec('exponents = torch.linspace(-3, 1, 1000)', env)
    exec('losses = 2.5 + 4 * (exponents + 1.5) ** 2 + 0.1 * torch.randn(1000)', env)
    exec('losses[900:950], losses[950:] = math.inf, math.nan', env)
    exec('picked = pick_rate(10**exponents, losses)', env)
    exec('assert math.isfinite(picked), f"You picked {picked}."', env)
    exec('assert abs(math.log10(picked) + 1.5) < 0.3, f"The valley is at 10**-1.5 = {10**-1.5:.3f}, but you picked {picked:.3g}."', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """A run that blew up at the end."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import noisy_sweep', env)
    exec('for bottom, last in ((-1.8, math.nan), (-0.9, math.inf)):\n    rates, losses = noisy_sweep(bottom)\n    losses[-60:] = last\n    assert abs(math.log10(pick_rate(rates.tolist(), losses.tolist())) - bottom) < 0.3', env)

