"""A class on JupyterHub in a real browser, from the release to the feedback, and who may read what.

The class's days are the fixtures of conftest.py; each test looks at what one of them has left.
"""

import nbformat
import pytest
from answers import ASSIGNMENT, COMMENT, DIAGNOSIS, GRADIENT, QUESTION, found_by, hidden_lines, solved
from class_gradebook import graded_apart
from person import Person
from probes import COURSE, EXCHANGE, REFUSED, SECRETS, probe

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400), pytest.mark.filterwarnings("default")]


def test_the_release_holds_no_solution_and_no_hidden_test(released):
    text = "\n".join(cell.source for cell in nbformat.read(released, as_version=4).cells)
    assert "raise NotImplementedError()" in text
    assert not [line for line in hidden_lines() if line in text]
    assert solved()[GRADIENT] not in text


def test_formgrader_opens_a_file_in_the_courses_own_lab(hub, instructor, released):
    page = instructor.context.new_page()
    page.goto(f"{hub.address}/tree/./source/{ASSIGNMENT}")
    page.wait_for_selector(f".jp-DirListing-item:has-text('{ASSIGNMENT}.ipynb')")
    assert f"/services/descent/lab/tree/source/{ASSIGNMENT}" in page.url
    page.close()


def test_validate_names_the_failing_check_and_then_passes(worked):
    assert "failed" in worked["failing"]
    assert "dtheta" in worked["failing"]
    assert "Success" in worked["passing"]
    assert not [line for line in hidden_lines() if line in worked["failing"]]


def test_a_student_sees_a_figure_drawn(worked):
    drawn = worked["drawn"]
    assert drawn["title"].startswith("Loss after each epoch")
    assert len(drawn["lines"]) == 4
    assert all(length > 50 for length in drawn["lines"]), "A line without points was drawn."
    assert drawn["axes"] > 5
    assert drawn["height"] > 200


def test_the_gradebook_says_what_nbjudge_grade_says(hub, graded, tmp_path):
    expected = graded_apart(hub.disk / COURSE / "submitted", tmp_path / "course")
    assert {name: one["auto"] for name, one in graded.items()} == expected
    points = [sum(expected[name].values()) for name in hub.students]
    assert points[0] == 20
    assert 0 < points[1] < 20


def test_an_attack_earns_nothing_and_finds_nothing(hub, graded):
    thief = hub.students[2]
    assert sum(graded[thief]["auto"].values()) == 0
    printed = found_by(hub.disk / COURSE / "autograded" / thief / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    assert printed == ["found nothing\n"] * 4


def test_points_and_a_comment_by_a_person_survive_another_autograde(hub, graded_by_hand, graded_again):
    mine = graded_again[hub.students[0]]
    assert mine["manual"][QUESTION] == 3
    assert mine["comments"][QUESTION] == COMMENT
    assert mine["score"] == 23
    assert graded_again == graded_by_hand


def test_a_student_reads_the_diagnosis_and_no_hidden_test(feedback):
    words, file = feedback
    assert DIAGNOSIS in words
    assert not [line for line in hidden_lines() if line in words]
    source = file.read_text(encoding="utf-8")
    assert not [word for word in ("BEGIN HIDDEN", "autograder.logistic_regression", "assert_agrees") if word in source]


def test_a_student_may_not_use_formgrader(hub, student):
    page = student.context.new_page()
    assert page.goto(hub.formgrader).status == 403
    page.close()
    thief = Person(hub, hub.students[2]).start()
    for path in ("formgrader/api/assignments", "api/contents/source", "lab"):
        assert thief.session.get(f"{hub.address}/services/descent/{path}").status_code == 403, path
    other = f"{hub.address}/user/{hub.students[0]}/api/contents/descent"
    assert thief.session.get(other).status_code in (403, 404)


def test_a_terminal_shows_a_student_nothing_of_the_course_or_of_others(hub, student):
    assert all((hub.disk / COURSE / path).exists() for path in SECRETS)
    told = probe(student, other=hub.students[1])
    student.picture("19-terminal")
    assert told.pop("end") == hub.students[0]
    assert told.pop("own") == f"descent/{ASSIGNMENT}"
    assert told.pop("repository").endswith("No such file or directory")
    assert told.pop("environment") == "0"
    assert len(told) == 14
    assert all(words.endswith(REFUSED) for words in told.values()), told
    assert (hub.disk / EXCHANGE / "outbound" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").exists()
