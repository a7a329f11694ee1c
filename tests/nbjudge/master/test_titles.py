"""Titles: what a test says about itself, for people."""

from masters import answer, check, notebook

from nbjudge.master.assignment import Assignment
from nbjudge.master.notebook import read_notebook
from nbjudge.master.titles import titles


def found(*tests):
    document = notebook(answer("pass"), *tests)
    return titles(Assignment("ps1", (read_notebook(document, "a"),), (), {"a": document}))


def test_a_docstring_or_a_first_comment_is_the_title():
    assert found(
        check('"Doubles numbers."\nassert True', "one"),
        check("# Doubles text\nassert True", "two"),
        check('"""\nSeveral lines.\nMore.\n"""\nassert True', "three"),
    ) == {"one": "Doubles numbers.", "two": "Doubles text", "three": "Several lines."}


def test_a_test_that_says_nothing_has_no_title():
    assert found(check("assert True", "test_double")) == {}
    assert found(check("### BEGIN HIDDEN TESTS\nassert True\n### END HIDDEN TESTS", "test-double")) == {}


def test_nothing_hidden_becomes_a_title():
    hidden = check("### BEGIN HIDDEN TESTS\n# secret: 42\nassert True\n### END HIDDEN TESTS", "one")
    after = check("x = 1\n### BEGIN HIDDEN TESTS\n'secret'\n### END HIDDEN TESTS", "two")
    string = check("### BEGIN HIDDEN TESTS\n'the secret is 42'\nassert True\n### END HIDDEN TESTS", "three")
    assert "secret" not in str(found(hidden, after, string))
