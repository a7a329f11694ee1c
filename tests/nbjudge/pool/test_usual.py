"""Which modules are worth importing before a class is graded."""

import pytest

from nbjudge.pool.usual import used


@pytest.mark.parametrize(
    ("cell", "modules"),
    [
        ("import torch", {"torch", "torch.distributed.tensor"}),
        ("import numpy as np, pandas", {"numpy", "pandas"}),
        ("from torch.optim.lr_scheduler import StepLR", {"torch", "torch.distributed.tensor", "torch._dynamo"}),
        ("optimizer = torch.optim.SGD([w], lr=0.1)", {"torch", "torch.distributed.tensor", "torch._dynamo"}),
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
        == ("torch", "torch.distributed.tensor", "pandas")
    )
