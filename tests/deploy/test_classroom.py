"""A class's file: what it has to say, and what is said when it doesn't."""

from pathlib import Path

import pytest
from classroom import ClassError, read_classroom
from set_up import make_course

FILE = Path(__file__).parents[2] / "deploy" / "jupyterhub" / "class.toml"


def written(tmp_path, old="", new=""):
    text = FILE.read_text()
    assert old in text
    path = tmp_path / "class.toml"
    path.write_text(text.replace(old, new, 1))
    return path


def test_the_example_is_a_class(tmp_path):
    room = read_classroom(FILE)
    assert room.account == "grader-descent"
    assert room.staff == ("ingrid", "gabriel")
    assert set(room.people) == {"ingrid", "gabriel", "sofia", "samuel", "saanvi"}
    assert room.exchange == Path("/srv/nbgrader/exchange")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[people]", "[people", "isn't valid TOML"),
        ('course = "descent"', "", "lacks course"),
        ("hub_port = 8081", "hub_prot = 8081", "lacks hub_port in [hub]"),
        ('course = "descent"', 'course = "descent"\ncolour = 1', "has an unknown colour"),
        ('"sofia"', '"Sofia Ruiz"', "'Sofia Ruiz' can't be the name of an account"),
        ('"sofia"', '"../root"', "can't be the name of an account"),
        ('"sofia"', "7", "7 can't be the name of an account"),
        ('"sofia"', '"gabriel"', "gabriel must stand once and in one group only"),
        ('"sofia"', '"grader-descent"', "grader-descent must stand once and in one group only"),
        ('course = "descent"', 'course = "De Scent"', "can't be the name of an account"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_sentence(tmp_path, old, new, says):
    with pytest.raises(ClassError) as caught:
        read_classroom(written(tmp_path, old, new))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_that_is_no_table_is_said_in_a_sentence(tmp_path):
    text = FILE.read_text().split("[people]")[0]
    path = tmp_path / "class.toml"
    path.write_text(text + 'people = 3\nhub = "x"\npaths = []\n')
    with pytest.raises(ClassError, match=r"\[people\] has to be a table"):
        read_classroom(path)


def test_one_student_without_a_list_is_not_taken_for_letters(tmp_path):
    with pytest.raises(ClassError, match="students has to be a list"):
        read_classroom(written(tmp_path, 'students = ["sofia", "samuel", "saanvi"]', 'students = "sofia"'))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ClassError, match=r"copy class\.toml there"):
        read_classroom(tmp_path / "none.toml")


def test_a_folder_without_source_is_no_course(tmp_path):
    room = read_classroom(FILE)
    with pytest.raises(ClassError, match="has no folder source/"):
        make_course(room, tmp_path, tmp_path)
    with pytest.raises(ClassError, match="name the folder to copy it from"):
        make_course(room, tmp_path, None)
