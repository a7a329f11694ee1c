"""Progress through a class: a bar with the time left on a terminal, plain lines anywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from nbjudge.record.report import one_line

Advance = Callable[[str, str], None]


@contextmanager
def progress(total: int, console: Console | None = None) -> Iterator[Advance]:
    """Yield ``advance(student, status)``, to be called once for each submission done."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _lines(total, console)
        return
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task("grading", total=total)

        def advance(student: str, status: str) -> None:
            name = one_line(student)
            bar.update(task, advance=1, description=name if len(name) <= 24 else name[:23] + "…")

        yield advance


def _lines(total: int, console: Console) -> Advance:
    """One line per submission: its number, the student, the status and the time left."""
    began = time.monotonic()
    done = 0

    def advance(student: str, status: str) -> None:
        nonlocal done
        done += 1
        left = (time.monotonic() - began) / done * max(total - done, 0)
        rest = f" ({_duration(left)} left)" if done < total else ""
        line = f"[{done}/{total}] {one_line(student)}: {one_line(status)}{rest}"
        console.print(Text(line), soft_wrap=True)

    return advance


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
