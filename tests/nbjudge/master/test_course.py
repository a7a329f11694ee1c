import json
import os
import sys

import nbformat
import pytest
from masters import DOUBLE, answer, check, course, notebook, plain, question

from nbjudge.errors import CourseError
from nbjudge.master.course import Course, check_master


def test_the_course_is_found_from_a_folder_inside_it(tmp_path):
    root = course(tmp_path)
    assert Course.find(root / "source" / "ps1").root == root


def test_no_course_above_is_said_in_one_sentence(tmp_path):
    with pytest.raises(CourseError, match="no course here"):
        Course.find(tmp_path)


def test_the_master_is_read_with_its_other_files(tmp_path):
    root = course(tmp_path)
    (root / "source/ps1/data").mkdir()
    (root / "source/ps1/data/a.csv").write_text("1\n")
    (root / "source/ps1/.ipynb_checkpoints").mkdir()
    (root / "source/ps1/.ipynb_checkpoints/b.txt").write_text("no\n")
    found = Course.find(root)
    assert found.assignments() == ("ps1",)
    master = found.master("ps1")
    assert master.files == ("data/a.csv",)
    assert master.exercises == ("double",)
    assert [notebook.name for notebook in master.notebooks] == ["doubling"]
    check_master(master)


def test_an_unknown_assignment_names_those_there_are_and_the_nearest(tmp_path):
    with pytest.raises(CourseError, match=r"did you mean 'ps1'\?.*There is: ps1\."):
        Course.find(course(tmp_path)).master("sp1")


def test_folders_without_a_notebook_are_no_assignments(tmp_path):
    root = course(tmp_path)
    (root / "source" / "empty").mkdir()
    assert Course.find(root).assignments() == ("ps1",)


def test_paths_follow_nbgraders_configuration(tmp_path):
    root = course(tmp_path)
    (root / "source").rename(root / "masters")
    (root / "nbgrader_config.py").write_text(
        "import os\n"
        "c = get_config()\n"
        "c.CourseDirectory.source_directory = 'masters'\n"
        "c.CourseDirectory.release_directory = 'public'\n"
        "c.CourseDirectory.db_url = 'sqlite:///grades.db'\n"
        "os.environ['MASTERS_SEEN'] = os.getcwd()\n"
    )
    found = Course.find(root)
    assert os.environ.pop("MASTERS_SEEN") == str(root)
    assert found.assignments() == ("ps1",)
    assert found.release("ps1").resolve() == root / "public" / "ps1"
    assert found.gradebook_url == f"sqlite:///{root}/grades.db"
    assert found.solutions("ps1") == root / "solutions" / "ps1"
    assert found.staff("a-b") == root / "autograder" / "a_b"
    assert found.folder("submitted", "ps1", "ada") == root / "submitted" / "ada" / "ps1"


def test_the_default_gradebook_lies_in_the_root(tmp_path):
    root = course(tmp_path)
    assert Course.find(root).gradebook_url == f"sqlite:///{root}/gradebook.db"


@pytest.mark.parametrize(
    "content",
    ["c = get_config(\n", "raise ValueError('no')\n", "c = get_config()\nc.CourseDirectory.ignore = 3\n"],
)
def test_a_broken_configuration_is_not_passed_over(tmp_path, content):
    root = course(tmp_path)
    (root / "nbgrader_config.py").write_text(content)
    with pytest.raises(CourseError, match=r"configuration cannot be loaded"):
        Course.find(root)


def test_renamed_markers_are_refused(tmp_path):
    root = course(tmp_path)
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.ClearSolutions.begin_solution_delimeter = 'ANSWER'\n")
    with pytest.raises(CourseError, match="begin_solution_delimeter renames a marker"):
        Course.find(root)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', "\udcff"])
def test_a_master_that_is_no_notebook_is_named(tmp_path, content):
    root = course(tmp_path)
    (root / "source/ps1/bad.ipynb").write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(CourseError, match=r"bad\.ipynb: this cannot be read as a notebook"):
        Course.find(root).master("ps1")


def refuse(tmp_path, document):
    master = Course.find(course(tmp_path, nb=document)).master("ps1")
    with pytest.raises(CourseError) as caught:
        check_master(master)
    return str(caught.value)


def test_all_problems_of_a_master_come_in_one_message(tmp_path):
    message = refuse(tmp_path, notebook(answer("# begin solution"), check("### END HIDDEN TESTS"), kernel=None))
    assert "ps1: 3 problems in the master" in message
    assert "no kernel is set" in message
    assert "'# begin solution' looks like a marker" in message
    assert "closes nothing" in message


def changed(cell, **metadata):
    cell.metadata["nbgrader"].update(metadata)
    return cell


def without_points(cell):
    del cell.metadata["nbgrader"]["points"]
    return cell


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (notebook(check("a", "t"), check("b", "t")), r"'t': the grade id is used twice, in cells 1 and 2"),
        (notebook(check("a", "not valid")), "'not valid' is not a grade id"),
        (notebook(check("a", "")), "'' is not a grade id"),
        (notebook(without_points(check("a"))), "has no points"),
        (notebook(check("a", points=-1)), "has no points"),
        (notebook(changed(check("a"), schema_version=2)), "schema version 2, not 3. Run `nbgrader update"),
        (notebook(changed(check("a"), schema_version=9)), "schema version 9, not 3. Upgrade"),
        (notebook(changed(question("a"), grade=False)), "a markdown cell cannot hold tests"),
        (notebook(check("### AUTOTEST double(2)")), "AUTOTEST"),
        (
            notebook(plain("1"), kernel={"name": "ir", "display_name": "R", "language": "R"}),
            "its language is R",
        ),
    ],
)
def test_what_nbgrader_would_stumble_over_is_said_early(tmp_path, document, what):
    import re

    assert re.search(what, refuse(tmp_path, document))


def test_a_master_in_an_older_notebook_format_is_read(tmp_path):
    root = course(tmp_path)
    old = json.loads(nbformat.writes(DOUBLE))
    old["nbformat_minor"] = 0
    for cell in old["cells"]:
        del cell["id"]
    (root / "source/ps1/doubling.ipynb").write_text(json.dumps(old))
    check_master(Course.find(root).master("ps1"))


def test_samples_belong_to_an_exercise(tmp_path):
    root = course(tmp_path)
    folder = root / "autograder" / "ps1" / "mistakes"
    folder.mkdir(parents=True)
    (folder / "double.py").write_text('def once(x):\n    """You forgot one."""\n    return x\n')
    found = Course.find(root)
    (sample,) = found.mistakes(found.master("ps1"))
    assert (sample.exercise, sample.name, sample.sentence) == ("double", "once", "You forgot one.")
    assert found.variants(found.master("ps1")) == ()
    (folder / "duoble.py").write_text("")
    with pytest.raises(CourseError, match=r"'duoble' is not an exercise of ps1 \(did you mean 'double'\?\)"):
        found.mistakes(found.master("ps1"))


def test_finding_a_course_leaves_the_import_path_as_it_was(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "plugins.py").write_text("answer = 42\n")
    (tmp_path / "nbgrader_config.py").write_text("import plugins\nassert plugins.answer == 42\nc = get_config()\n")
    before = list(sys.path)
    Course.find(tmp_path)
    assert sys.path == before
