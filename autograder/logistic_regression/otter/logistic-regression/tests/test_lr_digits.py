from otter.test_files import test_case

OK_FORMAT = False

name = "test_lr_digits"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """All 13,007 digits in one call."""
    exec('digits, is_one = ones_and_sevens(train=True)', env)
    exec('loss, dtheta, pred = lr_predictions_and_gradient(torch.full((785,), 0.01), digits, is_one)', env)
    exec('loss = torch.as_tensor(loss).detach()', env)
    exec('assert 0.5 < loss < 2.0, f"The loss should lie between 0.5 and 2, but is {loss:.4g}."', env)
    exec('assert dtheta.abs().max() < 5, "dtheta has entries of more than 5: is it a mean over the images?"', env)
    exec('assert tuple(pred.shape) == (13007,), f"pred has shape {tuple(pred.shape)}, but there are 13,007 images."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """All 13,007 digits in one call."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, lr_predictions_and_gradient as exact', env)
    exec('assert abs(loss - 1.12682) < 1e-4', env)
    exec('assert abs(dtheta.double().sum() - 57.5922) < 5e-3', env)
    exec('assert_agrees((loss, dtheta, pred), exact, torch.full((785,), 0.01), digits, is_one)', env)
    exec('if torch.cuda.is_available():\n    on_gpu = [torch.full((785,), 0.01).cuda(), digits[:2000].cuda(), is_one[:2000].cuda()]\n    loss, dtheta, pred = lr_predictions_and_gradient(*on_gpu)\n    assert dtheta.device.type == "cuda"\n    assert_agrees((loss, dtheta, pred), exact, *on_gpu)', env)

