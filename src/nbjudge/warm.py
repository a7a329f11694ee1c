"""Imported by the process from which the judge's workers are forked, to have everything at hand.

Importing this module is its effect: it loads what every worker needs and runs what packages registered in the
entry point group ``nbjudge.preload``.
"""

import contextlib
from importlib.metadata import entry_points

import IPython.core.inputtransformer2
import nbformat

import nbjudge.worker

__all__ = ["IPython", "nbjudge"]

# The first output that is made compiles nbformat's schema, a quarter of a second.
nbformat.v4.new_output("stream", text="")  # type: ignore[no-untyped-call]

for _entry in entry_points(group="nbjudge.preload"):
    # A package's preloading only saves time; what it needs will say so where it is used.
    with contextlib.suppress(Exception):
        _entry.load()()
