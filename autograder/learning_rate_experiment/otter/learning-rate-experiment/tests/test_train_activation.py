from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_activation"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """The given activation is used, and the given theta stays as it was."""
    exec('points, labels = torch.randn(15, 2), (torch.arange(15) % 2).float()', env)
    exec('start = torch.tensor([0.6, -0.4, 0.2, 1.1, -0.3])', env)
    exec('kept = start.clone()', env)
    exec('losses, _, _ = train(points, labels, start, 0.1, 3, activation=torch.tanh)', env)
    exec('check_close(start, kept, "the theta that was given, after the call", rtol=0, atol=0)', env)
    exec('wanted = binary_cross_entropy_with_logits(\n    kept[3] * torch.tanh(points @ kept[:2] + kept[2]) + kept[4], labels\n)', env)
    exec('check_close(losses[0], wanted, "the first loss with the hyperbolic tangent", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """The given activation is used, and the given theta stays as it was."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_experiment.reference import assert_agrees, random_problem, train as exact', env)
    exec('for activation in (torch.tanh, torch.nn.functional.leaky_relu, lambda z: z * torch.sigmoid(z)):\n    problem = random_problem(20, epochs=4, activation=activation)\n    start, kept = problem[2], problem[2].clone()\n    assert_agrees(train(*problem), exact, *problem[:2], kept, *problem[3:])\n    assert torch.equal(start, kept)', env)

