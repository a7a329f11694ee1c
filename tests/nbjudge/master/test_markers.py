import nbgrader.preprocessors as stock
import pytest
from hypothesis import given
from hypothesis import strategies as st
from masters import DOUBLE, answer, check, notebook, plain, question, task

from nbjudge.master.markers import (
    check_markers,
    hidden_lines,
    scheme_lines,
    solution_lines,
    split_regions,
    visible,
    without_markers,
)
from nbjudge.master.notebook import read_notebook


def problems(*cells):
    return check_markers(read_notebook(notebook(*cells), "nb"))


def test_a_sound_master_has_no_problem():
    assert check_markers(read_notebook(DOUBLE, "nb")) == []


@pytest.mark.parametrize(
    "line",
    [
        "### BEGIN HIDDEN TEST",
        "# begin hidden tests",
        "### Begin Hidden Tests",
        "# BEGIN_HIDDEN_TESTS",
        "### BEGIN  HIDDEN TESTS",
        "### BEGIN HIDEN TESTS",
        "### BEGIN HIDDEN",
        "### START HIDDEN TESTS",
        "### HIDDEN TESTS BEGIN",
        "### HIDDEN TESTS",
        "assert 1  # begin hidden tests",
    ],
)
def test_a_misspelt_marker_in_a_test_is_named_with_cell_line_and_fix(line):
    (problem,) = problems(check(f"assert double(1) == 2\n{line}\nassert double(2) == 4"))
    assert (problem.cell, problem.line) == ("cell 'test_double'", 2)
    assert "nbgrader ignores it" in problem.what
    assert "BEGIN HIDDEN TESTS'" in problem.fix


@pytest.mark.parametrize(
    "line",
    [
        "# begin solution",
        "## BEGIN SOLUTON",
        "# BEGIN_SOLUTION",
        "#BEGINSOLUTION",
        "BEGIN_SOLUTION",
        "# Start solution",
    ],
)
def test_a_misspelt_marker_in_an_answer_is_named(line):
    (problem,) = problems(answer(f"{line}\nx = 1"))
    assert problem.line == 1
    assert "'### BEGIN SOLUTION'" in problem.fix


@pytest.mark.parametrize("line", ["### EDN SOLUTION", "### end solution", "### END SOLUTIN"])
def test_a_misspelt_end_is_named_along_with_the_open_region(line):
    found = problems(answer(f"### BEGIN SOLUTION\nx = 1\n{line}\n"))
    assert [problem.line for problem in found] == [1, 3]
    assert "never closed" in found[0].what


@pytest.mark.parametrize(
    "text",
    [
        "begin the solution",
        "Begin the solution by drawing a picture.",
        "Begin solution",
        "## Solution",
        "### Hidden tests",
        "Hidden tests check this.",
        "1. Begin with the solution of the first part",
        "We end the solution with a plot.",
    ],
)
def test_prose_is_no_marker(text):
    assert problems(plain(text, "markdown")) == []


@pytest.mark.parametrize(
    "comment",
    [
        "# solution",
        "# SOLUTION 1",
        "# find solution",
        "# Solution begins here",
        "# begin the solution by x",
        "# the hidden tests end with a summary",
        "x = 'the begin of a solution'",
        "END_SOLUTION = 3",
    ],
)
def test_ordinary_comments_and_code_are_no_markers(comment):
    assert problems(answer(comment, "a"), plain(comment), check(comment)) == []


def test_solution_regions_in_a_question_and_mark_schemes_in_a_task_are_welcome():
    assert (
        problems(
            question("Because\n### BEGIN SOLUTION\nit is.\n### END SOLUTION"),
            task("Draw.\n=== BEGIN MARK SCHEME ===\n2 points\n=== END MARK SCHEME ==="),
            question("<!-- BEGIN SOLUTION -->\nsecret\n<!-- END SOLUTION -->", "how"),
        )
        == []
    )


def test_indented_markers_and_several_regions_are_welcome():
    region = "    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
    assert problems(answer(f"def f():\n{region}\ndef g():\n{region}")) == []


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (answer("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION"), "opens inside"),
        (answer("### BEGIN SOLUTION\nx = 1"), "never closed"),
        (answer("x = 1\n### END SOLUTION"), "closes nothing"),
        (check("### BEGIN HIDDEN TESTS\n### END MARK SCHEME\n### END HIDDEN TESTS"), "crosses"),
        (check("### BEGIN SOLUTION\n### END SOLUTION"), "not a solution cell"),
        (answer("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS"), "not an autograder-tests cell"),
        (plain("### BEGIN SOLUTION\n### END SOLUTION"), "not a solution cell"),
        (plain("### BEGIN MARK SCHEME\n### END MARK SCHEME", "markdown"), "not a manually graded task"),
        (plain("Write it under BEGIN SOLUTION please.", "markdown"), "shares its line"),
        (answer("x = 1  # BEGIN SOLUTION\n### END SOLUTION"), "shares its line"),
        (answer("print('BEGIN SOLUTION')\n### END SOLUTION"), "no comment"),
        (answer("s = '''\n### BEGIN SOLUTION\n'''\n### END SOLUTION"), "no comment"),
        (answer("### BEGIN SOLUTION ### END SOLUTION"), "two markers"),
    ],
)
def test_what_nbgrader_would_misread_is_refused(cell, what):
    found = problems(cell)
    assert any(what in problem.what for problem in found), found


def test_a_problem_says_notebook_cell_line_what_and_fix():
    (problem,) = problems(plain("", "markdown"), plain("x\n### begin solution"))
    assert str(problem) == (
        "nb, cell 2, line 2: '### begin solution' looks like a marker, but nbgrader ignores it. "
        "Write exactly '### BEGIN SOLUTION', or reword it."
    )


def test_the_visible_part_is_what_nbgrader_releases():
    cell = DOUBLE.cells[2]
    assert visible(cell.source) == "assert double(1) == 2"
    assert hidden_lines(cell.source) == {2, 3, 4}


LINES = st.sampled_from(["x = 1", "### BEGIN HIDDEN TESTS", "  # END HIDDEN TESTS", "", "### BEGIN SOLUTION"])


@given(st.lists(LINES, max_size=8))
def test_visible_agrees_with_nbgrader_wherever_nbgrader_accepts(lines):
    cell = check("\n".join(lines))
    source = cell.source
    try:
        stock.ClearHiddenTests().preprocess_cell(cell, {}, 0)
    except RuntimeError:
        return
    assert visible(source) == cell.source


def test_an_unclosed_region_hides_everything_after_it():
    assert visible("a\n### BEGIN HIDDEN TESTS\nb\nc") == "a"
    (region,) = split_regions("a\n### BEGIN HIDDEN TESTS\nb\nc")
    assert (region.begin, region.end) == (2, 4)


def test_solution_lines_are_the_region_or_else_the_whole_cell():
    cells = read_notebook(notebook(DOUBLE.cells[1], answer("x = 1\ny = 2", "a"), plain("z = 3")), "nb").cells
    assert [solution_lines(cell) for cell in cells] == [{2, 3, 4}, {1, 2}, frozenset()]


def test_scheme_lines_are_found():
    cell = read_notebook(DOUBLE, "nb").cells[4]
    assert scheme_lines(cell) == {3, 4, 5}


def test_without_markers_keeps_what_stands_between_them():
    assert without_markers(DOUBLE.cells[1].source) == "def double(x):\n    return x + x"
