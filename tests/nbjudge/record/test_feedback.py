"""The feedback page: everything a student needs, nothing hidden, nothing that runs."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.record.feedback import render_feedback, safe_name, write_feedback
from nbjudge.record.receipt import Receipt

PASSED = Verdict("p", "loss", "test_loss_value", 2.0, 2.0, Outcome.PASSED)
FAILED = Verdict("p", "loss", "test_sign", 0.0, 3.0, Outcome.FAILED, "The step goes `uphill`.", "SECRET == 4")
PARTLY = Verdict("p", "step", "test_rate", 0.5, 1.0, Outcome.FAILED, "Half right.")
UNJUDGED = Verdict("p", "step", "test_more", 0.0, 1.0, Outcome.NOT_JUDGED, "The grader ran out of memory.", "SECRET")
RECEIPT = Receipt(
    "ann",
    "step-sizes",
    "graded",
    2.5,
    7.0,
    (PASSED, FAILED, PARTLY, UNJUDGED),
    repairs=("The test test_sign was missing; it was put back.",),
    diagnosis={"loss": "Your gradient is the sum, not the mean."},
    questions=("why_downhill",),
    started="2026-02-14T10:30:00+00:00",
)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7*7 }}{% for x in y %}",
    "`<b>bold</b>`",
    "</style><script>alert(1)</script>",
    "&lt;script&gt;",
    "javascript:alert(1)",
]


class Page(HTMLParser):
    """The page's elements with their attributes, and its text outside <style>."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple]] = []
        self.text = ""
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(attrs)))
        self.inside = tag

    def handle_data(self, data):
        if self.inside != "style":
            self.text += " " + " ".join(data.split())


def text_of(receipt: Receipt, **titles: str) -> str:
    return " ".join(Page(render_feedback(receipt, titles)).text.split())


def test_the_page_says_all_that_the_student_needs():
    text = text_of(RECEIPT)
    for words in [
        "Feedback for ann",
        "Step sizes",
        "2.5 of 7 points so far",
        "Loss value ✓ Passed 2 of 2",
        "Sign ✗ Not passed 0 of 3 The step goes uphill .",
        "Rate ◐ Partly 0.5 of 1 Half right.",
        "More ? Not judged – of 1 The grader ran out of memory.",
        "What probably happened Your gradient is the sum, not the mean.",
        "One test could not be judged.",
        "Why downhill",
        "The test test_sign was missing; it was put back.",
        "Graded on 14 February 2026, 10:30 UTC.",
    ]:
        assert words in text


def test_staff_details_never_reach_the_page():
    assert "SECRET" not in render_feedback(RECEIPT)


def test_titles_may_be_given():
    text = text_of(RECEIPT, test_sign="The step goes downhill", loss="The loss function")
    assert "The step goes downhill ✗ Not passed" in text
    assert "The loss function 2 of 5 points" in text


def test_a_perfect_submission_is_told_so():
    perfect = replace(RECEIPT, verdicts=(PASSED,), repairs=(), diagnosis={}, questions=())
    text = text_of(perfect)
    assert "Every test passed." in text
    assert "so far" not in text
    assert "What probably happened" not in text
    assert "Every test passed." not in text_of(RECEIPT)


def test_an_ungraded_submission_gets_its_reason_and_no_score():
    text = text_of(replace(RECEIPT, status="damaged: the file is empty", verdicts=(), score=0.0))
    assert "Damaged: the file is empty" in text
    assert "0 of 7" not in text


def test_two_notebooks_are_named():
    assert "Notebook" not in text_of(RECEIPT)
    text = text_of(replace(RECEIPT, verdicts=(PASSED, replace(PARTLY, notebook="q"))))
    assert "Notebook p" in text
    assert "Notebook q" in text


def hostile(text: str) -> Receipt:
    verdict = replace(FAILED, message=text, test=text, exercise=text, notebook=text)
    return replace(
        RECEIPT,
        student=text,
        assignment=text,
        status=text,
        verdicts=(verdict, replace(PARTLY, notebook="other")),
        repairs=(text,),
        diagnosis={text: text},
        questions=(text,),
        started=text,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    html = render_feedback(hostile(text))
    page = Page(html)
    harmless = Page(render_feedback(hostile("word")))
    elements = [element for element in page.elements if element != ("code", ())]
    assert elements == [element for element in harmless.elements if element != ("code", ())]
    assert "".join(text.replace("`", "").split()) in "".join(page.text.split())


@given(st.text(st.characters(exclude_characters="`"), min_size=1))
def test_no_text_whatever_changes_the_pages_elements(text):
    verdict = replace(FAILED, message="m" + text)
    page = Page(render_feedback(replace(RECEIPT, student="s" + text, verdicts=(verdict,))))
    plain = Page(render_feedback(replace(RECEIPT, student="s", verdicts=(replace(FAILED, message="m"),))))
    assert page.elements == plain.elements


def test_the_page_has_no_script_no_handler_and_needs_no_other_file():
    html = render_feedback(RECEIPT)
    page = Page(html)
    assert not {tag for tag, _ in page.elements} & {"script", "img", "link", "iframe", "object", "a", "form"}
    assert not [name for _, attrs in page.elements for name, _ in attrs if name.startswith("on")]
    assert "http://" not in html
    assert "https://" not in html
    assert "url(" not in html
    assert "default-src 'none'" in html


def test_long_messages_are_cut_and_control_characters_removed():
    message = "a\x00b\x1b[31m\u202e" + "x" * 10_000_000
    html = render_feedback(replace(RECEIPT, verdicts=(replace(FAILED, message=message),)))
    assert len(html) < 20_000
    assert not {"\x00", "\x1b", "\u202e"} & set(html)


@pytest.mark.parametrize("name", ["ann", "anna.müller", "s12-3_x", "a@b.org", "李明"])
def test_ordinary_names_are_file_names_as_they_are(name):
    assert safe_name(name) == name


@given(st.text(), st.text())
def test_any_name_becomes_a_safe_file_name_of_its_own(one, other):
    for name in (safe_name(one), safe_name(other)):
        assert name
        assert name.isprintable()
        assert not name.startswith((".", "-"))
        assert not set(name) & set("/\\:*?\"<>|'")
        assert len(name.encode()) < 250
    assert one == other or safe_name(one) != safe_name(other)


def test_nobody_can_take_the_file_name_of_an_odd_name():
    assert safe_name(safe_name("a b")) != safe_name("a b")


def test_pages_are_written_under_feedback(tmp_path):
    path = write_feedback(tmp_path, replace(RECEIPT, student="../../evil"))
    assert path.parent == tmp_path / "feedback"
    assert "../../evil" in path.read_text(encoding="utf-8")
