from otter.test_files import test_case

OK_FORMAT = False

name = "test_lr_saturated"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Predictions of exactly 0 or 1: the loss is finite and right."""
    exec('images, labels = torch.randn(40, 28, 28), (torch.rand(40) > 0.5).float()', env)
    exec('weights = 20 * torch.randn(785)', env)
    exec('loss, dtheta, pred = lr_predictions_and_gradient(weights, images, labels)', env)
    exec('assert torch.isfinite(torch.as_tensor(loss)), "The loss isn\'t finite when the predictions are exactly 0 or 1."', env)
    exec('assert torch.isfinite(dtheta).all(), "The gradient isn\'t finite when the predictions are exactly 0 or 1."', env)
    exec('score = (images.flatten(1) @ weights[:-1] + weights[-1]) * (1 - 2 * labels)', env)
    exec('check_close(loss, score.clamp(min=0).mean(), "loss when it is confidently wrong", rtol=1e-2, atol=1e-2)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Predictions of exactly 0 or 1: the loss is finite and right."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, lr_predictions_and_gradient as exact', env)
    exec('for size in (20, 200):\n    images, labels = torch.randn(60, 28, 28), (torch.rand(60) > 0.5).float()\n    weights = size * torch.randn(785)\n    assert_agrees(lr_predictions_and_gradient(weights, images, labels), exact, weights, images, labels)', env)

