from otter.test_files import test_case

OK_FORMAT = False

name = "test_lr_loss"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The loss: the mean over the images."""
    exec('images, labels = torch.randn(6, 28, 28), torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0, 0.0])', env)
    exec('weights = torch.randn(785) / 28', env)
    exec('loss, _, pred = lr_predictions_and_gradient(weights, images, labels)', env)
    exec('by_hand = -(labels * pred.log() + (1 - labels) * (1 - pred).log()).mean()', env)
    exec('check_close(loss, by_hand, "loss", rtol=1e-3, atol=1e-4)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """The loss: the mean over the images."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, lr_predictions_and_gradient as exact', env)
    exec('for n in (7, 150):\n    images, labels, weights = torch.randn(n, 28, 28), (torch.rand(n) > 0.4).float(), torch.randn(785) / 28\n    weights[-1] += 1.5\n    loss, _, _ = lr_predictions_and_gradient(weights, images, labels)\n    assert_agrees(loss, exact, weights, images, labels, result=0)', env)

