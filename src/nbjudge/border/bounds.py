"""What both sides of the border agree on: how much may cross at once, and what is said when it may not."""

from typing import Any

MAX_DEPTH = 60
MAX_NODES = 2_000_000
MAX_BYTES = 256 * 2**20
MAX_INT_DIGITS = 4000

Tree = Any


class CannotCross(Exception):
    """A value that is too deep, too large or malformed for the border."""
