from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_epochs"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Several epochs, one loss for each step."""
    exec('images, labels = torch.randn(10, 28, 28), torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0])', env)
    exec('start = torch.randn(785) / 28', env)
    exec('theta, losses = train(images, labels, start.clone(), lr=0.1, epochs=2, batch_size=4)', env)
    exec('assert len(losses) == 6, f"2 epochs of 3 batches take 6 steps, but there are {len(losses)} losses."', env)
    exec('halfway, _ = train(images, labels, start.clone(), lr=0.1, epochs=1, batch_size=4)', env)
    exec('twice, _ = train(images, labels, halfway.clone(), lr=0.1, epochs=1, batch_size=4)', env)
    exec('check_close(theta, twice, "theta after two epochs", rtol=1e-3, atol=1e-4)', env)
    exec('_, losses = train(images, labels, start.clone(), lr=0.1, epochs=3, batch_size=50)', env)
    exec('assert len(losses) == 3, f"Batches of 50 hold all 10 images: 3 epochs take 3 steps, not {len(losses)}."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Several epochs, one loss for each step."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.logistic_regression.reference import assert_agrees, train as exact', env)
    exec('for n, epochs, batch_size in ((22, 3, 8), (12, 5, 12), (9, 4, 20)):\n    images, labels, start = torch.randn(n, 28, 28), (torch.rand(n) > 0.4).float(), torch.randn(785) / 28\n    results = train(images, labels, start.clone(), 0.05, epochs, batch_size)\n    assert_agrees(results, exact, images, labels, start, 0.05, epochs, batch_size)', env)

