import shutil
import zipfile

import pytest
from golden import write_golden_course
from masters import question
from tiny import ASSIGNMENT, NOTEBOOK

from nbjudge.errors import CourseError
from nbjudge.otter import archive
from nbjudge.otter.archive import write_archives
from nbjudge.otter.version import bundle_folder, write_version

NAME = f"{NOTEBOOK}-autograder.zip"


def contents(path):
    with zipfile.ZipFile(path) as made:
        return {name: made.read(name).decode("utf-8", "replace") for name in made.namelist()}


def test_the_same_course_gives_the_same_bytes(own, tmp_path):
    (first,) = write_archives(own, ASSIGNMENT, tmp_path / "first")
    elsewhere = type(own).at(shutil.copytree(own.root, tmp_path / "elsewhere"))
    for path in elsewhere.root.rglob("*"):
        path.touch()
    (second,) = write_archives(elsewhere, ASSIGNMENT, tmp_path / "second")
    assert first.name == NAME
    assert first.read_bytes() == second.read_bytes()


def test_the_zip_has_all_tests_and_the_references_and_no_mistakes(own, tmp_path):
    mistake = own.staff(ASSIGNMENT) / "mistakes" / "double.py"
    mistake.write_text("def adds(x):\n    '''You add two.'''\n    return x + 2\n")
    (path,) = write_archives(own, ASSIGNMENT, tmp_path)
    found = contents(path)
    assert "31337" in found["tests/test_double.py"]
    assert {"tests/test-double-unseen.py", "tests/test_settings.py", "run_autograder", "setup.sh"} <= set(found)
    assert "def twice" in found["files/autograder/ps1/reference.py"]
    assert not [name for name, text in found.items() if "mistakes" in name or "You add two" in text]


def test_what_the_container_needs_is_installed_from_files_in_the_zip(own, tmp_path):
    (own.root / "autograder" / "requirements.txt").write_text("# Größe\n./dist/made-1-py3-none-any.whl\ntorch==2.9.0\n")
    with pytest.raises(CourseError, match=r"requirements\.txt: \./dist/made-1-py3-none-any\.whl is not there"):
        write_archives(own, ASSIGNMENT, tmp_path)
    (own.root / "dist").mkdir()
    (own.root / "dist" / "made-1-py3-none-any.whl").write_bytes(b"wheel")
    found = contents(write_archives(own, ASSIGNMENT, tmp_path)[0])
    assert found["files/made-1-py3-none-any.whl"] == "wheel"
    for wanted in ("/autograder/source/files/made-1-py3-none-any.whl", "torch==2.9.0"):
        assert wanted in found["environment.yml"]


def test_without_a_build_it_says_what_to_run(own, tmp_path):
    shutil.rmtree(bundle_folder(own, ASSIGNMENT))
    with pytest.raises(CourseError, match=r"there is no version for Otter.*nbjudge build ps1"):
        write_archives(own, ASSIGNMENT, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_only_people_grade_has_no_zip(tmp_path):
    course = write_golden_course(tmp_path / "course", (question("Because."),))
    write_version(course, ASSIGNMENT)
    with pytest.raises(CourseError, match="none of its questions is graded automatically"):
        write_archives(course, ASSIGNMENT, tmp_path / "out")


def test_another_otter_makes_no_zip(own, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "installed_version", lambda: "8.1.0")
    with pytest.raises(CourseError, match=r"otter-grader 8\.1\.0 is installed"):
        write_archives(own, ASSIGNMENT, tmp_path)
