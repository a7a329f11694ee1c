from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_epochs"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Several epochs, each with a gradient of its own."""
    exec('inputs, outputs = torch.tensor([0.5, -1.0, 2.0]), torch.tensor([1.0, -1.5, 5.0])', env)
    exec('losses, gradients, weights = train(inputs, outputs, lr=0.2, epochs=3, w=-1.0)', env)
    exec('assert len(weights) == 3, f"3 epochs give 3 weights, not {len(weights)}."', env)
    exec('starts = torch.tensor([-1.0, float(weights[0]), float(weights[1])])', env)
    exec('check_close(losses, ((starts[:, None] * inputs - outputs) ** 2).mean(dim=1), "losses")', env)
    exec('check_close(gradients, (2 * (starts[:, None] * inputs - outputs) * inputs).mean(dim=1), "gradients")', env)
    exec('check_close(weights, starts - 0.2 * torch.tensor([float(g) for g in gradients]), "weights")', env)
    visible.passed = True

@test_case(points=3, hidden=True)
def hidden(env):
    """Several epochs, each with a gradient of its own."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate.reference import assert_agrees, critical_learning_rate as border, random_line, train as exact', env)
    exec('for n, epochs, share in ((3, 2, 0.1), (12, 7, 0.7), (25, 20, 0.3)):\n    inputs, outputs = random_line(n)\n    lr, start = share * float(border(inputs)), -2.0 - float(torch.rand(()))\n    assert_agrees(train(inputs, outputs, lr, epochs, start), exact, inputs, outputs, lr, epochs, start)', env)

