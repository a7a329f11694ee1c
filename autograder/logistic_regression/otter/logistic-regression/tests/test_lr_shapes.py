from otter.test_files import test_case

OK_FORMAT = False

name = "test_lr_shapes"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """A single image, and images with a channel axis."""
    exec('images, labels = torch.randn(5, 1, 28, 28), torch.tensor([1.0, 0.0, 1.0, 0.0, 0.0])', env)
    exec('weights = torch.randn(785) / 28', env)
    exec('with_channel = lr_predictions_and_gradient(weights, images, labels)', env)
    exec('without = lr_predictions_and_gradient(weights, images[:, 0], labels)', env)
    exec('single = lr_predictions_and_gradient(weights, images[:1], labels[:1])', env)
    exec('for name, one, other in zip(["loss", "dtheta", "pred"], with_channel, without):\n    check_close(one, other, f"{name} for images with a channel axis", rtol=1e-4, atol=1e-5)', env)
    exec('assert tuple(single[2].shape) == (1,), f"pred of one image has shape {tuple(single[2].shape)}, not (1,)."', env)
    exec('check_close(single[2], without[2][:1], "pred of one image on its own", rtol=1e-4, atol=1e-5)', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """A single image, and images with a channel axis."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, lr_predictions_and_gradient as exact', env)
    exec('for shape in [(1, 28, 28), (1, 1, 28, 28), (28, 28, 28), (40, 1, 28, 28)]:\n    images, labels = torch.randn(shape), (torch.rand(shape[0]) > 0.5).float()\n    weights = torch.randn(785) / 28\n    assert_agrees(lr_predictions_and_gradient(weights, images, labels), exact, weights, images, labels)', env)

