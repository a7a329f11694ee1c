from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_one_step"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """One step, along the gradient and downhill."""
    exec('images, labels = torch.randn(8, 28, 28), torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0])', env)
    exec('start = torch.randn(785) / 28', env)
    exec('theta, losses = train(images, labels, start.clone(), lr=0.01, epochs=1, batch_size=8)', env)
    exec('assert isinstance(theta, torch.Tensor), "Return theta, a tensor, first and the losses second."', env)
    exec('assert tuple(theta.shape) == (785,), f"theta has shape {tuple(theta.shape)}, but should have (785,)."', env)
    exec('assert len(losses) == 1, f"One epoch of one batch gives one loss, not {len(losses)}."', env)
    exec('score = images.flatten(1) @ start[:-1] + start[-1]', env)
    exec('before = torch.nn.functional.binary_cross_entropy_with_logits(score, labels)', env)
    exec('check_close(losses[0], before, "the loss before the step", rtol=1e-3, atol=1e-4)', env)
    exec('theta = theta.detach().float()', env)
    exec('score = images.flatten(1) @ theta[:-1] + theta[-1]', env)
    exec('after = torch.nn.functional.binary_cross_entropy_with_logits(score, labels)', env)
    exec('assert after < before, f"The step went uphill: the loss was {before:.4f} and is now {after:.4f}."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """One step, along the gradient and downhill."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, train as exact', env)
    exec('for n, lr in ((5, 0.3), (90, 0.04)):\n    images, labels, start = torch.randn(n, 28, 28), (torch.rand(n) > 0.4).float(), torch.randn(785) / 28\n    results = train(images, labels, start.clone(), lr, 1, n)\n    assert_agrees(results, exact, images, labels, start, lr, 1, n)', env)

