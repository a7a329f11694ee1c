"""The command line: exit codes, one sentence for what a person can mend, and nothing half-written."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import nbformat
import pytest
from click.testing import CliRunner
from tiny import CELLS, DOUBLE, SQUARE, hand_in, rows, tree, write_course

from nbjudge import __version__
from nbjudge.cli import main


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def refused(*arguments):
    """The one sentence with which a call ends; checks status, streams and length."""
    done = run(*arguments)
    assert done.exit_code == 2, (done.exit_code, done.output, done.exception)
    assert isinstance(done.exception, SystemExit)
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("nbjudge: ")
    return line.removeprefix("nbjudge: ")


@pytest.fixture
def submitted(tiny, tmp_path):
    return hand_in(tiny, tmp_path / "submitted", {"ada": {"double": DOUBLE, "square": SQUARE}})


@pytest.fixture
def one_bench(bench, monkeypatch):
    """Let the verbs judge on the session's bench instead of opening one each."""

    @contextmanager
    def already_open(course, conditions, *masters):
        yield bench

    monkeypatch.setattr("nbjudge.grade.grade.open_bench", already_open)
    monkeypatch.setattr("nbjudge.publish.build.open_bench", already_open)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grade"], "ASSIGNMENT"),
        (["grade", "ps1"], "SUBMISSIONS"),
        (["grade", "ps1", "folder", "another"], "another"),
        (["grade", "ps1", "folder", "--workers", "0"], "--workers"),
        (["grade", "ps1", "folder", "--workers", "many"], "--workers"),
        (["grade", "ps1", "folder", "--seed", "-1"], "--seed"),
        (["grade", "ps1", "folder", "--seed", "pi"], "--seed"),
        (["grade", "ps1", "folder", "--timeout", "0"], "--timeout"),
        (["grade", "ps1", "folder", "--timeout", "nan"], "--timeout"),
        (["grade", "ps1", "folder", "--timeout", "inf"], "--timeout"),
        (["grade", "ps1", "folder", "--device", "tpu"], "'cpu', 'cuda'"),
        (["grade", "ps1", "folder", "--sed", "1"], "--seed"),
        (["grad", "ps1"], "grade"),
        (["--nonsense"], "--nonsense"),
        (["build", "--allow", "test_double"], "--allow TEST=REASON"),
        (["build", "--allow", "test_double= "], "no reason"),
        (["build", "--allow", "=because"], "--allow TEST=REASON"),
        (["doctor", "who"], "who"),
    ],
)
def test_wrong_arguments_are_refused_in_one_sentence(arguments, says, tiny, monkeypatch):
    monkeypatch.chdir(tiny)
    before = tree(tiny)
    assert says in refused(*arguments)
    assert tree(tiny) == before


def test_no_arguments_at_all_show_the_help():
    assert "build" in run().output
    assert run("--help").exit_code == 0
    assert __version__ in run("--version").output


@pytest.mark.parametrize("verb", ["build", "grade", "doctor"])
def test_every_verb_has_a_help_page(verb):
    done = run(verb, "--help")
    assert done.exit_code == 0
    assert "Usage:" in done.output


@pytest.mark.parametrize("command", [["build", "ps2"], ["build", "ps1", "ps2"], ["grade", "ps2"], ["grade", "../ps1"]])
def test_an_unknown_assignment_is_named_and_a_near_one_suggested(command, tiny, submitted):
    before = tree(tiny)
    extra = [submitted] if command[0] == "grade" else []
    sentence = refused(*command, *extra, "--course", tiny)
    assert command[-1] in sentence
    assert "did you mean 'ps1'?" in sentence
    assert tree(tiny) == before


@pytest.mark.parametrize("command", [["build"], ["build", "ps1"], ["grade", "ps1", "."]])
def test_outside_a_course_there_is_nothing_to_do(command, tmp_path):
    assert "no course here" in refused(*command, "--course", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_course_that_is_not_there_is_named(tmp_path):
    assert "nowhere" in refused("build", "--course", tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_course_without_masters_has_nothing_to_build(tmp_path):
    (tmp_path / "source").mkdir()
    assert "no assignment to build" in refused("build", "--course", tmp_path)


def test_folders_that_hold_no_submissions_are_refused_and_nothing_is_written(tiny, tmp_path):
    empty, file = tmp_path / "empty", tmp_path / "file"
    empty.mkdir()
    file.write_text("not a folder")
    before = tree(tiny)
    for folder, why in ((empty, "no submission"), (file, "not a folder"), (tmp_path / "nowhere", "no such folder")):
        sentence = refused("grade", "ps1", folder, "--course", tiny, "--out", tmp_path / "out")
        assert why in sentence
        assert str(folder) in sentence
    assert tree(tiny) == before
    assert not (tmp_path / "out").exists()


def test_a_missing_release_is_asked_for(tiny, submitted, tmp_path):
    shutil.rmtree(tiny / "release")
    before = tree(tiny)
    sentence = refused("grade", "ps1", submitted, "--course", tiny, "--out", tmp_path / "out")
    assert "no release" in sentence
    assert "`nbjudge build ps1`" in sentence
    assert tree(tiny) == before
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells[3].update(source=cells[3].source.replace("double(1) == 2", "double(2) == 4")),
        lambda cells: cells[3].metadata.nbgrader.update(points=5),
        lambda cells: cells[3].metadata.nbgrader.update(grade_id="test_twice"),
        lambda cells: cells[5].metadata.nbgrader.update(grade_id="squared"),
        lambda cells: cells.pop(4),
        lambda cells: cells.pop(8),
    ],
    ids=["another check", "other points", "another name", "another answer's name", "a test fewer", "no question"],
)
def test_a_release_older_than_the_master_is_not_graded_with(change, tiny, submitted, tmp_path):
    path = tiny / "source" / "ps1" / "warmup.ipynb"
    master = nbformat.read(path, as_version=4)
    change(master.cells)
    nbformat.write(master, path)
    sentence = refused("grade", "ps1", submitted, "--course", tiny, "--out", tmp_path / "out")
    assert "not made from the master as it is now" in sentence
    assert not (tmp_path / "out").exists()


def test_a_release_that_is_no_notebook_is_named(tiny, submitted, tmp_path):
    (tiny / "release" / "ps1" / "warmup.ipynb").write_text("{")
    sentence = refused("grade", "ps1", submitted, "--course", tiny, "--out", tmp_path / "out")
    assert "release" in sentence
    assert "`nbjudge build ps1`" in sentence
    assert not (tmp_path / "out").exists()


def test_files_of_the_staff_that_cannot_be_read_are_named(tiny, submitted, tmp_path):
    dangling = tiny / "autograder" / "ps1" / "mistakes" / "square.py"
    dangling.unlink()
    dangling.symlink_to(tmp_path / "nowhere")
    before = tree(tiny)
    for command in (["build"], ["grade", "ps1", submitted]):
        assert "square.py" in refused(*command, "--course", tiny)
    assert tree(tiny) == before


def test_a_master_that_is_no_notebook_is_named(tiny, submitted):
    (tiny / "source" / "ps1" / "warmup.ipynb").write_bytes(b"\xff\x00")
    before = tree(tiny)
    for command in (["build"], ["grade", "ps1", submitted]):
        assert "cannot be read as a notebook" in refused(*command, "--course", tiny)
    assert tree(tiny) == before


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_results_that_cannot_be_written_are_refused_before_anything_is_graded(place, tiny, submitted, tmp_path):
    (tmp_path / "file").write_text("in the way")
    before = tree(tiny)
    for seed in ([], ["--seed", "3"]):
        sentence = refused("grade", "ps1", submitted, "--course", tiny, "--out", tmp_path / place, *seed)
        assert "results cannot be written" in sentence
    assert tree(tiny) == before


def test_an_out_folder_with_an_old_seed_is_tried_before_anything_is_graded(tiny, submitted, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "seed.txt").write_text("3\n")
    (out / "receipts").write_text("in the way")
    before = tree(tiny)
    assert "results cannot be written" in refused("grade", "ps1", submitted, "--course", tiny, "--out", out)
    assert tree(tiny) == before


def test_a_gpu_that_is_not_there_is_refused_before_anything_is_written(tiny, submitted, monkeypatch):
    monkeypatch.setattr("nbjudge.pool.bench.gpu_devices", list)
    before = tree(tiny)
    assert "no NVIDIA GPU" in refused("grade", "ps1", submitted, "--course", tiny, "--device", "cuda")
    assert tree(tiny) == before


def test_a_test_that_is_not_there_cannot_be_allowed(tiny):
    before = tree(tiny)
    sentence = refused("build", "--course", tiny, "--allow", "test_dubble=too hard")
    assert "there is no test 'test_dubble' to allow" in sentence
    assert "test_double_text" in sentence
    assert tree(tiny) == before


def test_an_exception_for_one_assignment_lets_the_others_be_built(tmp_path, one_bench):
    root = write_course(tmp_path / "course", CELLS[:5], {}, {})
    shutil.copytree(root / "source" / "ps1", root / "source" / "ps0")
    path = root / "source" / "ps0" / "warmup.ipynb"
    master = nbformat.read(path, as_version=4)
    del master.cells[4]
    nbformat.write(master, path)
    done = run("build", "--course", root, "--allow", "test_double_text=Seen in class.")
    assert done.exit_code == 0, done.output
    assert "ps0: published" in done.stdout
    assert "allowed: test_double_text: Seen in class." in done.stdout


def test_graded_submissions_end_with_status_0_and_the_table_on_stdout(tiny, submitted, one_bench, tmp_path):
    done = run("grade", "ps1", submitted, "--course", tiny, "--out", tmp_path / "out", "--seed", 7)
    assert done.exit_code == 0, done.output
    assert "ada" in done.stdout
    assert "7/7" in done.stdout
    assert "1 graded" in done.stdout
    assert (tmp_path / "out" / "seed.txt").read_text() == "7\n"


def test_a_damaged_submission_ends_with_status_1_and_is_named_in_the_table(tiny, submitted, one_bench, tmp_path):
    hand_in(tiny, submitted, {"bob": b"this is not JSON"})
    done = run("grade", "ps1", submitted, "--course", tiny, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "1 graded, 1 not graded" in done.stdout
    assert "damaged: warmup" in done.stdout


def test_results_go_to_the_courses_own_folder_by_default(tiny, submitted, one_bench):
    assert run("grade", "ps1", submitted, "--course", tiny).exit_code == 0
    assert [row["score"] for row in rows(tiny / "grades" / "ps1" / "summary.csv")] == ["7"]


def command(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "nbjudge", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_real_process_keeps_sentence_status_and_streams(tiny):
    done = command("grade", "ps2", ".", cwd=tiny)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "did you mean 'ps1'?" in done.stderr


@pytest.mark.slow
def test_a_course_is_built_and_graded_by_two_real_commands(tiny, tmp_path):
    shutil.rmtree(tiny / "release")
    built = command("build", cwd=tiny)
    assert built.returncode == 0, built.stderr
    assert "ps1: published." in built.stdout
    hand_in(tiny, tiny / "submitted", {"ada": {"double": DOUBLE, "square": SQUARE}, "bob": {}, "eve": b"{"})
    graded = command("grade", "ps1", "submitted", "--workers", "2", cwd=tiny)
    assert graded.returncode == 1, graded.stderr
    assert "[1/3]" in graded.stderr
    assert "2 graded, 1 not graded" in graded.stdout
    scores = {row["student"]: row["score"] for row in rows(tiny / "grades" / "ps1" / "summary.csv")}
    assert scores == {"ada": "7", "bob": "0", "eve": "0"}
    receipt = json.loads((tiny / "grades" / "ps1" / "receipts" / "ada.json").read_text())
    assert receipt["isolation"] == "bwrap"
