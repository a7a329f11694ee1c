import pytest
from masters import DOUBLE, answer, check, notebook, plain, question

from nbjudge.errors import CourseError
from nbjudge.master.notebook import read_notebook
from nbjudge.otter.unfit import check_fit, check_version


def fit(*cells):
    check_fit(read_notebook(notebook(*cells), "ps"))


def fits(*cells):
    try:
        fit(*cells)
    except CourseError:
        return False
    return True


def test_an_ordinary_master_fits():
    check_fit(read_notebook(DOUBLE, "doubling"))


@pytest.mark.parametrize(
    "cell",
    [
        plain("## Ignore what follows", "markdown"),
        plain("x = 1  # IGNORE"),
        plain("# BEGIN PLUGIN"),
        plain("```otter\nx\n```", "markdown"),
        plain("import random\nrandom.seed(1)  # SEED"),
        answer("x = 1 # SOLUTION"),
        answer('"""\nx\n""" # END PROMPT'),
        plain("grader = 1"),
        plain("otter = 'an animal'"),
        check("assert (", "test_broken"),
        check("assert True", "t" * 201),
    ],
)
def test_what_otter_would_misread_is_refused(cell):
    with pytest.raises(CourseError):
        fit(cell)


def test_all_problems_are_listed_with_cell_and_line():
    with pytest.raises(CourseError) as error:
        fit(plain("x = 1\ny = 2  # IGNORE"), answer("a = 1 # SOLUTION"), check("assert True", "t" * 201))
    said = str(error.value)
    assert "line 2, 'y = 2  # IGNORE'" in said
    assert "'double': line 1, 'a = 1 # SOLUTION'" in said
    assert "Shorten the name" in said


def test_words_that_only_look_like_otters_are_left_alone():
    assert fits(
        plain("Ignore the noise; my solution begins here.", "markdown"),
        plain("seed = 1\nimport otter"),
        question("Why?"),
    )


def test_a_version_of_the_same_kind_is_taken():
    check_version("7.0.0")
    check_version("7.12")


@pytest.mark.parametrize("version", ["6.1.3", "8.0.0", "70.0"])
def test_another_version_of_otter_is_refused_with_the_command_to_mend_it(version):
    with pytest.raises(CourseError, match=rf"otter-grader {version} is installed.*pip install 'otter-grader>=7,<8'"):
        check_version(version)


def test_without_otter_one_sentence_says_how_to_get_it():
    with pytest.raises(CourseError, match=r"otter-grader is not installed.*pip install"):
        check_version(None)
