"""What a student's page is made of: no hidden test, the judge's words, nothing that needs a script."""

import nbformat
import pytest
from masters import answer, check, notebook, plain, question, task
from nbformat.v4 import new_output

from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.plugin.told import FIGURE, HIDDEN, told
from nbjudge.record.receipt import Receipt

SECRET = "assert double(1) == 2\n### BEGIN HIDDEN TESTS\nassert double(31337) == 62674\n### END HIDDEN TESTS"
VISIBLE = "assert double(1) == 2"
WRONG = "double(31337) was 7"


def failure(text=WRONG):
    return new_output("error", ename="AssertionError", evalue=text, traceback=[f"AssertionError: {text}"])


def printed(text="hello"):
    return new_output("stream", name="stdout", text=text)


def with_outputs(document, **outputs):
    for cell in document.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "plain")
        cell.setdefault("outputs", []) if cell.cell_type == "code" else None
        if name in outputs:
            cell.outputs = list(outputs[name])
    return document


def verdict(test="test_double", outcome=Outcome.FAILED, message="", exercise="double", book="nb"):
    return Verdict(book, exercise, test, 0.0, 2.0, outcome, message)


def receipt(*verdicts, diagnosis=None):
    return Receipt("ada", "ps1", "graded", 0.0, 2.0, tuple(verdicts), diagnosis=diagnosis or {})


def text_of(document):
    return nbformat.writes(document)


def by_name(document, name):
    return next(cell for cell in document.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


@pytest.mark.parametrize("known", [None, receipt(verdict(message="told by the judge"))])
def test_where_nbgrader_itself_ran_the_hidden_test_neither_its_lines_nor_its_words_are_told(known):
    document = with_outputs(notebook(answer("..."), check(SECRET)), test_double=[failure()])
    page = told(document, "nb", known)
    assert "31337" not in text_of(page)
    assert by_name(page, "test_double").source == VISIBLE
    assert by_name(page, "test_double").outputs[0]["text"] == f"{HIDDEN}\n"
    assert "31337" in text_of(document), "the document that it was given is left alone"


def test_what_students_code_printed_after_it_met_a_hidden_test_is_left_out():
    document = with_outputs(
        notebook(plain("print('before')"), answer("..."), check(SECRET), answer("print(seen)", "later")),
        plain=[printed("before")],
        test_double=[printed("x = 31337")],
        later=[printed("x was 31337")],
    )
    page = told(document, "nb", None)
    assert page.cells[0].outputs[0]["text"] == "before"
    assert "31337" not in text_of(page)


def test_a_test_shows_what_the_receipt_says_and_the_likely_mistake_once():
    document = with_outputs(
        notebook(answer("..."), check(VISIBLE), check(VISIBLE, "test_again"), check(VISIBLE, "test_fine")),
        test_double=[failure()],
        test_again=[failure()],
        test_fine=[printed()],
    )
    known = receipt(
        verdict(message="first"),
        verdict("test_again", message="second"),
        verdict("test_fine", Outcome.PASSED),
        diagnosis={"double": "You add two instead of doubling."},
    )
    page = told(document, "nb", known)
    assert by_name(page, "test_double").outputs[0]["text"] == "first\nYou add two instead of doubling.\n"
    assert by_name(page, "test_again").outputs[0]["text"] == "second\n"
    assert by_name(page, "test_fine").outputs == []


def test_another_notebooks_verdicts_are_not_told():
    document = with_outputs(notebook(answer("..."), check(VISIBLE)), test_double=[failure("seen")])
    page = told(document, "nb", receipt(verdict(message="of another", book="other")))
    assert by_name(page, "test_double").outputs[0]["evalue"] == "seen"


def test_mark_schemes_go_and_what_a_student_writes_stays():
    marker = "### BEGIN HIDDEN TESTS\nmy own words\n### END HIDDEN TESTS"
    scheme = "Draw it.\n\n### BEGIN MARK SCHEME\nA line through the origin.\n### END MARK SCHEME"
    document = with_outputs(notebook(question(marker), answer(marker), task(scheme)), double=[printed()])
    page = told(document, "nb", None)
    assert page.cells[0].source == marker
    assert page.cells[1].source == marker
    assert page.cells[1].outputs, "an answer with a marker in it exposes nothing"
    assert "origin" not in page.cells[2].source


def test_a_figure_that_needs_a_script_becomes_its_picture_or_a_line():
    plotly = {"application/vnd.plotly.v1+json": {}, "text/html": "<script>draw()</script>"}
    document = with_outputs(
        notebook(answer("..."), answer("...", "drawn")),
        double=[new_output("display_data", plotly)],
        drawn=[new_output("display_data", {**plotly, "image/png": "AAAA"})],
    )
    page = told(document, "nb", None)
    assert by_name(page, "double").outputs[0].data == {"text/plain": FIGURE}
    assert by_name(page, "drawn").outputs[0].data == {"image/png": "AAAA"}


def test_no_metadata_of_a_students_making_is_kept():
    sly = new_output("display_data", {"image/png": "AAAA"}, metadata={"image/png": {"width": "1 onerror=alert(1)"}})
    document = with_outputs(notebook(answer("..."), answer("...", '"><script>')), double=[sly])
    document.cells[0].metadata["tags"] = ["<b>"]
    document.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    page = told(document, "nb", None)
    assert page.cells[0].outputs[0].metadata == {}
    assert set(page.cells[0].metadata) == {"nbgrader"}
    assert page.cells[1].metadata == {}
    assert page.metadata == {"language_info": {"name": "python"}}
