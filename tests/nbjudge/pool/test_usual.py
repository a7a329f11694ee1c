"""Which modules are worth importing before a class is graded."""

import pytest

from nbjudge.pool.usual import used

TORCH = {"torch", "torch.nested._internal.nested_tensor", "numpy.random"}


@pytest.mark.parametrize(
    ("cell", "modules"),
    [
        ("import torch", TORCH),
        ("import numpy as np, pandas", {"numpy", "numpy.random", "pandas"}),
        ("from torch.optim.lr_scheduler import StepLR", TORCH | {"torch._dynamo"}),
        ("optimizer = torch.optim.SGD([w], lr=0.1)", TORCH | {"torch._dynamo"}),
        ("torch.testing.assert_close(a, b)", TORCH | {"torch.distributed.tensor"}),
        ("%matplotlib inline", {"matplotlib.pyplot"}),
        ("def plot():\n    from descent import plot_losses", {"descent"}),
        ("# gradient descent, by torch\nx = 1  # numpy", set()),
        ("torches = 1", set()),
        ("x = (", set()),
    ],
)
def test_the_words_of_a_cell_say_what_it_uses(cell, modules):
    assert set(used([cell])) == modules


def test_all_cells_count_and_the_order_is_always_the_same():
    assert (
        used(["import pandas", "import torch"])
        == used(["import torch", "import pandas"])
        == ("torch", "torch.nested._internal.nested_tensor", "numpy.random", "pandas")
    )
