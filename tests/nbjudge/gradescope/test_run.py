"""Gradescope's folders laid out in a container that refuses namespaces, and run as Gradescope would."""

import json
import os
import stat
import sys
import time
import zipfile
from pathlib import Path

import pytest
from container import run_inside
from hostile.course import ASSIGNMENT, NOTEBOOK, POINTS, SECRETS, Attack, hand_in, write_course

from nbjudge.gradescope import run as container
from nbjudge.gradescope.package import Settings, write_package
from nbjudge.master.course import Course

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="needs root")
TESTS = Path(__file__).parents[2]

LOOKS = """
def primes(n):
    import os
    def attempt(path):
        try:
            return os.listdir(path) if os.path.isdir(path) else open(path).read()
        except OSError as error:
            return type(error).__name__
    places = "/autograder /autograder/source/course /autograder/submission /autograder/results/results.json".split()
    raise RuntimeError(f"``` {[attempt(place) for place in places]} {os.getuid() > 0} {os.getcwd()[:18]}")
"""
LOOKING = Attack("looking", "Looks for the grader's files, and tells in an error.", answers={"primes": LOOKS})
SAW = f"``` {['PermissionError'] * 4} True /tmp/nbjudge-user-"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    root = write_course(tmp_path_factory.mktemp("gradescope") / "course")
    return root, write_package(Course.find(root), Settings(ASSIGNMENT), root.parent / "a.zip")


@pytest.fixture
def lay(package, tmp_path):
    """Lay out /autograder with a submission; gives its place on this machine."""
    root, path = package
    place = tmp_path / "autograder"
    for name in ("source", "submission", "results"):
        (place / name).mkdir(parents=True)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(place / "source")
    (place / "submission_metadata.json").write_text(json.dumps({"users": [{"email": "ada@x.edu"}]}))

    def laid(attack):
        handed = hand_in(root, tmp_path / "handed", [attack]) / attack.name / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
        # As students upload what Otter exports.
        with zipfile.ZipFile(place / "submission" / "work_2026.zip", "w") as archive:
            archive.write(handed, f"{NOTEBOOK}.ipynb")
        return place

    return laid


def run_as_gradescope(place, tmp_path, python=sys.executable, **walls):
    program = tmp_path / "python" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {python} "$@"\n')
    program.chmod(0o755)
    binds = {place: "/autograder", program.parents[1]: "/opt/nbjudge"}
    done = run_inside(["/bin/bash", "/autograder/source/run_autograder"], binds, timeout=900, **walls)
    return done, json.loads((place / "results" / "results.json").read_text())


@pytest.mark.parametrize("landlock", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_submission_is_judged_and_sees_nothing_of_the_grader(lay, tmp_path, landlock):
    place = lay(LOOKING)
    done, told = run_as_gradescope(place, tmp_path, landlock=landlock)
    assert done.returncode == 0, done.stderr[-2000:]
    wanted = {test: points for tests in POINTS.values() for test, points in tests.items()}
    wanted |= {"primes_list": 0.0, "primes_refuses": 0.0}
    assert {test["name"]: test["score"] for test in told["tests"] if "score" in test} == wanted, done.stdout
    (said,) = (test["output"] for test in told["tests"] if test["name"] == "primes_refuses")
    assert SAW in said
    assert said.startswith("````\n")
    way = "Landlock, seccomp" if landlock else "seccomp; no Landlock"
    assert f"Isolation: a user of its own, {way}" in done.stdout
    assert "Not to be had here: namespaces (bubblewrap): " in done.stdout
    assert not [word for word in SECRETS if word in json.dumps(told)]
    assert {stat.S_IMODE((place / name).stat().st_mode) for name in ("", "source", "submission", "results")} == {0o700}


def test_without_a_working_grader_there_are_results_and_no_points(lay, tmp_path):
    done, told = run_as_gradescope(lay(Attack("ada", "")), tmp_path, python="/no/python")
    assert told["score"] == 0
    assert "tests" not in told
    assert "has not been graded" in told["output"]
    assert "status" in done.stderr


@pytest.mark.parametrize("what", ["settings", "master", "isolation"])
def test_a_failure_of_ours_gives_honest_results(lay, monkeypatch, capsys, what):
    place = lay(Attack("ada", ""))
    if what == "settings":
        (place / "source" / "settings.json").write_text("{")
    elif what == "master":
        (place / "source" / "course" / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").write_text("{")
    else:
        monkeypatch.setattr("nbjudge.sandbox.strongest.WAYS", ())
    container.run(place)
    told = json.loads((place / "results" / "results.json").read_text())
    assert (told["score"], told["output"], told.get("tests")) == (0, container.broken()["output"], None)
    assert "Traceback" in capsys.readouterr().err


def test_the_time_that_gradescope_gives_is_kept(lay, monkeypatch):
    def forever(*_):
        while True:
            try:
                time.sleep(60)
            except Exception:
                continue

    place = lay(Attack("ada", ""))
    monkeypatch.setattr(container, "_grade", forever)
    monkeypatch.setattr(container, "RESERVE", 10 * 60)
    container.run(place)
    told = json.loads((place / "results" / "results.json").read_text())
    assert (told["score"], told["output"]) == (0, container.TOO_LATE)


def test_who_handed_in_is_read_from_any_metadata(tmp_path):
    assert container._student(tmp_path) == "student"
    for text in ("{", "[]", '{"users": []}', '{"users": [1]}', '{"users": null}'):
        (tmp_path / "submission_metadata.json").write_text(text)
        assert container._student(tmp_path) == "student"


# Those that the other isolation answers by other means. `attacked.py` can be run with all.
CHOSEN = (
    "thief forged_messages environment processes init_memory course_folder whole_disk own_limits renames_itself "
    "kill_everybody segfault memory disk shared_memory fork_bomb thread_bomb daemon subprocess network escape bequest "
    "heir_1 heir_2"
).split()


@pytest.mark.parametrize("isolation", ["uid+landlock", pytest.param("uid", marks=pytest.mark.slow)])
def test_hostile_submissions_gain_see_and_leave_nothing(tmp_path, isolation):
    place = tmp_path / "autograder"
    place.mkdir()
    program = "/tests/nbjudge/gradescope/attacked.py"
    line = [sys.executable, program, "/autograder", isolation, "chosen", *CHOSEN]
    binds = {place: "/autograder", TESTS: "/tests"}
    done = run_inside(line, binds, timeout=900, landlock=isolation != "uid")
    found = json.loads(done.stdout.splitlines()[-1])
    assert set(found["told"]) >= set(CHOSEN)
    assert {name: problems for name, problems in found["told"].items() if problems} == {}
    assert found["left"] == []
    assert found["scores"]["honest_first"] == found["scores"]["zz_honest_last"] == 12
