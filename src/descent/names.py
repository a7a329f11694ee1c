"""Given names of the 1990 US census, and next-letter examples made of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import torch

SYMBOLS = ".abcdefghijklmnopqrstuvwxyz"  # the dot, number 0, stands before and after each name


def given_names() -> list[str]:
    """Return the 5,163 names in alphabetical order, in small letters a to z."""
    return list(_names())


def next_letters(
    words: Sequence[str], context: int = 3, device: torch.device | str | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return one example for each letter of each word, and one for the dot that ends it.

    X is int64 of shape (N, context): the numbers, in SYMBOLS, of the `context` symbols before it, dots where
    there are none. y is int64 of shape (N,): its own number. Both lie on `device`, by default the CPU.

    Raises ValueError if a word has another symbol than a to z, or if `context` is below 1.
    """
    if context < 1:
        raise ValueError(f"next_letters needs a context of at least 1 letter, not {context}.")
    before, after = [], []
    for word in words:
        if not set(word) <= set(SYMBOLS[1:]):
            raise ValueError(f"next_letters takes words of small letters a to z, not {word!r}.")
        numbers = [0] * context + [SYMBOLS.index(letter) for letter in word] + [0]
        for place in range(context, len(numbers)):
            before.append(numbers[place - context : place])
            after.append(numbers[place])
    X = torch.tensor(before, dtype=torch.int64, device=device).reshape(-1, context)
    return X, torch.tensor(after, dtype=torch.int64, device=device)


@cache
def _names() -> tuple[str, ...]:
    return tuple((files("descent") / "data" / "given_names.txt").read_text("ascii").split())
