"""What the command line has for Gradescope: the zip that goes there, and the scores that come back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from nbjudge.options import COURSE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbjudge.grade.changes import Change

INCOMPLETE = 1


@click.command()
@click.argument("assignment")
@click.option("--out", type=click.Path(path_type=Path), help="The file; default: build/gradescope/ASSIGNMENT.zip.")
@click.option(
    "--hidden",
    type=click.Choice(["visible", "after_due_date", "after_published"]),
    default="after_published",
    show_default=True,
    help="When students see the results of hidden tests, and their total.",
)
@click.option(
    "--minutes",
    type=click.IntRange(2, 40),
    default=10,
    show_default=True,
    help="The time-out that the assignment has on Gradescope.",
)
@click.option("--timeout", type=click.IntRange(1, 2400), default=30, show_default=True, help="Seconds per cell.")
@COURSE
def gradescope(assignment: str, out: Path | None, hidden: str, minutes: int, timeout: int, course: Path) -> None:
    """Write the zip with which Gradescope grades ASSIGNMENT by nbjudge's own judge.

    The same course gives the same bytes. The zip holds the solution and the hidden tests: it is for staff.
    """
    from nbjudge.gradescope.package import Settings, write_package
    from nbjudge.master.course import Course

    found = Course.find(course)
    target = out or found.root / "build" / "gradescope" / f"{assignment}.zip"
    settings = Settings(assignment, hidden, minutes, timeout)  # type: ignore[arg-type]
    path = write_package(found, settings, target)
    click.echo(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")


@click.command("import-gradescope")
@click.argument("export", type=click.Path(path_type=Path))
@click.argument("assignment")
@click.option("--out", type=click.Path(path_type=Path), help="Where results go; default: grades/ASSIGNMENT.")
@COURSE
@click.option("--yes", is_flag=True, help="Record changed scores without asking.")
def import_gradescope(export: Path, assignment: str, out: Path | None, course: Path, yes: bool) -> None:
    """Merge an EXPORT of Gradescope's into the results and the gradebook of ASSIGNMENT.

    EXPORT is the downloaded submissions (zip, folder or submission_metadata.yml), which have points for each test, or
    the table of scores (csv). Scores that people gave stay. Exit status 1 means that somebody in it has no score now.
    """
    from nbjudge.grade.ledger import ledger_folder
    from nbjudge.gradescope.merge import merge
    from nbjudge.master.course import Course
    from nbjudge.record.report import class_table

    found = Course.find(course)
    target = out or ledger_folder(found.root, assignment)
    merged = merge(found.root, assignment, export, target, None if yes else _confirm)
    console = Console()
    console.print(class_table(merged.receipts, title=assignment))
    for problem in merged.problems:
        console.print(Text(problem), soft_wrap=True)
    console.print(Text(f"{len(merged.receipts)} recorded, {len(merged.problems)} problems."))
    if merged.problems:
        sys.exit(INCOMPLETE)


def _confirm(found: Sequence[Change]) -> bool:
    from nbjudge.grade.changes import changes_table

    Console().print(changes_table(found))
    return sys.stdin.isatty() and click.confirm(f"Record these {len(found)} changes?", default=False)
