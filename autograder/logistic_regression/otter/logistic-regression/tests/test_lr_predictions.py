from otter.test_files import test_case

OK_FORMAT = False

name = "test_lr_predictions"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The predictions: one probability for each image."""
    exec('images, labels = torch.randn(6, 28, 28), torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0, 0.0])', env)
    exec('weights = torch.randn(785) / 28', env)
    exec('_, _, pred = lr_predictions_and_gradient(weights, images, labels)', env)
    exec('assert tuple(pred.shape) == (6,), f"pred has shape {tuple(pred.shape)}, but 6 images need shape (6,)."', env)
    exec('by_hand = torch.stack([torch.sigmoid((weights[:-1] * one.flatten()).sum() + weights[-1]) for one in images])', env)
    exec('check_close(pred, by_hand, "pred", rtol=1e-3, atol=1e-4)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """The predictions: one probability for each image."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, lr_predictions_and_gradient as exact', env)
    exec('for n in (7, 150):\n    images, labels, weights = torch.randn(n, 28, 28), (torch.rand(n) > 0.4).float(), torch.randn(785) / 28\n    weights[-1] += 1.5\n    _, _, pred = lr_predictions_and_gradient(weights, images, labels)\n    assert_agrees(pred, exact, weights, images, labels, result=2)', env)

