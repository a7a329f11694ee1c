"""Building: published is only what passed the gate; an unchanged build is quick, and never blind."""

import shutil

import nbformat
import pytest
from masters import answer, check, question
from nbgrader.api import Gradebook
from tiny import MISTAKES, tree, write_course

from nbjudge.errors import CourseError
from nbjudge.master.course import Course
from nbjudge.pool.bench import Conditions
from nbjudge.publish.build import build_assignment, check_allowed, read_patterns
from nbjudge.publish.release import build_release
from nbjudge.record.recorded import recorded_cells


def build(root, bench, **options):
    return build_assignment(Course.find(root), "ps1", Conditions(workers=2), bench=bench, **options)


def solved(name, body):
    return answer(f"def {name}(x):\n    ### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION", name)


def hidden(test):
    return f"### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS"


def constant(name):
    """An answer that binds only a private name: there is nothing in it that null solvers could imitate."""
    return answer(f"### BEGIN SOLUTION\n_{name} = 1\n### END SOLUTION", name)


# One exercise for each way to fail, so that one run of the gate meets all of them.
BROKEN = (
    constant("wrong"),
    check(hidden("assert _wrong == 2"), "test_wrong", 1),
    constant("given"),
    check(hidden("assert True"), "test_given", 1),
    solved("loose", "return 2 * x"),
    check(hidden("assert loose(2) == 4"), "test_loose", 1),
    solved("strict", "return [x]"),
    check(hidden("assert strict(2) == [2] and isinstance(strict(2), list)"), "test_strict", 1),
    solved("nothing", "return 0 * x"),
    check(hidden("assert nothing(5) == 0"), "test_nothing", 1),
    question("Because."),
)
UNFIT = (
    constant("unfit"),
    check(hidden("from autograder.ps1.nowhere import x\nassert _unfit == 1"), "test_unfit", 1),
)
BROKEN_MISTAKES = {"loose": 'def squares(x):\n    """You square."""\n    return x * x\n'}
BROKEN_VARIANTS = {"strict": 'def tuples(x):\n    """A tuple."""\n    return (x,)\n'}


def test_whatever_fails_at_the_gate_is_named_and_what_was_published_stays_byte_for_byte(tiny, bench):
    shutil.rmtree(tiny / "source")
    shutil.rmtree(tiny / "autograder")
    root = write_course(tiny, BROKEN, BROKEN_MISTAKES, BROKEN_VARIANTS, UNFIT)
    before = tree(root)
    assert str(root / "release" / "ps1" / "warmup.ipynb") in before
    built = build(root, bench)
    assert not built.published
    assert tree(root) == before
    said = [str(failing) for failing in built.report.failing]
    for sentence in (
        "warmup, test test_wrong: the solution itself does not pass: AssertionError",
        "warmup, test test_given: a blank answer earns its points",
        "warmup, test test_loose: loose: the mistake 'squares' passes all tests of its exercise",
        "warmup, test test_strict: strict: variant 'tuples' fails: AssertionError",
        "warmup, test test_nothing: nothing: an answer that knows nothing (null_zeros) earns its points",
    ):
        assert sentence in said
    assert any(line.startswith("more, test test_unfit: the solution solution could not be judged") for line in said)


def test_a_leak_stops_the_build_before_anything_is_run(tiny):
    path = tiny / "source" / "ps1" / "warmup.ipynb"
    document = nbformat.read(path, as_version=4)
    document.cells[1].source = "# assert double(x) == twice(x) and double(31337) == 62674"
    nbformat.write(document, path)
    before = tree(tiny)
    built = build(tiny, bench=None)
    assert not built.published
    assert any("warmup, cell 2" in leak for leak in built.leaks)
    assert tree(tiny) == before


def test_a_master_that_nbgrader_refuses_is_refused_with_nothing_written(tiny):
    path = tiny / "source" / "ps1" / "warmup.ipynb"
    document = nbformat.read(path, as_version=4)
    document.cells[5].metadata.nbgrader.grade_id = "double"
    nbformat.write(document, path)
    before = tree(tiny)
    with pytest.raises(CourseError, match="double"):
        build(tiny, bench=None)
    assert tree(tiny) == before


def test_a_sample_for_no_exercise_is_refused_with_nothing_written(tiny, bench):
    (tiny / "autograder" / "ps1" / "mistakes" / "dubble.py").write_text(MISTAKES["double"])
    before = tree(tiny)
    with pytest.raises(CourseError, match="did you mean 'double'"):
        build(tiny, bench)
    assert tree(tiny) == before


def test_only_known_tests_can_be_allowed(tiny):
    master = Course.find(tiny).master("ps1")
    check_allowed([master], {"test_double": "shown in class"})
    with pytest.raises(CourseError, match=r"ps1: there is no test 'test_nothing' to allow. There is: test_double, "):
        check_allowed([master], {"test_nothing": "why"})


@pytest.fixture(scope="module")
def built_once(tmp_path_factory, bench):
    """A course that was built through the gate; tests work on copies."""
    root = write_course(tmp_path_factory.mktemp("built") / "course")
    done = build(root, bench)
    assert done.published
    assert not done.unchanged
    return root


@pytest.fixture
def built(built_once, tmp_path):
    shutil.copytree(built_once, tmp_path / "course")
    return tmp_path / "course"


def test_a_published_course_has_release_solution_and_gradebook(built):
    release = nbformat.read(built / "release" / "ps1" / "warmup.ipynb", as_version=4)
    solution = nbformat.read(built / "solutions" / "ps1" / "warmup.ipynb", as_version=4)
    assert "NotImplementedError" in release.cells[2].source
    assert "return 2 * x" in solution.cells[2].source
    for document in (release, solution):
        assert "HIDDEN" not in str(document)
        assert "31337" not in str(document)
        assert "SOLUTION" not in str(document)
    cells = {(kind, name): points for _, kind, name, points in recorded_cells(Course.find(built), "ps1")}
    assert cells["GradeCell", "test_square_signs"] == 3
    assert sum(points for (kind, _), points in cells.items() if kind == "GradeCell") == 8


def test_an_unchanged_build_needs_no_judge_and_says_what_held(built):
    before = tree(built)
    again = build(built, bench=None)
    assert again.unchanged
    assert again.published
    assert again.report.held["double", "mistake"] == (1, 1)
    assert again.report.held["square", "null solver"] == (7, 7)
    assert tree(built) == before


def add(path, text="\n_more = 1\n"):
    with path.open("a") as file:
        file.write(text)


def forget(root):
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.remove_assignment("ps1")


def other_points(root):
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.find_grade_cell("test_double", "warmup", "ps1").max_score = 5
        gradebook.db.commit()


def reword(root):
    path = root / "source" / "ps1" / "warmup.ipynb"
    path.write_text(path.read_text().replace("# Warming up", "# Warming up gently"))


@pytest.mark.parametrize(
    "change",
    [
        lambda root: add(root / "autograder" / "ps1" / "mistakes" / "double.py"),
        lambda root: add(root / "autograder" / "ps1" / "variants" / "square.py"),
        lambda root: add(root / "autograder" / "ps1" / "reference.py"),
        lambda root: add(root / "autograder" / "shared.py"),
        lambda root: add(root / "source" / "ps1" / "data.csv"),
        lambda root: add(root / "release" / "ps1" / "warmup.ipynb", " "),
        lambda root: add(root / "release" / "ps1" / "more.txt"),
        lambda root: (root / "release" / "ps1" / "warmup.ipynb").unlink(),
        lambda root: add(root / "solutions" / "ps1" / "warmup.ipynb", " "),
        lambda root: shutil.rmtree(root / "solutions"),
        lambda root: (root / "gradebook.db").unlink(),
        lambda root: add(root / "build" / "nbjudge" / "ps1.json"),
        forget,
        other_points,
        reword,
    ],
    ids=[
        "a mistake",
        "a variant",
        "the reference",
        "a shared helper",
        "a new file",
        "the release",
        "a file in the release",
        "no release",
        "the solution",
        "no solution",
        "no gradebook",
        "the record",
        "the gradebook forgot it",
        "points in the gradebook",
        "a word of prose",
    ],
)
def test_after_any_change_the_gate_is_asked_again(change, built):
    change(built)
    with pytest.raises(AskedAgain):
        build(built, bench=Asked())


class AskedAgain(Exception):
    """The gate wanted to judge."""


class Asked:
    """A bench that only tells that it was needed."""

    @property
    def sandbox(self):
        raise AskedAgain


def test_a_build_can_be_forced(built):
    with pytest.raises(AskedAgain):
        build(built, bench=Asked(), force=True)


def test_what_was_allowed_belongs_to_the_build(built):
    with pytest.raises(AskedAgain):
        build(built, bench=Asked(), allowed={"test_double": "shown in class"})


def test_another_assignments_files_do_not_matter(built):
    (built / "autograder" / "ps2").mkdir()
    shutil.copytree(built / "source" / "ps1", built / "source" / "ps2")
    add(built / "autograder" / "ps2" / "reference.py")
    assert build(built, bench=None).unchanged


def test_the_release_has_the_same_bytes_each_time(built, tmp_path):
    other = build_release(Course.find(write_course(tmp_path / "elsewhere")), "ps1", tmp_path / "staging")
    for folder, place in (("release", other.release), ("solutions", other.solutions)):
        first, second = (
            {path.name: path.read_bytes() for path in where.iterdir()} for where in (built / folder / "ps1", place)
        )
        assert first == second


def test_patterns_of_mistakes_are_kept_for_the_diagnosis(built):
    patterns = read_patterns(Course.find(built), "ps1").values()
    assert {"test_double": 0.0, "test_double_text": 0.0} in patterns
    assert {"test_square_seen": 0.0, "test_square_signs": 0.0} in patterns
    (built / "build" / "nbjudge" / "ps1.json").write_text("[]")
    assert read_patterns(Course.find(built), "ps1") == {}
