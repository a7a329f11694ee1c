import shutil

import pytest
from click.testing import CliRunner
from tiny import ASSIGNMENT, NOTEBOOK, tree

from nbjudge.cli import main
from nbjudge.errors import CourseError
from nbjudge.otter.version import student_folder
from nbjudge.publish import build as building
from nbjudge.publish.build import Build
from nbjudge.publish.gate import GateReport


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def gate_holds(monkeypatch):
    """Let every build find what was published before."""
    kept = {"unchanged": True}
    monkeypatch.setattr(
        building, "build_assignment", lambda course, name, *_, **__: Build(name, GateReport({}, ()), **kept)
    )


def test_a_build_also_writes_the_version_for_otter(own, gate_holds):
    shutil.rmtree(own.root / "otter")
    done = run("build", "--course", own.root)
    assert done.exit_code == 0, done.output
    assert "ps1: Otter's version is written." in done.output
    assert (student_folder(own, ASSIGNMENT) / f"{NOTEBOOK}.ipynb").is_file()


def test_a_build_can_leave_otters_version_alone(own, gate_holds):
    before = tree(own.root)
    done = run("build", "--no-otter", "--course", own.root)
    assert done.exit_code == 0
    assert "Otter" not in done.output
    assert tree(own.root) == before


def test_what_otter_cannot_express_ends_a_build_with_status_2_and_says_how_to_do_without(own, gate_holds, monkeypatch):
    def refuse(*_):
        raise CourseError("Otter cannot take this master", "warmup")

    monkeypatch.setattr("nbjudge.otter.version.write_version", refuse)
    done = run("build", "--course", own.root)
    assert done.exit_code == 2
    assert "ps1: unchanged." in done.output
    assert "Otter cannot take this master" in done.output
    assert "--no-otter" in done.output


def test_the_zip_lies_in_build_and_its_path_is_printed(own):
    done = run("otter", ASSIGNMENT, "--course", own.root)
    path = own.root / "build" / "otter" / ASSIGNMENT / f"{NOTEBOOK}-autograder.zip"
    assert done.exit_code == 0, done.output
    assert str(path) in done.output
    assert path.is_file()


def test_an_unknown_assignment_has_no_zip(own):
    done = run("otter", "ps2", "--course", own.root)
    assert done.exit_code == 2
    assert "did you mean 'ps1'?" in done.output
