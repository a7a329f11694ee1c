"""A progress bar in plain text: it works in a notebook, in a terminal and in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sized
from typing import Generic, Protocol, TextIO, TypeVar, runtime_checkable

T = TypeVar("T", covariant=True)

WIDTH = 24  # characters of the bar
LIVE, LOG = 0.5, 10.0  # seconds from one drawing to the next: over the same line, or each on a line of its own


@runtime_checkable
class SizedIterable(Sized, Protocol[T]):
    """Anything that can be gone through and has a length."""

    def __iter__(self) -> Iterator[T]:
        """Go through it."""
        ...


class progress(Generic[T]):
    """`items`, unchanged, with a line below the loop that says how far it is and how long it will still take.

    `for x in progress(range(1000), "training"):` prints to `out`, by default the standard output. In a notebook
    or a terminal the line is drawn over itself; in a log a new one is written every ten seconds.

    Raises TypeError if `items` has no length.
    """

    def __init__(self, items: SizedIterable[T], label: str, out: TextIO | None = None) -> None:
        if not isinstance(items, SizedIterable):
            raise TypeError(f"progress needs to know how many there are; make a list of this {type(items).__name__}.")
        self.items, self.label, self.out = items, label, out

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        """Yield the items, and draw the line now and then; a loop that is left early keeps its last line."""
        out = self.out or sys.stdout
        live = is_live(out)
        started = drawn = time.monotonic()
        done, total = 0, len(self.items)
        width = 0

        def draw() -> None:
            nonlocal width
            line = _line(self.label, done, total, time.monotonic() - started)
            width = max(width, len(line))
            print(f"\r{line:{width}}" if live else line, end="" if live else "\n", file=out, flush=True)

        try:
            for item in self.items:
                done += 1  # before the yield: a zip that ends with its other part never asks again
                yield item
                if (now := time.monotonic()) - drawn >= (LIVE if live else LOG) and done < total:
                    drawn = now
                    draw()
        finally:
            draw()
            if live:
                print(file=out, flush=True)


def is_live(out: TextIO) -> bool:
    """Return whether a line written to `out` can be drawn over: in a terminal, and in a notebook's output."""
    return out.isatty() or type(out).__module__.startswith("ipykernel")


def _line(label: str, done: int, total: int, seconds: float) -> str:
    share = done / total if total else 1.0
    filled = round(share * WIDTH)
    rest = seconds * (total - done) / done if done else 0.0
    spent = f"{seconds:.0f} s" if done == total else f"about {rest:.0f} s left" if done else "starting"
    return f"{label} {'█' * filled}{'░' * (WIDTH - filled)} {share:4.0%}  {done:,} of {total:,}, {spent}"
