"""What a build tells the instructor: which rules held, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from nbjudge.publish.build import Build
from nbjudge.publish.gate import BLANK, MISTAKE, NULL, SOLUTION, VARIANT

RULES = {
    SOLUTION: "the solution gets every point",
    BLANK: "a blank notebook gets none",
    MISTAKE: "every known mistake fails",
    VARIANT: "every variant passes",
    NULL: "null solvers get no hidden point",
}


def gate_table(built: Build) -> Table:
    """A row for each rule and exercise: how many were tried, how many held."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=f"{built.assignment}: the gate", title_justify="left")
    table.add_column("rule")
    table.add_column("exercise", overflow="fold")
    table.add_column("held", justify="right", no_wrap=True)
    for kind, rule in RULES.items():
        for (exercise, of), (good, total) in built.report.held.items():
            if of == kind:
                style = "green" if good == total else "bold red"
                table.add_row(Text(rule), Text(exercise), Text(f"{good} of {total}", style))
    return table


def build_lines(built: Build) -> Iterator[Text]:
    """Notes, exceptions, problems and the outcome, a line each."""
    for name in built.report.fetched:
        yield Text(f"note: {name!r} is computed in a released cell; tests read the student's value of it.")
    for name, why in built.obstacles.items():
        yield Text(f"note: {name} is run twice where it shows something: hidden checks cannot wait, since {why}.")
    for test, reason in built.report.allowed.items():
        yield Text(f"allowed: {test}: {reason}")
    for problem in [*built.leaks, *map(str, built.report.failing)]:
        yield Text(problem, "red")
    if not built.published:
        yield Text(f"{built.assignment}: not published.", "bold red")
    else:
        yield Text(f"{built.assignment}: {'unchanged' if built.unchanged else 'published'}.", "green")
