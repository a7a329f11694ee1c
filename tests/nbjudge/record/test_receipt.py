"""Receipts go to JSON and back unchanged, and refuse what isn't one."""

import json
import math
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbjudge.errors import SubmissionError
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.record.receipt import Receipt, from_json, hash_files, write_atomically

VERDICTS = (
    Verdict("p", "f", "test_f", 2.0, 2.0, Outcome.PASSED, seconds=0.25),
    Verdict("p", "f", "test_g", 0.5, 2.0, Outcome.FAILED, "The gradient is too long."),
    Verdict("p", "g", "test_h", 0.0, 1.0, Outcome.NOT_JUDGED, "The grader could not judge this."),
)
RECEIPT = Receipt(
    student="Đorđe",
    assignment="ps1",
    status="graded",
    score=2.5,
    max_score=5.0,
    verdicts=VERDICTS,
    repairs=("The test t was missing; it was put back.",),
    diagnosis={"f": "Your gradient is the sum, not the mean."},
    questions=("why",),
    hashes={"submission": "ab", "tests": "cd", "references": "ef", "environment": "01"},
    seed=7,
    isolation="bubblewrap",
    started="2026-02-14T10:30:00+00:00",
    seconds={"student": 1.5, "judge": 0.25},
)


def test_a_receipt_comes_back_unchanged():
    assert from_json(RECEIPT.to_json()) == RECEIPT


def test_the_text_is_stable():
    again = replace(RECEIPT, hashes=dict(reversed(RECEIPT.hashes.items())))
    assert again.to_json() == RECEIPT.to_json()
    assert from_json(RECEIPT.to_json()).to_json() == RECEIPT.to_json()
    assert list(json.loads(RECEIPT.to_json())) == sorted(json.loads(RECEIPT.to_json()))


@given(st.text(), st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_and_number_survive(student, message, score):
    receipt = replace(RECEIPT, student=student, score=score, verdicts=(replace(VERDICTS[1], message=message),))
    assert from_json(receipt.to_json()) == receipt


def test_what_only_staff_may_read_is_not_written():
    told = replace(RECEIPT, verdicts=(replace(VERDICTS[1], detail="assert 31337 == 4"),))
    assert "31337" not in told.to_json()
    assert from_json(told.to_json()) == replace(RECEIPT, verdicts=(VERDICTS[1],))


def test_a_receipt_with_something_left_to_judge_or_to_record_is_not_done():
    judged = replace(RECEIPT, verdicts=VERDICTS[:2])
    assert judged.done
    assert not RECEIPT.done
    assert not replace(judged, status="not recorded: locked").done
    assert replace(judged, status="damaged: p: the file is empty").done


def test_tests_that_could_not_be_judged_are_told_apart():
    assert [verdict.test for verdict in RECEIPT.not_judged] == ["test_h"]


def changed(**changes: object) -> str:
    return json.dumps(json.loads(RECEIPT.to_json()) | changes)


def with_verdict(**changes: object) -> str:
    content = json.loads(RECEIPT.to_json())
    content["verdicts"][0] |= changes
    return json.dumps(content)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        "[" * 100_000,
        "{}",
        changed(extra=1),
        changed(score="2"),
        changed(score=math.nan),
        changed(seed=1.5),
        changed(seed=True),
        changed(student=None),
        changed(repairs="text"),
        changed(repairs=[1]),
        changed(diagnosis=["a"]),
        changed(diagnosis={"f": 1}),
        changed(seconds={"judge": "long"}),
        changed(verdicts=[3]),
        changed(verdicts={}),
        with_verdict(outcome="excellent"),
        with_verdict(points="2"),
        with_verdict(extra=0),
    ],
)
def test_what_is_no_receipt_is_refused_in_one_line(text):
    with pytest.raises(SubmissionError, match="this is not a receipt") as refused:
        from_json(text)
    assert "\n" not in str(refused.value)


def test_the_hash_of_files_sees_names_contents_and_borders_but_not_order():
    base = hash_files({"a": b"bc", "d": b""})
    assert base == hash_files({"d": b"", "a": b"bc"})
    others = [{"ab": b"c", "d": b""}, {"a": b"bc"}, {"a": b"bc", "e": b""}, {"a": b"bd", "d": b""}, {}]
    assert len({base, *map(hash_files, others)}) == 6
    assert len(base) == 64


def test_writing_replaces_the_whole_file_and_leaves_no_draft(tmp_path):
    path = tmp_path / "deep" / "r.json"
    write_atomically(path, "old")
    write_atomically(path, "new \ud800")
    assert path.read_text() == "new ?"
    assert os.listdir(path.parent) == ["r.json"]


def test_text_may_be_written_in_parts(tmp_path):
    write_atomically(tmp_path / "r.csv", (f"{number}\n" for number in range(3)))
    assert (tmp_path / "r.csv").read_text() == "0\n1\n2\n"

    def breaks():
        yield "half"
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_atomically(tmp_path / "r.csv", breaks())
    assert (tmp_path / "r.csv").read_text() == "0\n1\n2\n"
    assert os.listdir(tmp_path) == ["r.csv"]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "r.json"
    write_atomically(path, "old")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_atomically(tmp_path / "taken", "new")
    assert sorted(os.listdir(tmp_path)) == ["r.json", "taken"]
    assert path.read_text() == "old"
