import importlib.metadata

from rich.console import Console

from nbjudge.otter.parity import Row
from nbjudge.otter.parity_table import parity_lines, parity_table

ROWS = [
    Row("solution", "n/test_a", 2, 2, 2),
    Row("solution", "n/test_b", 1.5, 1.5, 1.5),
    Row("blank", "n/test_a", 0, 0, 0),
    Row("blank", "n/test_b", 0, 1.5, 0),
]


def shown(rows):
    console = Console(width=100)
    with console.capture() as heard:
        console.print(parity_table("ps1", rows))
    return [line.split() for line in heard.get().splitlines()]


def test_points_that_agree_are_one_number_and_others_all_three():
    lines = shown(ROWS)
    assert ["solution", "2", "1.5", "3.5"] in lines
    assert ["blank", "0", "0/1.5/0", "0/1.5/0"] in lines


def test_the_lines_name_columns_differences_and_the_outcome():
    lines = list(parity_lines(ROWS))
    assert lines[0] == "A test_a  B test_b"
    assert lines[1] == "blank, test_b: nbgrader gives 0, Otter 1.5, nbjudge 0."
    assert lines[2].endswith("give the same points 3 of 4 times.")
    assert f"stock otter-grader {importlib.metadata.version('otter-grader')}" in lines[2]


def test_more_than_26_tests_have_a_column_each():
    rows = [Row("blank", f"n/test_{number}", 0, 0, 0) for number in range(28)]
    assert next(parity_lines(rows)).endswith("Z test_25  AA test_26  AB test_27")


def test_a_name_in_brackets_is_shown_as_it_is():
    assert ["variant-[bold]x", "0", "0"] in shown([Row("variant-[bold]x", "n/t", 0, 0, 0)])
