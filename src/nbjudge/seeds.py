"""Random numbers: the judge's own per test cell, the student's from another seed, and explicit seedings."""

from __future__ import annotations

import contextlib
import hashlib
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from nbjudge.student import Student


def derive(seed: int, *names: str) -> int:
    """A 32-bit seed for one purpose, from the run's seed; one derived seed tells nothing of another."""
    text = "\0".join([str(seed), *names])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def seed_everything(seed: int) -> None:
    """Seed Python's, NumPy's and torch's global generators."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


@contextlib.contextmanager
def shared_seeds(student: Student) -> Iterator[None]:
    """While a test cell runs, a generator that it seeds is seeded alike on the student's side.

    So ``torch.manual_seed(0)`` before a call means to the student's function what it means under nbgrader.
    """
    places: list[tuple[Any, str, str]] = [
        (random, "seed", "random"),
        (np.random, "seed", "numpy"),
        (torch, "manual_seed", "torch"),
        (torch.random, "manual_seed", "torch"),
    ]
    originals = [getattr(module, name) for module, name, _ in places]
    try:
        for (module, name, kind), original in zip(places, originals, strict=True):
            setattr(module, name, _sharing(original, kind, student))
        yield
    finally:
        for (module, name, _), original in zip(places, originals, strict=True):
            setattr(module, name, original)


def _sharing(original: Callable[..., Any], kind: str, student: Student) -> Callable[..., Any]:
    def seed(value: Any = None, *rest: Any) -> Any:
        result = original(value, *rest)
        if isinstance(value, int):
            student.seed(kind, value)
        return result

    return seed
