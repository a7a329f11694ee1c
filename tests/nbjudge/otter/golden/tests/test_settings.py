from otter.test_files import test_case

OK_FORMAT = False

name = "test_settings"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    exec('points = 0', env)
    visible.passed = True
    if 'hidden' not in globals():
        exec('points', env)

@test_case(points=3, hidden=True)
def hidden(env):
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('points += 1.5 * (rate < 1)', env)
    value = eval('points', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 3, 'partial credit must lie between 0 and 3'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

