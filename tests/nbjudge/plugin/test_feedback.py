"""The page that students get from formgrader: the diagnosis, no hidden test, and nobody's scripts."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from by_nbgrader import autograde, formgrader, page
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from tiny import DOUBLE, HIDDEN_NUMBER, SQUARE, hand_in, released, write_course

from nbjudge.errors import NbjudgeError
from nbjudge.master.course import Course
from nbjudge.plugin.feedback import FeedbackPage
from nbjudge.plugin.told import HIDDEN
from nbjudge.publish.release import build_release, publish

pytestmark = [pytest.mark.usefixtures("desk"), pytest.mark.filterwarnings("ignore")]

RIGHT = {"double": DOUBLE, "square": SQUARE, "why": "Its sign is lost."}
WRONG = {**RIGHT, "square": "def square(x):\n    return x + x"}
STOCK = {"Autograde": {"exporter_class": "nbconvert.exporters.NotebookExporter"}}
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)><iframe src='javascript:alert(3)'></iframe>"
KINDS = "text/html text/markdown image/svg+xml text/latex text/plain application/javascript text/vnd.mermaid".split()


@pytest.fixture(scope="module")
def graded(published_tiny, desk, tmp_path_factory):
    root = Path(shutil.copytree(published_tiny, tmp_path_factory.mktemp("graded") / "course"))
    hand_in(root, root / "submitted", {"ada": RIGHT, "bob": WRONG})
    autograde(root, "ada", "bob")
    return root


@pytest.fixture
def root(graded, tmp_path):
    return Path(shutil.copytree(graded, tmp_path / "course"))


def text(html):
    return BeautifulSoup(html, "html.parser").get_text(" ")


def active(html):
    """All on a page that could run, load or post something."""
    soup = BeautifulSoup(html, "html.parser")
    found = [str(one) for one in soup.find_all(["script", "iframe", "object", "embed", "form", "link", "base", "svg"])]
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            words = re.sub(r"\s", "", " ".join(value) if isinstance(value, list) else value).lower()
            if element.name == "img" and name == "src" and words.startswith("data:image/"):
                continue  # nothing in a picture runs or loads anything, in an SVG neither
            if name.startswith("on") or name == "src" or "script:" in words or words.startswith("data:"):
                found.append(f"{element.name} {name}={value}")
    return found


def test_it_shows_scores_the_judges_words_and_the_likely_mistake(root):
    html = page(root, "bob")
    assert "warmup (Score: 3.0 / 8.0)" in html
    assert "This does not hold: assert square(3) == 9" in text(html)
    assert text(html).count("You double instead of squaring.") == 1
    assert "x + x" in re.sub(r"\s+", " ", text(html))


@pytest.mark.parametrize("student", ["ada", "bob"])
def test_no_hidden_test_can_be_read_from_it(root, student):
    html = page(root, student)
    for secret in (HIDDEN_NUMBER, "62674", "twice", "randrange", "HIDDEN TESTS", "square(7)", "autograder"):
        assert secret not in text(html)
        assert secret not in html
    assert "double(1) should be 2" in text(html), "the visible part of a test is there"


def test_a_persons_points_and_comment_are_on_it(root):
    where = ("warmup", "ps1", "bob")
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("why", *where).manual_score = 0.5
        gradebook.find_comment("why", *where).manual_comment = "Say *more*."
        gradebook.db.commit()
    html = page(root, "bob")
    assert "Score: 3.5 / 8.0" in html
    assert "<em>more</em>" in html


def test_all_that_students_write_and_draw_is_made_harmless(root):
    """Outputs of every kind, cells that the student added, names and tags: as the judge keeps them, and beyond."""
    document = nbformat.read(root / "autograded" / "bob" / "ps1" / "warmup.ipynb", as_version=4)
    plain = active(page(root, "bob"))
    figures = [new_output("display_data", {kind: EVIL}) for kind in KINDS]
    sly = {"image/png": {"width": "1 onerror=alert(4)", "alt": '"><script>'}, "text/html": {"isolated": True}}
    figures += [
        new_output("display_data", {"image/png": f'"><b>{EVIL}'}),
        new_output("display_data", {"image/png": "AAAA"}, metadata=sly),
        new_output("display_data", {"text/html": EVIL}, metadata=sly),
        new_output("stream", name="stdout", text=EVIL),
        new_output("error", ename=EVIL, evalue=EVIL, traceback=[EVIL]),
    ]
    tagged = {"tags": [EVIL], "nbgrader": {"grade_id": f'"{EVIL}'}, "magics_language": EVIL}
    own = [new_code_cell(EVIL, outputs=figures, metadata=tagged), new_markdown_cell(EVIL), new_raw_cell(EVIL)]
    own[0]["id"] = "x"
    document.cells += own
    document.metadata["title"] = EVIL
    document.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"x": EVIL}}
    for cell in document.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "why":
            cell.source = EVIL + "[x](javascript:alert(5))"
    path = root / "autograded" / "bob" / "ps1" / "warmup.ipynb"
    path.chmod(0o644)
    path.write_text(json.dumps(document))
    html = page(root, "bob")
    assert active(html) == plain
    assert "alert(1)" in text(html), "what is text is shown as text"


def test_a_comment_cannot_run_anything_either(root):
    plain = active(page(root, "bob"))
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.find_comment("why", "warmup", "ps1", "bob").manual_comment = f"Good {EVIL}"
        gradebook.db.commit()
    assert active(page(root, "bob")) == plain


def test_without_a_receipt_the_page_is_made_of_what_is_there(root):
    shutil.rmtree(root / "grades")
    html = page(root, "bob")
    assert "This does not hold: assert square(3) == 9" in text(html)
    assert "You double" not in html


@pytest.mark.slow
def test_what_nbgrader_itself_autograded_reveals_no_hidden_test_either(tmp_path, monkeypatch):
    """Its own Execute runs hidden tests in the student's kernel, and its own page shows them."""
    root = write_course(tmp_path / "course")
    found = Course.find(root)
    publish(found, build_release(found, "ps1", tmp_path / "staging"))
    monkeypatch.setenv("PYTHONPATH", str(root))
    spy = f"{DOUBLE}\nimport inspect\ndef double(x):\n    print('called with', x)\n    return 2 if x == 1 else 7"
    hand_in(root, root / "submitted", {"ada": {**RIGHT, "double": spy}})
    assert autograde(root, "ada", settings=STOCK)["ada"]["success"]
    stock = page(root, "ada", {"GenerateFeedback": {"exporter_class": "nbconvert.exporters.HTMLExporter"}})
    assert HIDDEN_NUMBER in stock
    html = page(root, "ada")
    assert HIDDEN_NUMBER not in html
    assert HIDDEN in text(html)
    assert "HIDDEN TESTS" not in html


def test_what_formgrader_shows_to_graders_is_left_as_it_is(root):
    assert formgrader(root).config.HTMLExporter.get("exporter_class") is None
    assert "BEGIN HIDDEN TESTS" in (root / "source" / "ps1" / "warmup.ipynb").read_text()


def test_it_is_refused_where_no_feedback_is_made(root):
    exporter = FeedbackPage(parent=Autograde(coursedir=formgrader(root).coursedir))
    place = {"nbgrader": {"assignment": "ps1", "student": "bob", "notebook": "warmup"}}
    with pytest.raises(NbjudgeError, match="feedback only"):
        exporter.from_notebook_node(released(root), place)
