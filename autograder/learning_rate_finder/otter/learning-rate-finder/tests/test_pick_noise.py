from otter.test_files import test_case

OK_FORMAT = False

name = "test_pick_noise"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Noise, and some lucky batches."""
    exec('exponents = torch.linspace(-3, 0, 1000)', env)
    exec('losses = 2.5 + 6 * (exponents + 1.2) ** 2 + 0.3 * torch.randn(1000)', env)
    exec('losses[[40, 130, 222, 880, 930, 990]] = 0.4', env)
    exec('picked = pick_rate(10**exponents, losses)', env)
    exec('off = abs(math.log10(picked) + 1.2)', env)
    exec('assert off < 0.3, f"The valley is at 10**-1.2 = {10**-1.2:.3f}, but you picked {picked:.3g}."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Noise, and some lucky batches."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import noisy_sweep', env)
    exec('for bottom in (-2.1, -1.5, -0.7):\n    rates, losses = noisy_sweep(bottom)\n    assert abs(math.log10(pick_rate(rates.tolist(), losses.tolist())) - bottom) < 0.3', env)

