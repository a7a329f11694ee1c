from otter.test_files import test_case

OK_FORMAT = False

name = "test_smooth_kinds"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Lists and tensors."""
    exec('losses = 3 * torch.rand(25) + 0.2', env)
    exec('from_tensor, from_list = smooth(losses, 10), smooth(losses.tolist(), 10)', env)
    exec('check_close(from_tensor, from_list, "the means for a tensor, compared with those for a list", rtol=1e-3, atol=1e-5)', env)
    exec('assert len(from_tensor) == 3, f"25 losses in windows of 10 make 3 means, not {len(from_tensor)}."', env)
    visible.passed = True

@test_case(points=1, hidden=True)
def hidden(env):
    """Lists and tensors."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.learning_rate_finder.reference import assert_close, smooth as exact', env)
    exec('for dtype in (torch.float32, torch.float64):\n    losses = (5 * torch.rand(123) + 0.1).to(dtype)\n    assert_close(smooth(losses, 50), exact(losses, 50), atol=1e-6)', env)

