from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_start"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Any start, 0 by default; a second call gives the same."""
    exec('inputs, outputs = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.5, 5.5, 7.0])', env)
    exec('first, again = train(inputs, outputs, 0.01, 4, 1.5), train(inputs, outputs, 0.01, 4, 1.5)', env)
    exec('for name, one, other in zip(["losses", "gradients", "weights"], first, again):\n    check_close(other, one, f"{name} of a second call")', env)
    exec('default, zero = train(inputs, outputs, 0.01, 4), train(inputs, outputs, 0.01, 4, w=0.0)', env)
    exec('check_close(default[2], zero[2], "weights when no start is given")', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Any start, 0 by default; a second call gives the same."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate.reference import assert_agrees, critical_learning_rate as border, random_line, train as exact', env)
    exec('inputs, outputs = random_line(9)', env)
    exec('lr = 0.6 * float(border(inputs))', env)
    exec('for start in (6.0 + float(torch.rand(())), -40.0):\n    assert_agrees(train(inputs, outputs, lr, 5, start), exact, inputs, outputs, lr, 5, start)', env)
    exec('assert_agrees(train(inputs, outputs, lr, 5), exact, inputs, outputs, lr, 5, 0.0)', env)
    exec('lr = 1.6 * float(border(inputs))', env)
    value = eval('assert_agrees(train(inputs, outputs, lr, 6, 1.0), exact, inputs, outputs, lr, 6, 1.0)', env)
    try:
        points = float(repr(value))
    except ValueError:
        return
    assert 0 <= points <= 2, 'partial credit must lie between 0 and 2'
    __import__('sys')._getframe(2).f_locals['self'].update_score(points)

