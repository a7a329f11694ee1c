from otter.test_files import test_case

OK_FORMAT = False

name = "test_pick_valley"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """A valley without noise."""
    exec('rates = 10 ** torch.linspace(-3, 0, 1000)', env)
    exec('losses = 2.5 + 4 * (rates.log10() - math.log10(0.05)) ** 2', env)
    exec('picked = pick_rate(rates, losses)', env)
    exec('check_close(picked, 0.05, "the rate that was picked", rtol=0.5)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """A valley without noise."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('for bottom in (-2.2, -1.1, -0.5):\n    exponents = torch.linspace(-3, 0, 800)\n    picked = pick_rate((10**exponents).tolist(), (2 + 5 * (exponents - bottom) ** 2).tolist())\n    assert abs(math.log10(picked) - bottom) < 0.15', env)

