"""The zip for Gradescope: whole, the same each time, and without what it needs not."""

import io
import shutil
import subprocess
import sys
import zipfile

import pytest
from click.testing import CliRunner
from masters import course, notebook, plain, question
from tiny import ASSIGNMENT

from nbjudge.cli import main
from nbjudge.errors import CourseError
from nbjudge.gradescope.package import PROGRAMS, Settings, write_package
from nbjudge.gradescope.wheel import wheel
from nbjudge.master.course import Course


def opened(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_what_the_container_needs_and_no_variants(tiny, tmp_path):
    (tiny / "constraints.txt").write_text("numpy==2.0\n")
    found = opened(write_package(Course.find(tiny), Settings(ASSIGNMENT), tmp_path / "a.zip"))
    assert Settings.from_json(found["settings.json"].decode()) == Settings(ASSIGNMENT)
    names = {name for name in found if name.startswith("course/")}
    assert names >= {
        "course/source/ps1/warmup.ipynb",
        "course/release/ps1/warmup.ipynb",
        "course/autograder/ps1/reference.py",
        "course/autograder/ps1/mistakes/square.py",
    }
    assert not [name for name in names if "variants" in name or "solutions" in name]
    assert found["constraints.txt"] == b"numpy==2.0\n"
    assert [name for name in found if name.startswith("grader/")] == [f"grader/{wheel()[0]}"]


def test_the_same_course_gives_the_same_bytes_wherever_it_lies(tiny, tmp_path):
    one = write_package(Course.find(tiny), Settings(ASSIGNMENT), tmp_path / "one.zip").read_bytes()
    other = shutil.copytree(tiny, tmp_path / "elsewhere" / "course")
    for path in other.rglob("*"):
        path.touch()
    assert write_package(Course.find(other), Settings(ASSIGNMENT), tmp_path / "two.zip").read_bytes() == one


def test_its_programs_can_be_executed_and_are_scripts(tiny, tmp_path):
    path = write_package(Course.find(tiny), Settings(ASSIGNMENT), tmp_path / "a.zip")
    with zipfile.ZipFile(path) as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
    assert {name for name, mode in modes.items() if mode & 0o111} == set(PROGRAMS)
    for name, data in opened(path).items():
        if name in PROGRAMS:
            assert subprocess.run(["bash", "-n"], input=data, check=False).returncode == 0


def test_a_wheel_of_the_course_comes_along_or_its_lack_is_said(tiny, tmp_path):
    (tiny / "autograder" / "requirements.txt").write_text("scikit-learn\n./dist/extra.whl\n")
    with pytest.raises(CourseError, match=r"\./dist/extra\.whl is not there\. Make it first"):
        write_package(Course.find(tiny), Settings(ASSIGNMENT), tmp_path / "a.zip")
    (tiny / "dist").mkdir()
    (tiny / "dist" / "extra.whl").write_bytes(b"wheel")
    found = opened(write_package(Course.find(tiny), Settings(ASSIGNMENT), tmp_path / "a.zip"))
    assert found["requirements.txt"] == b"scikit-learn\n./package/extra.whl\n"
    assert found["package/extra.whl"] == b"wheel"


def test_an_assignment_that_is_not_built_is_refused(tiny, tmp_path):
    shutil.rmtree(tiny / "release")
    with pytest.raises(CourseError, match="there is no release"):
        write_package(Course.find(tiny), Settings(ASSIGNMENT), tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_an_assignment_without_tests_is_refused(tmp_path):
    root = course(tmp_path, essay=notebook(plain("# Essay", "markdown"), question("Because.")))
    with pytest.raises(CourseError, match="none of its questions is graded automatically"):
        write_package(Course.find(root), Settings("ps1"), tmp_path / "a.zip")


def test_the_wheel_can_be_installed(tmp_path):
    name, data = wheel()
    (tmp_path / name).write_bytes(data)
    line = ["-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", str(tmp_path / "there"), name]
    subprocess.run([sys.executable, *line], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "there" / "nbjudge" / "templates" / "gradescope" / "setup.sh").is_file()
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None


def test_a_package_that_is_not_installed_has_no_wheel():
    with pytest.raises(CourseError, match="is not an installed distribution"):
        wheel("no_such_package")


def test_the_verb_names_the_file(tiny):
    done = CliRunner().invoke(main, ["gradescope", ASSIGNMENT, "--course", str(tiny)])
    assert done.exit_code == 0, done.output
    assert (tiny / "build" / "gradescope" / "ps1.zip").is_file()
    unknown = CliRunner().invoke(main, ["gradescope", "ps7", "--course", str(tiny)])
    assert unknown.exit_code == 2
    assert "there is no assignment 'ps7'" in unknown.output
