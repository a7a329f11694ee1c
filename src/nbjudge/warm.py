"""Imported by the process from which the judge's workers are forked, to have everything at hand.

Importing this module is its effect: it loads what every worker needs and runs what packages registered in the
entry point group ``nbjudge.preload``.
"""

import contextlib
from importlib.metadata import entry_points

import nbjudge.worker

__all__ = ["nbjudge"]

for _entry in entry_points(group="nbjudge.preload"):
    # A package's preloading only saves time; what it needs will say so where it is used.
    with contextlib.suppress(Exception):
        _entry.load()()
