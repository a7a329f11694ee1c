from otter.test_files import test_case

OK_FORMAT = False

name = "test_settings_settle"
points = None

@test_case(points=2, hidden=False)
def visible(env):
    """Scale 1: descent settles in fewer than 50 steps."""
    exec('answer = settings(1.0)', env)
    exec('assert isinstance(answer, (tuple, list)), "Return three numbers: lr, gamma, steps."', env)
    exec('assert len(answer) == 3, f"Return three numbers, lr, gamma and steps, not {len(answer)}."', env)
    exec('lr, gamma, steps = (float(value) for value in answer)', env)
    exec('assert steps == int(steps), f"The number of steps, your third number, is {steps}; it has to be whole."', env)
    exec('assert 1 <= steps < 50, f"You take {steps:.0f} steps; fewer than 50 are allowed, and at least 1."', env)
    exec('assert lr > 0, f"Your learning rate is {lr}: only a positive one goes downhill."', env)
    exec('assert 0 < gamma <= 1, f"Your gamma is {gamma}, but has to lie above 0 and not above 1."', env)
    exec('plain = minimise(fancy, (-4.0, 4.0), partial(SGD, lr=lr), partial(ExponentialLR, gamma=gamma), steps=int(steps))', env)
    exec('above = plain.values[-1].item() + 1.649279', env)
    exec('assert above < 0.001, f"After {int(steps)} steps you are {above:.4g} above the minimum; less than 0.001 is asked."', env)

