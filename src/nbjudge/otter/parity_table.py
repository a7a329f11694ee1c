"""The comparison of all graders as a table: a row for each submission, a column for each test."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from nbjudge.otter.parity import Row
from nbjudge.otter.together import Groups

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def parity_table(title: str, rows: Sequence[Row]) -> Table:
    """Points by submission and test: one number where all three agree, all three in red where they don't."""
    tests = list(dict.fromkeys(row.test for row in rows))
    table = Table(
        box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, title=f"{title}: parity", title_justify="left"
    )
    table.add_column("submission", overflow="fold")
    for place, _ in enumerate(tests):
        table.add_column(_letter(place), justify="right")
    table.add_column("total", justify="right")
    by_submission: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_submission.setdefault(row.submission, {})[row.test] = row
    for submission, given in by_submission.items():
        table.add_row(Text(submission), *(_cell([given[test]]) for test in tests), _cell(list(given.values())))
    return table


def group_lines(groups: Groups) -> Iterator[str]:
    """What each submission tries that tries several samples."""
    for name, samples in groups.items():
        yield f"{name}: {', '.join(f'{sample.exercise}-{sample.name}' for sample in samples)}"


def parity_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Which column is which test, every difference, and the outcome."""
    tests = list(dict.fromkeys(row.test for row in rows))
    yield "  ".join(f"{_letter(place)} {test.split('/')[1]}" for place, test in enumerate(tests))
    for row in rows:
        if not row.same:
            yield (
                f"{row.submission}, {row.test.split('/')[1]}: nbgrader gives {row.nbgrader:g}, "
                f"Otter {row.otter:g}, nbjudge {row.nbjudge:g}."
            )
    same = sum(row.same for row in rows)
    graders = ", ".join(f"stock {name} {importlib.metadata.version(name)}" for name in ("nbgrader", "otter-grader"))
    yield (
        f"{len({row.submission for row in rows})} submissions, {len(tests)} tests: {graders} and nbjudge give the same "
        f"points {same} of {len(rows)} times."
    )


def _letter(place: int) -> str:
    above, place = divmod(place, len(_LETTERS))
    return (_LETTERS[above - 1] if above else "") + _LETTERS[place]


def _cell(rows: Sequence[Row]) -> Text:
    points = [sum(row.nbgrader for row in rows), sum(row.otter for row in rows), sum(row.nbjudge for row in rows)]
    if all(row.same for row in rows):
        return Text(f"{points[0]:g}")
    return Text("/".join(f"{number:g}" for number in points), "bold red")
