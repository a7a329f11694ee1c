from otter.test_files import test_case

OK_FORMAT = False

name = "test_angry_adam"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Adam stays away from the minimum."""
    exec('point = torch.tensor([4.0, 4.0], dtype=torch.float64)', env)
    exec('adam, path = Adam([point], lr=0.5), [point.clone()]', env)
    exec('for _ in range(50):\n    point.grad = numeric_gradient(lambda p: torch.as_tensor(angry(p[0], p[1])).detach(), point)\n    adam.step()\n    path.append(point.clone())', env)
    exec('distance = torch.stack(path).norm(dim=1)', env)
    exec('closest = int(distance.argmin())', env)
    exec('assert distance.min() > 1, f"After {closest} steps Adam is only {distance.min():.2f} away from (0, 0)."', env)
    visible.passed = True

@test_case(points=3, hidden=True)
def hidden(env):
    """Adam stays away from the minimum."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimization_landscapes.reference import adam_path, assert_lowest_at_origin, assert_smooth', env)
    exec('assert_lowest_at_origin(angry)', env)
    exec('assert_smooth(angry)', env)
    exec('assert adam_path(angry).norm(dim=1).min() > 1', env)

