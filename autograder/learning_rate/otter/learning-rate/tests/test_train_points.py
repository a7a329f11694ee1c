from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_points"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Ten epochs on the nine points."""
    exec('inputs, outputs = proportional_data()', env)
    exec('losses, gradients, weights = train(inputs, outputs, lr=0.001, epochs=10)', env)
    exec('check_close(losses[0], 138.5067, "the first loss")', env)
    exec('check_close(gradients[0], -136.3667, "the first gradient")', env)
    exec('moves = [float(after) - float(before) for before, after in zip([0.0, *weights], weights)]', env)
    exec('assert all(move > 0 for move in moves), "Each epoch should increase the weight a little."', env)
    exec('assert all(b < a for a, b in zip(moves, moves[1:])), "The moves should get smaller from epoch to epoch."', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Ten epochs on the nine points."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate.reference import assert_agrees, train as exact', env)
    exec('fixed = [0.1364, 0.2635, 0.3821, 0.4927, 0.5958, 0.6920, 0.7816, 0.8653, 0.9432, 1.0159]', env)
    exec('assert all(abs(float(weight) - want) < 6e-5 for weight, want in zip(weights, fixed, strict=True))', env)
    exec('assert_agrees((losses, gradients, weights), exact, inputs, outputs, 0.001, 10, 0.0)', env)
    exec('if torch.cuda.is_available():\n    results = train(inputs.cuda(), outputs.cuda(), 0.02, 6, 1.0)\n    assert_agrees(results, exact, inputs, outputs, 0.02, 6, 1.0)', env)

