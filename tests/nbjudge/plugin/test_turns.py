"""Graders who autograde at the same time lose and double no grade, with SQLite and with PostgreSQL."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from by_nbgrader import autograde
from lost import open_bench
from postgres import server
from tiny import DOUBLE, HALF_RIGHT, SQUARE, hand_in, write_course

from nbjudge.grade.ledger import open_ledger
from nbjudge.master.course import Course
from nbjudge.plugin import press, turns
from nbjudge.publish.release import build_release, publish

RIGHT = {"double": DOUBLE, "square": SQUARE, "why": "Its sign is lost."}
PLUS_TWO = {"double": "def double(x):\n    return x + 2", "square": HALF_RIGHT, "why": "Its sign is lost."}
CLASS = 6


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gradebook.db'}"
        return
    with server() as url:
        yield url


@pytest.mark.slow
def test_three_graders_at_once_give_every_student_one_grade(database, tmp_path):
    root = write_course(tmp_path / "course")
    course = f"c = get_config().CourseDirectory\nc.db_url = {database!r}\nc.course_id = 'tiny'\n"
    (root / "nbgrader_config.py").write_text(course)
    found = Course.find(root)
    publish(found, build_release(found, "ps1", tmp_path / "staging"))
    hand_in(root, root / "submitted", {f"s{one:02}": RIGHT if one % 3 else PLUS_TWO for one in range(CLASS)})
    script = Path(__file__).with_name("graders.py")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, script, root, database]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["ended"] == ["autograded"] * 3
    assert told["rows"] == {
        "student": CLASS,
        "submitted_assignment": CLASS,
        "submitted_notebook": CLASS,
        "grade": CLASS * 5,
        "comment": CLASS * 3,
    }
    assert told["points"] == [4 * 7 + 2 * 4, 0.5]
    assert told["comments"] == ["Say more."]
    assert len(list((root / "autograded").glob("*/ps1/warmup.ipynb"))) == CLASS
    assert len(list((root / "grades" / "ps1" / "receipts").iterdir())) == CLASS
    assert list((root / "grades" / "ps1" / "held").iterdir()) == []


@pytest.fixture
def light(monkeypatch):
    """Judging in this process: who waits for whom is the question here."""
    monkeypatch.setenv("PYTHONPATH", "")  # nbgrader_config.py adds to it
    monkeypatch.setattr(press, "open_bench", lambda *_: open_bench(light=True))
    monkeypatch.setattr(press, "_desks", {})
    yield
    for _, kept in press._desks.values():
        kept.close()


@pytest.mark.usefixtures("light")
@pytest.mark.filterwarnings("ignore")
class TestWaiting:
    def test_the_second_grader_of_a_submission_waits_for_the_first(self, tiny, monkeypatch):
        hand_in(tiny, tiny / "submitted", {"ada": RIGHT})
        begun, go, order = threading.Event(), threading.Event(), []
        original = press.grade_submission

        def slow(*arguments):
            order.append("begin")
            begun.set()
            assert go.wait(60)
            order.append("end")
            return original(*arguments)

        monkeypatch.setattr("nbjudge.plugin.autograde.grade_submission", slow)
        answers = []
        graders = [threading.Thread(target=lambda: answers.append(autograde(tiny, "ada")["ada"])) for _ in range(2)]
        graders[0].start()
        assert begun.wait(60)
        graders[1].start()
        graders[1].join(1)
        assert order == ["begin"]
        go.set()
        for grader in graders:
            grader.join(120)
        assert order == ["begin", "end", "begin", "end"]
        assert [answer["success"] for answer in answers] == [True, True]

    def test_while_a_class_is_graded_the_button_says_so_and_nothing_is_removed(self, tiny, monkeypatch):
        hand_in(tiny, tiny / "submitted", {"ada": RIGHT})
        assert autograde(tiny, "ada")["ada"]["success"]
        monkeypatch.setattr(turns, "PATIENCE", 0.2)
        with open_ledger(tiny / "grades" / "ps1"):
            answer = autograde(tiny, "ada")["ada"]
        assert not answer["success"]
        assert "another `nbjudge grade` is writing here" in answer["log"]
        assert (tiny / "autograded" / "ada" / "ps1" / "warmup.ipynb").is_file()
        assert autograde(tiny, "ada")["ada"]["success"]
