"""The scores that are kept of foreign courses, and what is claimed of stock nbgrader, come from stock nbgrader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from stock import (
    COURSES,
    PEEKING,
    Stock,
    behaviours,
    clear_release,
    copy_course,
    open_stock,
    read_stock,
    read_submissions,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stock() -> Iterator[Stock]:
    with open_stock() as opened:
        yield opened


@pytest.mark.parametrize("behaviour", behaviours())
def test_the_kept_scores_are_what_stock_nbgrader_gives(behaviour: str, tmp_path: Path, stock: Stock) -> None:
    course = COURSES / behaviour
    scores = stock.scores(course, read_submissions(course), tmp_path / "course")
    if not (course / "stock.json").exists():
        (course / "stock.json").write_text(json.dumps(scores, indent=1) + "\n")
        pytest.fail(f"{course / 'stock.json'} was missing and is now written: read it, then run this again")
    assert scores == read_stock(course)


@pytest.mark.parametrize("behaviour", ["rebound_in_hiding", "manual_answers", "documentation"])
def test_the_quick_release_is_nbgraders_release(behaviour: str, tmp_path: Path, stock: Stock) -> None:
    quick = clear_release(copy_course(COURSES / behaviour, tmp_path / "quick"))
    slow = stock.generate_release(copy_course(COURSES / behaviour, tmp_path / "stock"))
    assert [_cells(path) for path in sorted(quick.glob("*.ipynb"))] == [
        _cells(path) for path in sorted(slow.glob("*.ipynb"))
    ]


def test_stock_nbgrader_shows_a_name_bound_in_hiding_to_the_student(tmp_path: Path, stock: Stock) -> None:
    scores = stock.scores(COURSES / "rebound_in_hiding", {"peeking": PEEKING}, tmp_path / "course")
    assert scores["peeking"] == scores["max"]


def test_a_command_that_fails_says_why_and_the_next_one_works(tmp_path: Path, stock: Stock) -> None:
    with pytest.raises(AssertionError, match=r"(?s)generate_assignment nothing failed:.*No notebooks were matched"):
        stock.run(tmp_path, "generate_assignment", "nothing")
    stock.run(tmp_path, "--version")


def _cells(path: Path) -> list[tuple[str, str, object]]:
    cells = json.loads(path.read_text())["cells"]
    return [(cell["cell_type"], "".join(cell["source"]), cell["metadata"]) for cell in cells]
