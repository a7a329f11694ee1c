"""The seeds of random generators, on both sides of the border."""

from __future__ import annotations

import os
import random
import sys


def seed_generators(seed: int) -> None:
    """Seed the global generators of Python and, where these are imported, of NumPy and torch; ``seed`` below 2**64.

    Where GPUs are hidden, torch's own function would keep the seed for them, with a stack trace for each backend.
    """
    random.seed(seed)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed([seed % 2**32, seed // 2**32])  # it takes words of 32 bits
    if torch := sys.modules.get("torch"):
        hidden = os.environ.get("CUDA_VISIBLE_DEVICES") == ""
        (torch.default_generator if hidden else torch).manual_seed(seed)
