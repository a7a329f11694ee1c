"""The usual modules: what is imported once, before anything is graded, so that no notebook waits for it."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What is imported beforehand, and the word that says that a notebook uses it.
_WORDS = {
    "torch": "torch",
    "torch.nested._internal.nested_tensor": "torch",  # imported by the first backward pass
    "torch.distributed.tensor": "testing",  # imported, with all of sympy, by the first comparison of torch.testing
    "torch._dynamo": "optim",  # imported by the first optimizer that is made, which takes seconds
    "torchvision": "torchvision",
    "numpy": "numpy",
    "numpy.random": "numpy|torch",  # imported by the first seed
    "pandas": "pandas",
    "plotly": "plotly",
    "scipy": "scipy",
    "matplotlib.pyplot": "matplotlib",
    "descent": "descent",
}
USUAL = tuple(_WORDS)


def used(cells: Iterable[str]) -> tuple[str, ...]:
    """The usual modules that code cells use, going by the words in them, comments aside.

    Leaving one out only costs time: who imports it waits for it. So does importing one for nothing, once.
    """
    text = "\n".join(cells)
    return tuple(module for module, word in _WORDS.items() if re.search(rf"^[^#\n]*\b(?:{word})\b", text, re.MULTILINE))
