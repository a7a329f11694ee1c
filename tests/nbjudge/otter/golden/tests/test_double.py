from otter.test_files import test_case

OK_FORMAT = False

name = "test_double"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Doubles numbers, größer als 0."""
    exec('assert double(1) == 2, "double(1) should be 2 — “zwei”"', env)
    visible.passed = True
    if 'hidden' not in globals():
        exec('assert double(0) == 0', env)

@test_case(points=2, hidden=True)
def hidden(env):
    """Doubles numbers, größer als 0."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.ps1.reference import twice', env)
    exec('x = random.randrange(10, 10**6)', env)
    exec('assert double(x) == twice(x) and double(31337) == 62674', env)
    exec('assert double(0) == 0', env)

