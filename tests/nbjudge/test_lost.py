"""What is graded is not lost: kills at random moments, full and read-only disks, graders at the same time.

The scripts beside this file do it in processes of their own. NBJUDGE_KILLS says how often a light run is killed
(default 6), NBJUDGE_REAL_KILLS how often one with sandbox and workers (default 4).
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import DOUBLE, HALF_RIGHT, SQUARE, hand_in

from nbjudge.errors import NbjudgeError
from nbjudge.grade.grade import grade_course
from nbjudge.grade.ledger import open_ledger
from nbjudge.pool.bench import Conditions
from nbjudge.record.receipt import Receipt

RIGHT = {"double": DOUBLE, "square": SQUARE}
PLUS_TWO = {"double": "def double(x):\n    return x + 2", "square": HALF_RIGHT}


def script(name, *arguments, before=()):
    """The JSON that one of the scripts prints."""
    command = [*before, sys.executable, str(Path(__file__).with_name(f"{name}.py")), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def submitted(tiny, tmp_path):
    work = {f"s{number:02}": RIGHT if number % 3 else PLUS_TWO for number in range(9)}
    return hand_in(tiny, tmp_path / "submitted", {**work, "zoe": b"{"})


@pytest.mark.slow
@pytest.mark.timeout(6 * 3600)
@pytest.mark.parametrize(
    ("kind", "kills"),
    [("light", os.environ.get("NBJUDGE_KILLS", "6")), ("real", os.environ.get("NBJUDGE_REAL_KILLS", "4"))],
)
def test_a_grader_killed_at_any_moment_loses_nothing_and_leaves_nothing(tiny, submitted, tmp_path, kind, kills):
    told = script("lost", tiny, submitted, tmp_path / "runs", kills, kind)
    print(told)
    assert told["wrong"] == []
    assert sum(told["met"].get(stage, 0) for stage in ("before", "judging", "recording", "after")) == int(kills)
    assert told["met"]["judging"] >= int(kills) // 2


@pytest.mark.slow
def test_a_full_or_read_only_disk_ends_in_a_sentence_and_what_was_there_stays(tiny, tmp_path):
    unshare = shutil.which("unshare")
    assert unshare is not None, "install util-linux"
    said = script("full_disk", tiny, tmp_path / "disk", before=[unshare, "--user", "--map-root-user", "--mount"])
    assert said["first"] == "2 graded, 7 points"
    for case, reason in (("full", "No space left on device"), ("read-only", "Read-only file system")):
        assert f"results cannot be written ({reason})" in said[case]
        assert "run the same command again; what is done is kept." in said[case]
        assert said[f"kept when {case}"]
    assert said["roomy"] == "32 graded, 217 points"
    assert "the gradebook cannot be used" in said["gradebook full"]
    assert said["kept when the gradebook is full"]
    assert said["gradebook roomy"] == "132 graded, 917 points"
    assert said["half-written"] == said["held"] == []


@pytest.mark.slow
def test_graders_at_the_same_time_lose_and_double_no_grade(tiny, submitted, tmp_path):
    (tmp_path / "runs").mkdir()
    told = script("together", tiny, submitted, tmp_path / "runs", 3, "apart")
    assert told["ended"] == ["graded"] * 3
    assert told["rows"] == {
        "student": 9,
        "submitted_assignment": 9,
        "submitted_notebook": 9,
        "grade": 9 * 5,
        "comment": 9 * 3,
    }
    assert told["points"] == 6 * 7 + 3 * 4


@pytest.mark.slow
def test_of_graders_with_one_folder_for_results_one_works_and_the_others_are_told(tiny, submitted, tmp_path):
    (tmp_path / "runs").mkdir()
    told = script("together", tiny, submitted, tmp_path / "runs", 3, "one")
    assert told["ended"] == ["another `nbjudge grade` is writing here"] * 2 + ["graded"]
    assert told["rows"]["submitted_assignment"] == 9


def test_the_same_class_graded_five_times_gets_the_same_verdicts(tiny, bench, tmp_path):
    chance = "import random\n\n\ndef double(x):\n    return 2 * x if random.random() < 0.5 else 0"
    work = {"ada": RIGHT, "bob": PLUS_TWO, "cy": {**RIGHT, "double": chance}, "dan": {}, "eve": b"["}
    hand_in(tiny, tmp_path / "submitted", work)
    runs = set()
    for number in range(5):
        receipts = grade_course(
            tiny, "ps1", tmp_path / "submitted", tmp_path / f"out{number}", Conditions(seed=2**63 + 11), bench=bench
        )
        judged = [(one.test, one.points, one.outcome, one.message) for each in receipts for one in each.verdicts]
        runs.add(json.dumps([judged, [(each.student, each.status, each.score) for each in receipts]]))
    assert len(runs) == 1


def test_one_folder_has_one_grader_and_drafts_of_a_killed_one_are_removed(tmp_path):
    out = tmp_path / "out"
    (out / "receipts").mkdir(parents=True)
    for place in (out, out / "receipts"):
        (place / ".writing-1-ab").write_text("half")
    with open_ledger(out) as ledger:
        assert not list(out.rglob(".writing-*"))
        with pytest.raises(NbjudgeError, match="another `nbjudge grade` is writing here"), open_ledger(out):
            pass
        assert ledger.seed(None) == ledger.seed(None)
        assert ledger.seed(5) == ledger.seed(None) == 5
    with open_ledger(out):
        pass


def test_what_is_held_is_all_there_or_not_there(tmp_path, monkeypatch):
    receipt = Receipt("ada", "ps1", "graded", 1.0, 1.0)
    with open_ledger(tmp_path / "out") as ledger:
        assert ledger.held("ada") is None
        ledger.hold(receipt, {"warmup.ipynb": b"{}", "data/a.csv": b"1"})
        assert ledger.held("ada") == receipt
        assert (ledger.image("ada") / "data" / "a.csv").read_bytes() == b"1"

        def fail(*arguments):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("nbjudge.grade.ledger.write_atomically", fail)
        with pytest.raises(NbjudgeError, match="Make room"):
            ledger.hold(receipt, {"warmup.ipynb": b"{}"})
        assert ledger.held("ada") is None
        monkeypatch.undo()
        ledger.hold(receipt, {})
        ledger.settle(receipt, {}, recorded=True)
        assert ledger.held("ada") is None
        assert ledger.receipt("ada") == receipt


def test_what_was_recorded_is_not_held_after_a_kill_in_between(tiny, bench, tmp_path):
    hand_in(tiny, tmp_path / "submitted", {"ada": RIGHT})
    out = tmp_path / "out"
    (receipt,) = grade_course(tiny, "ps1", tmp_path / "submitted", out, bench=bench)
    with open_ledger(out) as ledger:
        ledger.hold(receipt, {})
    assert list(grade_course(tiny, "ps1", tmp_path / "submitted", out)) == [receipt]
    assert list((out / "held").iterdir()) == []
