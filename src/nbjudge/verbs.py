"""A group of commands whose errors are one sentence on stderr and exit status 2."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from nbjudge.errors import NbjudgeError
from nbjudge.lean import collect_rarely, leave_out

UNUSABLE = 2


class Verbs(click.Group):
    """Catches what a person can mend, once."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Read the arguments that stand before the verb."""
        with _sentence():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb."""
        leave_out()
        collect_rarely()
        with _sentence():
            return super().invoke(ctx)


@contextmanager
def _sentence() -> Iterator[None]:
    try:
        yield
    except (click.exceptions.NoArgsIsHelpError, BrokenPipeError):
        raise
    except (NbjudgeError, click.UsageError, OSError) as error:
        text = str(error)
        if isinstance(error, click.UsageError):
            text = " ".join(error.format_message().split())
        elif isinstance(error, OSError) and error.filename:
            text = f"{error.filename}: {error.strerror}."
        click.echo(f"nbjudge: {text}", err=True)
        sys.exit(UNUSABLE)
