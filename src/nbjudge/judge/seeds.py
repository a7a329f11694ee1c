"""Random numbers: the judge's own per test cell, the student's from another seed, and explicit seedings."""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from nbjudge.border.student import Student


def derive(seed: int, *names: str) -> int:
    """A 64-bit seed for one purpose, from the run's seed; one derived seed tells nothing of another."""
    text = "\0".join([str(seed), *names])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def keep_generators() -> Callable[[], None]:
    """Remember the state of the global generators; calling what is returned puts them back into it."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()

    def restore() -> None:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])

    return restore


@contextlib.contextmanager
def shared_seeds(student: Student) -> Iterator[None]:
    """While a test cell runs, a generator that it seeds itself is shared with the student's side.

    Before a call, the student's side gets the state of each such generator if the test has seeded it or drawn
    from it since. So ``torch.manual_seed(0)`` before a call means what it means under nbgrader. The state never
    comes back: a submission has no say in what the test draws.
    """
    sent: dict[str, bytes] = {}

    def sync() -> None:
        for kind in sent:
            state = pickle.dumps(_STATES[kind]())
            if sent[kind] != state:
                sent[kind] = state
                student.set_generator(kind, state)

    def seeding(original: Callable[..., Any], kind: str) -> Callable[..., Any]:
        def seed(*args: Any, **kwargs: Any) -> Any:
            sent[kind] = b""
            return original(*args, **kwargs)

        return seed

    places: list[tuple[Any, str, str]] = [
        (random, "seed", "random"),
        (np.random, "seed", "numpy"),
        (torch, "manual_seed", "torch"),
        (torch.random, "manual_seed", "torch"),
    ]
    originals = [getattr(module, name) for module, name, _ in places]
    student.before_call = sync
    try:
        for (module, name, kind), original in zip(places, originals, strict=True):
            setattr(module, name, seeding(original, kind))
        yield
    finally:
        student.before_call = None
        for (module, name, _), original in zip(places, originals, strict=True):
            setattr(module, name, original)


_STATES: dict[str, Callable[[], Any]] = {
    "random": random.getstate,
    "numpy": np.random.get_state,
    "torch": lambda: torch.get_rng_state().numpy(),
}
