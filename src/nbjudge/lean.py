"""Keeps a process from doing what it never needs and what takes long."""

from __future__ import annotations

import gc
import sys

OBJECTS = 50_000  # new ones, beyond those that went, after which garbage is looked for; Python's default is 700


def leave_out() -> None:
    """Do without the checker of IRIs that jsonschema imports if it is there: its grammars take two seconds.

    No notebook holds an IRI that its schema asks to be checked.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def collect_rarely() -> None:
    """Look for garbage seldom: importing, and judging one submission, leave little, and the search takes a tenth."""
    gc.set_threshold(OBJECTS, 20, 20)
