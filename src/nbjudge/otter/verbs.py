"""What the command line has for Otter: its zip for Gradescope, and the comparison of all graders."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from nbjudge.errors import CourseError
from nbjudge.options import COURSE, SANDBOX, WORKERS, conditions_of

DIFFERENT = 1


@click.command()
@click.argument("assignment")
@click.option("--out", type=click.Path(path_type=Path), help="Where zips go; default: build/otter/ASSIGNMENT.")
@COURSE
def otter(assignment: str, out: Path | None, course: Path) -> None:
    """Write the autograder.zip that `otter run` takes, and Gradescope with Otter's grading, for ASSIGNMENT.

    A zip for each notebook with tests; the same masters give the same bytes.
    """
    from nbjudge.master.course import Course
    from nbjudge.otter.archive import write_archives

    found = Course.find(course)
    for path in write_archives(found, assignment, out or found.root / "build" / "otter" / assignment):
        click.echo(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")


@click.command()
@click.argument("assignment")
@click.option("--only", default="", metavar="TEXT", help="Only submissions whose name holds TEXT.")
@click.option("--together", "combined", is_flag=True, help="Try a sample in each of several exercises at once.")
@click.option("--sample", type=click.IntRange(0), help="Only so many mistakes and variants, from all over.")
@COURSE
@WORKERS
@SANDBOX
def parity(
    assignment: str,
    only: str,
    combined: bool,
    sample: int | None,
    course: Path,
    workers: int | None,
    no_sandbox: bool,
) -> None:
    """Let stock nbgrader, stock Otter and nbjudge grade the same honest work on ASSIGNMENT, side by side.

    The work is the solution, a blank notebook, every known mistake and every variant; together they are fewer
    submissions, and the same answers. The course's own gradebook is left alone. Exit status 1 means that some
    test's points differ.
    """
    from nbjudge.master.course import Course
    from nbjudge.otter.parity import choose, compare, honest
    from nbjudge.otter.parity_table import group_lines, parity_lines, parity_table
    from nbjudge.otter.together import alone, together

    found = Course.find(course)
    master = found.master(assignment)
    groups = (together if combined else alone)(found, master)
    submissions = honest(master, groups)
    chosen = choose(list(submissions), only, sample)
    if not chosen:
        fix = f"There is: {', '.join(submissions)}."
        raise CourseError(f"no submission has {only!r} in its name", assignment, fix)
    conditions = conditions_of(workers, no_sandbox)
    rows = compare(found, assignment, {name: submissions[name] for name in chosen}, conditions)
    console = Console()
    console.print(parity_table(assignment, rows))
    shown = {name: groups[name] for name in chosen if combined and name in groups}
    for line in [*group_lines(shown), *parity_lines(rows)]:
        console.print(Text(line), soft_wrap=True)
    if not all(row.same for row in rows):
        sys.exit(DIFFERENT)
