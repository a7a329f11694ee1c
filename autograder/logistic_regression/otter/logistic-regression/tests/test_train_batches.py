from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_batches"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Consecutive batches, the last one smaller."""
    exec('images, labels = torch.randn(10, 28, 28), torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0])', env)
    exec('start = torch.randn(785) / 28', env)
    exec('theta, losses = train(images, labels, start.clone(), lr=0.1, epochs=1, batch_size=4)', env)
    exec('assert len(losses) == 3, f"10 images in batches of 4 take 3 steps an epoch, not {len(losses)}."', env)
    exec('stepwise = start', env)
    exec('for low, high in [(0, 4), (4, 8), (8, 10)]:\n    part = slice(low, high)\n    stepwise, _ = train(images[part], labels[part], stepwise.clone(), lr=0.1, epochs=1, batch_size=high - low)', env)
    exec('check_close(theta, stepwise, "theta after three batches", rtol=1e-3, atol=1e-4)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Consecutive batches, the last one smaller."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, train as exact', env)
    exec('for n, batch_size in ((23, 5), (64, 16), (30, 1)):\n    images, labels, start = torch.randn(n, 28, 28), (torch.rand(n) > 0.4).float(), torch.randn(785) / 28\n    results = train(images, labels, start.clone(), 0.05, 1, batch_size)\n    assert_agrees(results, exact, images, labels, start, 0.05, 1, batch_size)', env)

