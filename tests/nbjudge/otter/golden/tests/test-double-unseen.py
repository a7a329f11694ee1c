from otter.test_files import test_case

OK_FORMAT = False

name = "test-double-unseen"
points = None

@test_case(points=1.5, hidden=True)
def hidden(env):
    exec('assert double(0.25) == 0.5', env)

