"""Results as CSV, as a table and as one line, whatever students are called and whatever they wrote."""

import csv
import io
from dataclasses import replace

import pytest
from rich.console import Console

from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.record.receipt import Receipt
from nbjudge.record.report import (
    class_table,
    number,
    one_line,
    summary_line,
    went_wrong,
    write_results,
    write_summary,
)

PASSED = Verdict("p", "loss", "test_loss", 2.0, 2.0, Outcome.PASSED)
FAILED = Verdict("p", "step", "test_step", 0.5, 3.0, Outcome.FAILED, "The step goes uphill.", "assert SECRET == 4")
UNJUDGED = Verdict("p", "step", "test_more", 0.0, 1.0, Outcome.NOT_JUDGED, "Staff will look at this.")


def receipt(student: str = "ann", **changes: object) -> Receipt:
    base = Receipt(student, "ps1", "graded", 2.5, 5.0, (PASSED, FAILED))
    return replace(base, **changes)


def shown(receipts: list[Receipt], width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="truecolor")
    console.print(class_table(receipts, "ps1"))
    return console.file.getvalue()


def test_results_hold_one_row_per_test(tmp_path):
    write_results(tmp_path / "results.csv", [receipt(), receipt("bob", verdicts=(UNJUDGED,))])
    rows = list(csv.DictReader((tmp_path / "results.csv").read_text().splitlines()))
    columns = ["student", "test", "points", "max_points", "verdict", "message", "notebook", "exercise"]
    assert list(rows[0]) == columns
    assert [list(row.values()) for row in rows] == [
        ["ann", "test_loss", "2", "2", "passed", "", "p", "loss"],
        ["ann", "test_step", "0.5", "3", "failed", "The step goes uphill.", "p", "step"],
        ["bob", "test_more", "0", "1", "not_judged", "Staff will look at this.", "p", "step"],
    ]
    assert "SECRET" not in (tmp_path / "results.csv").read_text()


def test_the_summary_holds_one_row_per_submission(tmp_path):
    write_summary(tmp_path / "summary.csv", [receipt(), receipt("bob", status="damaged: no JSON", score=0.0)])
    rows = list(csv.reader((tmp_path / "summary.csv").read_text().splitlines()))
    assert rows == [
        ["student", "score", "max_score", "status"],
        ["ann", "2.5", "5", "graded"],
        ["bob", "0", "5", "damaged: no JSON"],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "\n-2", "\0=1"])
def test_no_cell_starts_like_a_formula(tmp_path, name):
    hostile = receipt(name, status=name, verdicts=(replace(FAILED, message=name, test=name, exercise=name),))
    for write in (write_results, write_summary):
        write(tmp_path / "out.csv", [hostile])
        for row in list(csv.reader((tmp_path / "out.csv").read_text().splitlines()))[1:]:
            assert all(not cell.lstrip().startswith(tuple("=+-@＝")) for cell in row)


def test_a_negative_number_of_points_stays_a_number(tmp_path):
    write_summary(tmp_path / "summary.csv", [receipt(score=-1.5)])
    assert "ann,-1.5,5,graded" in (tmp_path / "summary.csv").read_text()


@pytest.mark.parametrize(("value", "text"), [(2.0, "2"), (0.5, "0.5"), (10, "10"), (1 / 3, "0.333"), (-0.0001, "0")])
def test_points_have_no_needless_digits(value, text):
    assert number(value) == text


def test_control_characters_become_blanks():
    assert one_line("a\x1b[31m\n b\u202e\tc") == "a [31m b c"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "test_step: The step goes uphill."),
        ({"diagnosis": {"step": "The sign is wrong."}}, "The sign is wrong."),
        ({"status": "damaged: not JSON", "diagnosis": {"step": "x"}}, "damaged: not JSON"),
        ({"verdicts": (FAILED, UNJUDGED)}, "not judged: test_more"),
        ({"verdicts": (PASSED,)}, ""),
        ({"verdicts": (PASSED,), "repairs": ("The test t was missing.",)}, "The test t was missing."),
        ({"verdicts": (replace(FAILED, message=""),)}, "test_step"),
    ],
)
def test_the_most_useful_sentence_comes_first(changes, words):
    assert went_wrong(receipt(**changes)) == words


def test_the_table_shows_scores_marks_and_what_went_wrong():
    text = shown([receipt(), receipt("bob", verdicts=(PASSED, UNJUDGED)), receipt("cy", status="damaged", verdicts=())])
    ann, bob, cy = (next(line for line in text.splitlines() if name in line) for name in ("ann", "bob", "cy"))
    assert all(part in ann for part in ("2.5/5", "2/2", "0.5/3", "uphill"))
    assert "0/1?" in bob
    assert "damaged" in cy
    assert "0/5" not in cy


@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width):
    long = receipt("x" * 60, diagnosis={"step": "A long sentence about the gradient. " * 9})
    console = Console(file=io.StringIO(), width=width)
    console.print(class_table([long]))
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert "2.5/5" in console.file.getvalue()
    assert len([line for line in lines if "xxx" in line]) == 1


def test_many_exercises_share_a_column():
    verdicts = tuple(replace(PASSED, exercise=f"e{number}") for number in range(9))
    assert "2/2 2/2 2/2" in shown([receipt(verdicts=verdicts)]).replace("\x1b[0m", "").replace("\x1b[32m", "")


def test_names_cannot_send_codes_or_markup_to_the_terminal():
    text = shown([receipt("\x1b]0;owned\x07[bold]evil", status="\x1b[2Jgone [red]")])
    assert "\x1b]0" not in text
    assert "\x1b[2J" not in text
    assert "[bold]" in text


@pytest.mark.parametrize(
    ("receipts", "seconds", "line"),
    [
        ([], 0.0, "0 graded in 0.0 seconds, 0.00 s per submission."),
        ([receipt()] * 4, 2.0, "4 graded in 2.0 seconds, 0.50 s per submission."),
        (
            [receipt(), receipt(status="damaged"), receipt(verdicts=(UNJUDGED,))],
            90.0,
            "1 graded, 1 not graded, 1 with tests not judged in 1.5 minutes, 30.00 s per submission.",
        ),
    ],
)
def test_one_line_sums_up(receipts, seconds, line):
    assert summary_line(receipts, seconds) == line
