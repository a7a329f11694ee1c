import shutil
from pathlib import Path

import nbformat
import nbgrader
import pytest
from masters import DOUBLE, answer, course, notebook

from nbjudge.errors import CourseError, GradebookError
from nbjudge.master.course import Course
from nbjudge.publish.release import build_release, publish
from nbjudge.record.gradebook import open_gradebook, record

PS1 = Path(nbgrader.__file__).parent / "docs/source/user_guide/source/ps1"


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def doubling(tmp_path):
    return Course.find(course(tmp_path / "course"))


def test_the_release_shows_stubs_and_visible_tests_only(doubling, tmp_path):
    built = build_release(doubling, "ps1", tmp_path / "staging")
    sources = [cell.source for cell in built.documents["doubling"].cells]
    assert sources[1:] == [
        "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
        "assert double(1) == 2",
        "YOUR ANSWER HERE",
        "Draw it.\n",
    ]
    assert built.leaks() == []


def test_the_solution_has_no_markers_and_no_hidden_tests_and_keeps_mark_schemes(doubling, tmp_path):
    built = build_release(doubling, "ps1", tmp_path / "staging")
    solution = nbformat.read(built.solutions / "doubling.ipynb", as_version=4)
    assert [cell.source for cell in solution.cells[1:]] == [
        "def double(x):\n    return x + x",
        "assert double(1) == 2",
        "Twice is the sum with itself.",
        "Draw it.\n\nA line through the origin.",
    ]


def test_building_leaves_the_course_as_it_is(doubling, tmp_path):
    before = files(doubling.root)
    build_release(doubling, "ps1", tmp_path / "staging")
    assert files(doubling.root) == before


def test_publishing_puts_release_solution_and_gradebook_in_place(doubling, tmp_path):
    (doubling.root / "release" / "ps1").mkdir(parents=True)
    (doubling.root / "release" / "ps1" / "stale.txt").touch()
    publish(doubling, build_release(doubling, "ps1", tmp_path / "staging"))
    places = sorted(name for name in files(doubling.root) if not name.startswith("source/"))
    assert places == ["gradebook.db", "release/ps1/doubling.ipynb", "solutions/ps1/doubling.ipynb"]
    assert sorted(path.name for path in (doubling.root / "release").iterdir()) == ["ps1"]
    with open_gradebook(doubling) as gradebook:
        assert gradebook.find_assignment("ps1").max_score == 6


def test_two_builds_are_the_same_to_the_byte(doubling, tmp_path):
    publish(doubling, build_release(doubling, "ps1", tmp_path / "one"))
    again = build_release(doubling, "ps1", tmp_path / "two")
    assert files(doubling.root / "release/ps1") == files(again.release)
    assert files(doubling.root / "solutions/ps1") == files(again.solutions)


def test_nbgraders_own_example_course_is_built_unchanged(tmp_path):
    shutil.copytree(PS1, tmp_path / "course/source/ps1")
    found = Course.find(tmp_path / "course")
    built = build_release(found, "ps1", tmp_path / "one")
    again = build_release(found, "ps1", tmp_path / "two")
    assert built.leaks() == []
    assert sorted(files(built.release)) == ["jupyter.png", "problem1.ipynb", "problem2.ipynb"]
    assert files(built.release) == files(again.release)


def test_an_unsound_master_is_refused_before_nbgrader_sees_it(tmp_path):
    found = Course.find(course(tmp_path / "course", nb=notebook(answer("# begin solution\nx = 1"))))
    with pytest.raises(CourseError, match="looks like a marker"):
        build_release(found, "ps1", tmp_path / "staging")


def test_what_nbgrader_refuses_is_said_and_nothing_is_published(doubling, tmp_path):
    publish(doubling, build_release(doubling, "ps1", tmp_path / "one"))
    record(doubling, "ps1", "ada", [], {"doubling": DOUBLE})
    master = nbformat.read(doubling.source("ps1") / "doubling.ipynb", as_version=4)
    master.cells = master.cells[:3]
    nbformat.write(master, doubling.source("ps1") / "doubling.ipynb")
    before = files(doubling.root)
    with pytest.raises(GradebookError, match=r"Cannot add or remove cells.*remove those submissions"):
        build_release(doubling, "ps1", tmp_path / "two")
    assert files(doubling.root) == before


def test_a_failed_move_puts_everything_back(doubling, tmp_path, monkeypatch):
    publish(doubling, build_release(doubling, "ps1", tmp_path / "one"))
    before = files(doubling.root)
    built = build_release(doubling, "ps1", tmp_path / "two")
    whole, refused = Path.rename, doubling.solutions("ps1")

    def rename(self, target):
        if Path(target) == refused and self.name == "new":
            raise OSError("disk full")
        return whole(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(CourseError, match="nothing was published"):
        publish(doubling, built)
    monkeypatch.undo()
    after = files(doubling.root)
    assert {k: v for k, v in after.items() if k != "gradebook.db"} == {
        k: v for k, v in before.items() if k != "gradebook.db"
    }


def test_directories_outside_the_course_are_refused(tmp_path):
    root = course(tmp_path / "course")
    (root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.release_directory = {str(tmp_path / 'elsewhere')!r}\n"
    )
    with pytest.raises(CourseError, match="outside the course's folder"):
        build_release(Course.find(root), "ps1", tmp_path / "staging")
    assert not (tmp_path / "elsewhere").exists()


def test_a_header_from_the_configuration_is_included(tmp_path):
    root = course(tmp_path / "course")
    header = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Welcome", id="welcome")])
    nbformat.write(header, root / "header.ipynb")
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.IncludeHeaderFooter.header = 'header.ipynb'\n")
    built = build_release(Course.find(root), "ps1", tmp_path / "staging")
    assert built.documents["doubling"].cells[0].source == "Welcome"
