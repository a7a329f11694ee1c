"""Options that several verbs have, and what they say together."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from nbjudge.pool.bench import Conditions

WORKERS = click.option("--workers", type=click.IntRange(1), help="Notebooks at once; default: one per core.")
SANDBOX = click.option("--no-sandbox", is_flag=True, help="Run students' code without isolation; kept in receipts.")
COURSE = click.option(
    "--course", type=click.Path(path_type=Path), default=Path("."), help="The course's folder; default: here."
)


def conditions_of(
    workers: int | None, no_sandbox: bool, seed: int | None = None, device: str = "cpu", timeout: float = 30.0
) -> Conditions:
    """What the options ask for; ``timeout`` is in seconds for a cell, a call from a test gets half of it."""
    from nbjudge.judge.task import Limits
    from nbjudge.pool.bench import Conditions

    make = partial(Conditions, workers=workers) if workers else Conditions
    isolation = "none" if no_sandbox else "bwrap"
    return make(seed=seed, device=device, isolation=isolation, limits=Limits(cell=timeout, call=timeout / 2))  # type: ignore[arg-type]
