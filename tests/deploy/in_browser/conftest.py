"""One class's days in a browser, in order, as fixtures: each begins where the one before has ended."""

import shutil

import pytest
from answers import (
    ASSIGNMENT,
    COMMENT,
    DIAGNOSIS,
    GRADIENT,
    LOOP,
    NOTEBOOK,
    QUESTION,
    WORDS,
    attack,
    filled,
    mistaken,
    solved,
)
from class_gradebook import TIMEOUT, grades_in
from formgrader import Formgrader
from lab import Lab
from person import Person
from playwright.sync_api import sync_playwright
from probes import COURSE, EXCHANGE
from visitor import ARGUMENTS


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "This needs Chromium: apt-get install chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def hub(start_hub):
    return start_hub(students=3, settings=f"\nc.JudgedNotebook.timeout = {TIMEOUT}\n")


@pytest.fixture(scope="module")
def instructor(hub, browser):
    return Formgrader(browser, hub, "try-instructor")


@pytest.fixture(scope="module")
def released(hub, instructor):
    """The instructor generates and releases; the released notebook."""
    instructor.assignments(ASSIGNMENT)
    instructor.picture("01-formgrader")
    instructor.press(ASSIGNMENT, "assign", "02-generated")
    instructor.press(ASSIGNMENT, "release")
    instructor.picture("03-released")
    return hub.disk / EXCHANGE / "outbound" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


@pytest.fixture(scope="module")
def student(hub, browser, released):
    """The first student, at the fetched notebook."""
    student = Lab(browser, hub, hub.students[0])
    student.assignments()
    student.picture("04-assignment-list")
    student.fetch(ASSIGNMENT)
    student.open(NOTEBOOK)
    student.picture("05-notebook")
    return student


@pytest.fixture(scope="module")
def worked(student):
    """The first student makes a mistake, validates, corrects it, runs all and validates again; what was seen."""
    right = solved()
    student.write(f"def {GRADIENT}", mistaken())
    student.write(f"def {LOOP}(", right[LOOP])
    student.answer("YOUR ANSWER HERE", WORDS)
    failing = student.validate("06-validate-fails")
    student.write(f"def {GRADIENT}", right[GRADIENT])
    student.run_all()
    drawn = student.figure("Loss after each epoch")
    student.picture("07-figure")
    student.save()
    return {"failing": failing, "drawn": drawn, "passing": student.validate("08-validate-passes")}


@pytest.fixture(scope="module")
def handed_in(hub, student, worked):
    """All three hand in: the first by the button, the others by the requests that it sends."""
    student.assignments()
    student.submit(ASSIGNMENT)
    student.picture("09-submitted")
    student.leave()
    wrong = {GRADIENT: mistaken(), LOOP: solved()[LOOP], QUESTION: "They are slanted."}
    for name, (answers, cells) in zip(hub.students[1:], ((wrong, ()), attack(f"/{COURSE}")), strict=True):
        person = Person(hub, name).start()
        assert person.fetch(ASSIGNMENT)["success"]
        person.write(NOTEBOOK, filled(person.read(NOTEBOOK), answers, cells))
        assert person.submit(ASSIGNMENT)["success"]


@pytest.fixture(scope="module")
def graded(hub, instructor, handed_in):
    """The instructor collects and autogrades by the buttons; the grades."""
    instructor.assignments(ASSIGNMENT)
    instructor.press(ASSIGNMENT, "collect")
    instructor.submissions(ASSIGNMENT, hub.students[0])
    for number, name in enumerate(hub.students):
        instructor.press(name, "autograde", None if number else "10-autograded-one")
    instructor.picture("11-autograded")
    return grades_in(hub.disk / COURSE / "gradebook.db")


@pytest.fixture(scope="module")
def graded_by_hand(hub, browser, graded):
    """The grader gives points and a comment for the written answer; the grades."""
    grader = Formgrader(browser, hub, "try-grader")
    grader.open_submission(ASSIGNMENT, hub.students[0], "12-to-grade-by-hand")
    assert grader.give(QUESTION, 3, COMMENT) == (3, COMMENT)
    grader.picture("13-points-and-comment")
    grader.close()
    return grades_in(hub.disk / COURSE / "gradebook.db")


@pytest.fixture(scope="module")
def graded_again(hub, instructor, graded_by_hand):
    """The instructor's button once more; the grades."""
    instructor.submissions(ASSIGNMENT, hub.students[0])
    instructor.press(hub.students[0], "autograde")
    instructor.picture("14-regraded")
    return grades_in(hub.disk / COURSE / "gradebook.db")


@pytest.fixture(scope="module")
def feedback(hub, browser, instructor, graded_again):
    """Feedback goes out, the second student fetches it; the words of the page, and its file."""
    instructor.assignments(ASSIGNMENT)
    instructor.press(ASSIGNMENT, "generate-feedback")
    instructor.press(ASSIGNMENT, "release-feedback")
    instructor.picture("15-feedback-released")
    reader = Lab(browser, hub, hub.students[1])
    reader.assignments()
    reader.fetch_feedback(ASSIGNMENT)
    reader.picture("16-feedback-fetched")
    home = hub.disk / "home" / reader.name
    (file,) = (home / "descent" / ASSIGNMENT / "feedback").rglob("*.html")
    reader.page.goto(f"{reader.prefix}/files/{file.relative_to(home)}")
    reader.picture("17-feedback")
    reader.page.locator(f"text={DIAGNOSIS}").first.scroll_into_view_if_needed()
    reader.picture("18-feedback-diagnosis")
    words = reader.page.inner_text("body")
    reader.close()
    return words, file
