from otter.test_files import test_case

OK_FORMAT = False

name = "test_train_any_optimizer"
points = None

@test_case(points=0, hidden=False)
def visible(env):
    """Any optimizer, without a scheduler."""
    exec('few_x, few_y = 2 + torch.rand(7), 5 + torch.rand(7)', env)
    exec('results = train(few_x, few_y, lambda parameters: SGD(parameters, lr=0.02), epochs=4)', env)
    exec('assert len(results) == 4, f"Return losses, ws, bs and rates: 4 results, not {len(results)}."', env)
    exec('for name, got, want in zip(["losses", "ws", "bs"], results, train_by_hand(few_x, few_y, lr=0.02, epochs=4)):\n    check_close(got, want, f"{name} with SGD", rtol=1e-3)', env)
    exec('_, ws, bs, _ = train(few_x, few_y, lambda parameters: Adam(parameters, lr=0.3), epochs=1)', env)
    exec('check_close(ws, [0.3], "ws after Adam\'s first step, of rate 0.3,", rtol=1e-3)', env)
    exec('check_close(bs, [0.3], "bs after Adam\'s first step, of rate 0.3,", rtol=1e-3)', env)
    visible.passed = True

@test_case(points=2, hidden=True)
def hidden(env):
    """Any optimizer, without a scheduler."""
    assert hasattr(visible, 'passed'), 'the visible part of this test has failed'
    exec('from autograder.optimizers_and_schedulers.reference import assert_agrees, problem, train as exact', env)
    exec('class Halting(torch.optim.Optimizer):\n    """Gradient steps that shrink with their number: lr·g, lr·g/2, lr·g/3, …"""\n\n    def __init__(self, params, lr):\n        super().__init__(params, {"lr": lr})\n        self.taken = 0\n\n    @torch.no_grad()\n    def step(self, closure=None):\n        self.taken += 1\n        for group in self.param_groups:\n            for p in group["params"]:\n                p -= group["lr"] * p.grad / self.taken', env)
    exec('px, py, lr = problem(9)', env)
    exec('for recipe in [\n    lambda parameters: torch.optim.SGD(parameters, lr=lr, momentum=0.8, nesterov=True),\n    lambda parameters: torch.optim.RMSprop(parameters, lr=0.05),\n    lambda parameters: torch.optim.AdamW(parameters, lr=0.2, weight_decay=0.1),\n    lambda parameters: torch.optim.Adagrad(parameters, lr=0.5),\n    lambda parameters: Halting(parameters, lr=lr),\n]:\n    results = train(px, py, recipe, epochs=8)\n    assert_agrees(results[:3], lambda *args, **kw: exact(*args, **kw)[:3], px, py, recipe, None, 8)', env)

