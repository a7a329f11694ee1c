from otter.test_files import test_case

OK_FORMAT = False

name = "test_lr_gradient"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The gradient of the mean loss, with the bias as its last entry."""
    exec('images, labels = torch.randn(6, 28, 28), torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0, 0.0])', env)
    exec('weights, direction = torch.randn(785) / 28, torch.randn(785) / 28', env)
    exec('bias = torch.zeros(785)', env)
    exec('bias[-1] = 1.0', env)
    exec('_, dtheta, _ = lr_predictions_and_gradient(weights, images, labels)', env)
    exec('assert tuple(dtheta.shape) == (785,), f"dtheta has shape {tuple(dtheta.shape)}, but theta has shape (785,)."', env)
    exec('for name, way in [("the bias entry of dtheta", bias), ("dtheta along a random direction", direction)]:\n    ahead, _, _ = lr_predictions_and_gradient(weights + 0.01 * way, images, labels)\n    behind, _, _ = lr_predictions_and_gradient(weights - 0.01 * way, images, labels)\n    check_close((dtheta * way).sum(), (ahead - behind) / 0.02, name, rtol=1e-2, atol=1e-3)', env)
    visible.passed = True

@test_case(points=3, hidden=True)
def hidden(env):
    """The gradient of the mean loss, with the bias as its last entry."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, lr_predictions_and_gradient as exact', env)
    exec('for n in (7, 150):\n    images, labels, weights = torch.randn(n, 28, 28), (torch.rand(n) > 0.4).float(), torch.randn(785) / 28\n    weights[-1] += 1.5\n    _, dtheta, _ = lr_predictions_and_gradient(weights, images, labels)\n    assert_agrees(dtheta, exact, weights, images, labels, result=1)', env)

