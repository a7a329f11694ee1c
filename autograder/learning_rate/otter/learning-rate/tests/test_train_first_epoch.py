from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_first_epoch"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One epoch: the loss and the gradient before the step, and the weight after it."""
    exec('losses, gradients, weights = train(torch.tensor([1.0, 2.0]), torch.tensor([2.0, 4.0]), lr=0.1, epochs=1, w=1.0)', env)
    exec('for name, numbers in [("losses", losses), ("gradients", gradients), ("weights", weights)]:\n    assert len(numbers) == 1, f"One epoch gives one number in {name}, not {len(numbers)}."', env)
    exec('check_close(losses[0], 2.5, "the loss before the first step")', env)
    exec('check_close(gradients[0], -5.0, "the gradient before the first step")', env)
    exec('check_close(weights[0], 1.5, "the weight after the first step")', env)
    visible.passed = True

@test_case(points=3, hidden=True)
def hidden(env):
    """One epoch: the loss and the gradient before the step, and the weight after it."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate.reference import assert_agrees, critical_learning_rate as border, random_line, train as exact', env)
    exec('for n in (1, 4, 30):\n    inputs, outputs = random_line(n)\n    lr, start = 0.4 * float(border(inputs)), 3.0 + float(torch.rand(()))\n    assert_agrees(train(inputs, outputs, lr, 1, start), exact, inputs, outputs, lr, 1, start)', env)

