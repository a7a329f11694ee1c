"""Write docs/cli.md: what `nbjudge --help` and each verb's `--help` say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from nbjudge.cli import main

TARGET = Path(__file__).parent.parent / "docs" / "cli.md"
HEAD = """# Command line

`make reference` writes this page from the program's own help. Exit statuses: 0 all is well, 1 done but something
could not be judged (or, for `doctor`, is missing), 2 not done, and one sentence says why.
"""


def help_of(*verb: str) -> str:
    """The help text of ``nbjudge VERB --help``, 80 columns wide."""
    done = CliRunner().invoke(main, [*verb, "--help"], prog_name="nbjudge", terminal_width=80)
    if done.exit_code:
        raise SystemExit(f"nbjudge {' '.join(verb)} --help failed: {done.output}")
    return done.output


def verbs(group: click.Group) -> Iterator[tuple[str, ...]]:
    """Every verb as its words, a group before what it holds."""
    for name, command in sorted(group.commands.items()):
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, *rest) for rest in verbs(command))


def reference() -> str:
    """The whole page."""
    sections = [(" ".join(("nbjudge", *words)), help_of(*words)) for words in [(), *verbs(main)]]
    return HEAD + "".join(f"\n## {title}\n\n```text\n{text}```\n" for title, text in sections)


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
    print(f"written: {TARGET.name}")
