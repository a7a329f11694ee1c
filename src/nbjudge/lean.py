"""Keeps out of a process what it never needs and what takes seconds to import."""

from __future__ import annotations

import sys


def leave_out() -> None:
    """Do without the checker of IRIs that jsonschema imports if it is there: its grammars take two seconds.

    No notebook holds an IRI that its schema asks to be checked.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
