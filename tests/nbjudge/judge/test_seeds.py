"""Random numbers: a test's seed is shared for its calls, in one direction, and for no longer."""

import random

import numpy as np
import pytest
import torch
from connections import get, honest, hostile
from draws import here

from nbjudge.judge.seeds import derive, shared_seeds
from nbjudge.sandbox.seeding import seed_generators

SOURCE = """
    import random, numpy, torch
    def draw(): return [random.random(), numpy.random.rand(), torch.rand(1).item()]
    def reseed():
        random.seed(1); numpy.random.seed(1); torch.manual_seed(1)
"""


@pytest.fixture(scope="module")
def student():
    with honest(SOURCE) as student:
        yield student


SEEDINGS = [
    lambda: random.seed(7),
    lambda: np.random.seed(7),
    lambda: torch.manual_seed(7),
]


def test_derived_seeds_differ_by_purpose_and_are_the_same_each_time():
    names = [("a",), ("b",), ("a", "b"), ("ab",), ()]
    seeds = {derive(seed, *name) for seed in (0, 1) for name in names}
    assert len(seeds) == 10
    assert derive(5, "test", "x") == derive(5, "test", "x")
    assert all(0 <= seed < 2**64 for seed in seeds)
    assert max(seeds) >= 2**32


@pytest.mark.parametrize("which", range(3), ids=["random", "numpy", "torch"])
def test_a_generator_that_the_test_seeds_is_shared_and_no_other(student, which):
    seed_generators(1)
    with shared_seeds(student):
        SEEDINGS[which]()
        drawn = get(student, "draw")()
    seed_generators(99)
    SEEDINGS[which]()
    expected = here()
    assert [drawn[i] == expected[i] for i in range(3)] == [i == which for i in range(3)]


def test_seeding_by_torchs_other_name_counts_too(student):
    with shared_seeds(student):
        torch.random.manual_seed(11)
        drawn = get(student, "draw")()
    torch.manual_seed(11)
    assert drawn[2] == torch.rand(1).item()


def test_a_test_that_seeds_nothing_shares_nothing(student):
    seed_generators(5)
    with shared_seeds(student):
        drawn = get(student, "draw")()
    assert not set(drawn) & set(here())


def test_what_the_test_has_drawn_since_moves_the_students_generator_on(student):
    with shared_seeds(student):
        torch.manual_seed(2)
        torch.rand(3)
        drawn = get(student, "draw")()
    torch.manual_seed(2)
    assert drawn[2] == torch.rand(4)[3].item()


def test_two_calls_after_one_seeding_draw_on(student):
    with shared_seeds(student):
        torch.manual_seed(2)
        first, second = get(student, "draw")()[2], get(student, "draw")()[2]
        torch.manual_seed(2)
        again = get(student, "draw")()[2]
    torch.manual_seed(2)
    assert [first, second, again] == [*torch.rand(2).tolist(), first]


def test_nothing_that_the_submission_draws_or_seeds_comes_back(student):
    with shared_seeds(student):
        torch.manual_seed(2)
        random.seed(2)
        get(student, "reseed")()
        get(student, "draw")()
        found = [random.random(), torch.rand(1).item()]
    random.seed(2)
    torch.manual_seed(2)
    assert found == [random.random(), torch.rand(1).item()]


def test_the_seeding_functions_are_put_back_even_after_an_error(student):
    originals = random.seed, np.random.seed, torch.manual_seed, torch.random.manual_seed

    def failing():
        with shared_seeds(student):
            assert torch.manual_seed is not originals[2]
            raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert (random.seed, np.random.seed, torch.manual_seed, torch.random.manual_seed) == originals
    assert student.before_call is None


def test_seeding_still_gives_what_it_gives(student):
    with shared_seeds(student):
        assert torch.manual_seed(4) is torch.default_generator
        assert random.seed(4) is None


def test_the_state_goes_out_only_when_it_has_changed_and_only_before_calls():
    verbs = []

    def answer(request, sock):
        verbs.append(request[1])
        function = ["list", [["ref", 1, "function", "function", "f", None]]]
        return [request[0], "ok", function if request[1] == "get" else None, None]

    with hostile(answer) as student, shared_seeds(student):
        f = get(student, "f")
        np.random.seed(1)
        f()
        f()
        np.random.rand()
        f()
    assert verbs == ["get", "generator", "call", "call", "generator", "call"]
