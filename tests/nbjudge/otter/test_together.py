"""Which exercises build on which, and the samples that can be tried in one submission."""

import pytest
from tiny import ASSIGNMENT, MISTAKES, write_course

from nbjudge.master.course import Course
from nbjudge.master.mistakes import Sample
from nbjudge.master.notebook import Cell, Notebook, Role
from nbjudge.otter.together import alone, built_on, together


def notebook(*cells):
    """A notebook of (grade id, source): answers "a" and "b", their tests "test_a" and "test_b", "" for given cells."""
    roles = {"a": Role.ANSWER, "b": Role.ANSWER, "test_a": Role.TEST, "test_b": Role.TEST, "": Role.PLAIN}
    numbered = enumerate(cells)
    made = [Cell(place, "code", roles[name], source, str(place), name or None) for place, (name, source) in numbered]
    return Notebook("work", tuple(made))


def first(between="", answer="def b(): return 2", test="assert b() == 2", samples=()):
    """What the second of two exercises builds on."""
    before = [("a", "def a(): return 1"), ("test_a", "x = a()\nassert x == 1"), ("", between)]
    return built_on(notebook(*before, ("b", answer), ("test_b", test)), samples)["b"]


def test_exercises_that_share_no_name_are_apart():
    assert first() == {"b"}
    assert first(between="import math") == {"b"}


@pytest.mark.parametrize(
    "parts",
    [
        {"answer": "def b(): return a() + 1"},
        {"test": "assert b() == a() + 1"},
        {"test": "assert b() == x + 1"},
        {"between": "path = [a()]", "test": "assert b() == path[0] + 1"},
        {"between": "path = [a()]\nbest = max(path)", "answer": "b = best"},
        {"samples": [Sample("b", "calls", "You call a.", "def b(): return a() + 1")]},
    ],
)
def test_an_exercise_builds_on_another_by_its_names_and_by_values_made_with_them(parts):
    assert first(**parts) == {"a", "b"}


def test_a_name_that_is_made_anew_leads_nowhere():
    assert first(between="path = [a()]\npath = 3", test="assert b() == path - 1") == {"a", "b"}  # within one cell
    assert first(test="x = 2\nassert b() == x") == {"b"}
    assert first(answer="def b():\n    x = 2\n    return x") == {"b"}
    own = Sample("b", "own", "Fine.", "def b(): return x()\n\ndef x(): return 2")
    assert first(samples=[own]) == {"b"}


def test_what_is_not_python_is_passed_over():
    assert first(between="a = = 1") == {"b"}


def test_every_sample_is_tried_once_and_never_two_of_one_exercise(tmp_path):
    more = f'{MISTAKES["double"]}\n\ndef negates(x):\n    """You negate."""\n    return -x\n'
    course = Course.find(write_course(tmp_path / "course", mistakes=MISTAKES | {"double": more}))
    master = course.master(ASSIGNMENT)
    names = ["double-adds_two", "double-negates", "square-doubles"]
    assert list(alone(course, master)) == [
        *(f"mistake-{name}" for name in names),
        "variant-double-added",
        "variant-square-power",
    ]
    groups = together(course, master)
    assert {name: [sample.name for sample in group] for name, group in groups.items()} == {
        "together-01": ["adds_two", "doubles"],
        "together-02": ["negates", "power"],
        "together-03": ["added"],
    }
