from otter.test_files import test_case

OK_FORMAT = False

name = "test_descend_any_function"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Functions other than x²."""
    exec('path = descend(lambda x: 4 * (x - 2) ** 3, 1.0, 0.05, 30)', env)
    exec('check_close(path[1], 1.2, "the first step on (x - 2)^4 from 1")', env)
    exec('values = [(float(place) - 2) ** 4 for place in path]', env)
    exec('assert all(later < earlier for earlier, later in zip(values, values[1:])), "Every step should go downhill here."', env)
    exec('assert abs(float(path[-1]) - 2) > 0.1, "On a floor this flat, 30 steps shouldn\'t arrive."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Functions other than x²."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate.reference import assert_agrees, descend as exact', env)
    exec('a, b = 0.5 + float(torch.rand(())), float(torch.rand(()))', env)
    exec('for gradient in (lambda x: a * x**3 - b, lambda x: 2 * a * (x - b), lambda x: x / (1 + a * x * x) ** 0.5):\n    for start, lr, steps in ((1.2 + b, 0.1, 25), (-0.8 - b, 0.3, 12)):\n        assert_agrees(descend(gradient, start, lr, steps), exact, gradient, start, lr, steps)', env)

