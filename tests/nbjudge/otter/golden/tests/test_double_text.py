from otter.test_files import test_case

OK_FORMAT = False

name = "test_double_text"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    exec("assert double('ab') == 'abab'", env)

