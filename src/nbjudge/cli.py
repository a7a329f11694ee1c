"""The command line: the verbs, and what they print."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nbjudge import __version__
from nbjudge.errors import CourseError, NbjudgeError
from nbjudge.gradescope.verbs import gradescope, import_gradescope
from nbjudge.options import COURSE, SANDBOX, WORKERS, conditions_of
from nbjudge.otter.verbs import otter, parity
from nbjudge.plugin.verbs import kernel
from nbjudge.verbs import UNUSABLE, Verbs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbjudge.grade.changes import Change
    from nbjudge.master.course import Course

UNJUDGED = 1


@click.group(cls=Verbs)
@click.version_option(__version__)
def main() -> None:
    """Build assignments from master notebooks and grade submissions from outside."""


main.add_command(otter)
main.add_command(gradescope)
main.add_command(import_gradescope)
main.add_command(parity)
main.add_command(kernel)


@main.command()
@click.argument("assignments", nargs=-1)
@COURSE
@WORKERS
@SANDBOX
@click.option("--allow", multiple=True, metavar="TEST=REASON", help="Excuse one test from the gate, and say why.")
@click.option("--force", is_flag=True, help="Check again even if nothing has changed.")
@click.option("--no-otter", is_flag=True, help="Leave Otter's version as it is.")
def build(
    assignments: tuple[str, ...],
    course: Path,
    workers: int | None,
    no_sandbox: bool,
    allow: tuple[str, ...],
    force: bool,
    no_otter: bool,
) -> None:
    """Build ASSIGNMENTS (default: all): release, solution and gradebook, if the gate holds; and Otter's version."""
    from nbjudge.master.course import Course
    from nbjudge.progress import progress
    from nbjudge.publish.build import build_assignment, check_allowed
    from nbjudge.publish.build_report import build_lines, gate_table

    found = Course.find(course)
    names = assignments or found.assignments()
    if not names:
        raise NbjudgeError("there is no assignment to build", str(found.root), "Put masters into source/<name>/.")
    excused = dict(_excuse(text) for text in allow)
    # All are looked up first: a misspelt name should not come to light after minutes of building the others.
    masters = [found.master(name) for name in dict.fromkeys(names)]
    check_allowed(masters, excused)
    console = Console()
    refused = False
    for master in masters:
        theirs = {test: reason for test, reason in excused.items() if test in master.tests}
        conditions = conditions_of(workers, no_sandbox)
        built = build_assignment(found, master.name, conditions, theirs, advance=progress, force=force)
        if built.report.held:
            console.print(gate_table(built))
        for line in build_lines(built):
            console.print(line, soft_wrap=True)
        refused |= not built.published
        if built.published and not no_otter:
            refused |= not _build_otter(found, master.name, force)
    if refused:
        sys.exit(UNUSABLE)


def _build_otter(course: Course, assignment: str, force: bool) -> bool:
    """Write Otter's version and say so; False if Otter cannot express the assignment."""
    from nbjudge.otter.version import write_version

    try:
        line = Text(write_version(course, assignment, force))
    except CourseError as error:
        line = Text(f"{assignment}: Otter's version was not written: {error} (Without it: --no-otter.)", "red")
    Console().print(line, soft_wrap=True)
    return line.style != "red"


def _excuse(text: str) -> tuple[str, str]:
    test, equals, reason = text.partition("=")
    if not test or not equals or not reason.strip():
        raise NbjudgeError(f"--allow {text!r} gives no reason", fix="Write --allow TEST=REASON.")
    return test, reason.strip()


@main.command()
@click.argument("assignment")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Where results go; default: grades/ASSIGNMENT.")
@COURSE
@WORKERS
@SANDBOX
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), help="The run's seed; default: a new one, kept in --out.")
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True)
@click.option("--timeout", type=click.IntRange(1, 86_400), default=30, show_default=True, help="Seconds per cell.")
@click.option("--yes", is_flag=True, help="Record changed scores without asking.")
def grade(
    assignment: str,
    submissions: Path,
    out: Path | None,
    course: Path,
    workers: int | None,
    no_sandbox: bool,
    seed: int | None,
    device: str,
    timeout: int,
    yes: bool,
) -> None:
    """Grade every submission of ASSIGNMENT in the folder SUBMISSIONS.

    SUBMISSIONS has nbgrader's layout (submitted/<student>/<assignment>/) or holds one notebook per student.
    Where a grade would change though the submission did not, the changes are shown and have to be confirmed.
    Exit status 1 means that all could be recorded but some test or notebook could not be judged.
    """
    from nbjudge.grade.grade import grade_course
    from nbjudge.grade.ledger import ledger_folder
    from nbjudge.master.course import Course
    from nbjudge.progress import progress
    from nbjudge.record.report import class_table, summary_line

    started = time.monotonic()
    found = Course.find(course)
    target = out or ledger_folder(found.root, assignment)
    conditions = conditions_of(workers, no_sandbox, seed, device, timeout)
    confirm = None if yes else _confirm
    receipts = grade_course(found.root, assignment, submissions, target, conditions, progress, confirm=confirm)
    console = Console()
    console.print(class_table(receipts, title=assignment))
    console.print(Text(summary_line(receipts, time.monotonic() - started)))
    console.print(Text(f"results:  {target / 'results.csv'}\nfeedback: {target / 'feedback'}"))
    if any(receipt.not_judged or receipt.status.startswith(("damaged", "not recorded")) for receipt in receipts):
        sys.exit(UNJUDGED)


def _confirm(found: Sequence[Change]) -> bool:
    """Show what a regrade changes, and ask, if there is somebody to be asked."""
    from nbjudge.grade.changes import changes_table

    Console().print(changes_table(found))
    return _has_terminal() and click.confirm(f"Record these {len(found)} changes?", default=False)


def _has_terminal() -> bool:
    return sys.stdin.isatty()


@main.command()
@click.argument("receipt", type=click.Path(path_type=Path))
@click.option("--course", type=click.Path(path_type=Path), help="The course's folder; default: where the receipt is.")
@SANDBOX
def replay(receipt: Path, course: Path | None, no_sandbox: bool) -> None:
    """Grade the submission of a RECEIPT again, with its seed, and say whether the verdicts are the same.

    Nothing is recorded. Exit status 1 means that a verdict differs.
    """
    from nbjudge.grade.changes import changes_table
    from nbjudge.grade.replay import replay_receipt

    done = replay_receipt(receipt, course, no_sandbox)
    console = Console()
    if done.different:
        console.print(changes_table(done.different))
    for line in done.lines():
        console.print(Text(line), soft_wrap=True)
    if not done.same:
        sys.exit(UNJUDGED)


@main.command()
def doctor() -> None:
    """Say what this machine has for grading, and what to do about what is missing."""
    from nbjudge.doctor import diagnose

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("", "what", "found", "what to do"):
        table.add_column(heading)
    findings = diagnose()
    for finding in findings:
        sign = Text("ok", "green") if finding.ok else Text("missing", "red")
        table.add_row(sign, Text(finding.name), Text(finding.value), Text("" if finding.ok else finding.fix))
    Console().print(table)
    if not all(finding.ok for finding in findings):
        sys.exit(UNJUDGED)
