from otter.test_files import test_case

OK_FORMAT = False

name = "test_descend_tensors"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Several tensors of different shapes move together."""
    exec('def line_error(params, X, y):\n    slope, offset = params\n    return ((X @ slope + offset - y) ** 2).mean()', env)
    exec('inputs, targets = torch.randn(7, 2), torch.randn(7)', env)
    exec('slope, offset = torch.tensor([1.0, -2.0]), torch.tensor(0.5)', env)
    exec('moved, losses = descend(line_error, [slope.clone(), offset.clone()], [(inputs, targets)], [0.2])', env)
    exec('assert len(moved) == 2, f"Two tensors go in, so two have to come back, not {len(moved)}."', env)
    exec('errors = inputs @ slope + offset - targets', env)
    exec('check_close(moved[0], slope - 0.2 * (2 * errors[:, None] * inputs).mean(dim=0), "the slope", rtol=1e-3, atol=1e-4)', env)
    exec('check_close(moved[1], offset - 0.2 * 2 * errors.mean(), "the offset", rtol=1e-3, atol=1e-4)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Several tensors of different shapes move together."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_descends, fresh', env)
    exec('def letters_error(params, X, y):\n    table, weights = params\n    return torch.nn.functional.cross_entropy(torch.tanh(table[X].flatten(1)) @ weights, y)', env)
    exec('def some_letters(place):\n    table, weights = torch.randn(7, 2, device=place), torch.randn(6, 5, device=place)\n    batches = [(torch.randint(7, (9, 3), device=place), torch.randint(5, (9,), device=place)) for _ in range(5)]\n    return [table, weights], batches, [0.5, 0.1, 1.0, 0.02, 0.3]', env)
    exec('for place in ["cpu", "cuda"][: 1 + torch.cuda.is_available()]:\n    problem = some_letters(place)\n    moved, losses = descend(letters_error, *fresh(problem))\n    assert moved[0].device.type == place\n    assert_descends((moved, losses), letters_error, *problem)', env)

