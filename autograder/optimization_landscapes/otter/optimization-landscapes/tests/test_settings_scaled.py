from otter.test_files import test_case

OK_FORMAT = False

name = "test_settings_scaled"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Other scales: descent settles there too."""
    exec('lr, gamma, steps = (float(value) for value in settings(10.0))', env)
    exec('assert lr > 0 and 0 < gamma <= 1 and 1 <= steps < 50, "For a scale of 10 your settings are out of bounds."', env)
    exec('steep = minimise(\n    lambda x, y: 10 * fancy(x, y), (-4.0, 4.0), partial(SGD, lr=lr), partial(ExponentialLR, gamma=gamma), steps=int(steps)\n)', env)
    exec('above = steep.values[-1].item() / 10 + 1.649279', env)
    exec('assert above < 0.001, f"For a scale of 10 the walk ends at {steep.points[-1].tolist()}, not near (0, -1.11)."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Other scales: descent settles there too."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimization_landscapes.reference import assert_settles', env)
    exec('for scale in (1.0, 0.03, 60.0, float(torch.rand(()) + 1.5), float(torch.rand(()) * 0.3 + 0.2)):\n    assert_settles(settings(scale), scale)', env)

