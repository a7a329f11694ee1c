"""Progress: a bar on a terminal, plain lines elsewhere."""

import io
import re

from rich.console import Console

from nbjudge.progress import progress


def test_without_a_terminal_each_submission_is_a_plain_line():
    console = Console(file=io.StringIO(), width=30)
    with progress(2, console) as advance:
        advance("ann", "graded")
        advance("[red]bob\x1b[2J\n", "damaged: " + "x" * 60)
    first, second = console.file.getvalue().splitlines()
    assert re.fullmatch(r"\[1/2\] ann: graded \(\d+ s left\)", first)
    assert second == "[2/2] [red]bob [2J: damaged: " + "x" * 60


def test_on_a_terminal_a_bar_counts_and_shows_the_time_left():
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    with progress(3, console) as advance:
        advance("ann", "graded")
        advance("[red]" + "b" * 50, "graded")
    text = console.file.getvalue()
    assert "2/3" in text
    assert re.search(r"\d:\d\d:\d\d|-:--:--", text)
    assert "[red]bbb" in text
    assert "b" * 30 not in text
