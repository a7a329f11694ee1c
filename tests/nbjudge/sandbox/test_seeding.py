"""One seed for every generator, as each library's own function would set it."""

import subprocess
import sys

import pytest
import torch
from draws import here

from nbjudge.sandbox.seeding import seed_generators


def test_one_seed_sets_every_generator():
    seed_generators(3)
    first = here()
    seed_generators(3)
    assert here() == first
    seed_generators(4)
    assert not set(here()) & set(first)


@pytest.mark.parametrize("visible", ["", "0"])
def test_torch_draws_as_after_its_own_function(visible, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    seed_generators(2**63 + 5)
    first = torch.rand(3)
    torch.manual_seed(2**63 + 5)
    assert torch.equal(torch.rand(3), first)


def test_what_is_not_imported_stays_so():
    seeding = "from nbjudge.sandbox.seeding import seed_generators; seed_generators(1)"
    program = f"{seeding}; import sys; print({{'numpy', 'torch'}} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "set()\n"
