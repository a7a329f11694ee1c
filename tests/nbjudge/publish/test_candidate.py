"""Candidates: known answers in the master's place, and only the cells that count."""

from masters import answer, check, notebook, plain

from nbjudge.master.notebook import read_notebook
from nbjudge.publish.candidate import candidate

ONE = answer("def one():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION", "one")
TWO = answer("def two():\n    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION", "two")
MASTER = read_notebook(
    notebook(
        plain("Text", "markdown"),
        plain("import math"),
        plain("unused = slow()"),
        ONE,
        plain("print(one())"),
        plain("kept = one() + math.pi"),
        check("saved = one()\nassert one() == 1", "test_one", 1),
        TWO,
        check("assert two() == kept and saved == 1", "test_two", 1),
        plain("shown = two()"),
        check("### BEGIN HIDDEN TESTS\nassert two() > 1\n### END HIDDEN TESTS", "test_more", 1),
    ),
    "warmup",
)


def sources(steps):
    return [step.source for step in steps]


def test_without_answers_it_is_the_solution_without_markers():
    steps = candidate(MASTER)
    assert [step.kind for step in steps] == ["student"] * 5 + ["test", "student", "test", "student", "test"]
    assert sources(steps)[2] == "def one():\n    return 1"
    assert "Text" not in sources(steps)


def test_a_test_cell_keeps_its_hidden_part_for_the_judge():
    assert "assert two() > 1" in sources(candidate(MASTER))[-1]


def test_an_answer_replaces_the_whole_cell_and_the_others_stay_solved():
    steps = {step.grade_id: step.source for step in candidate(MASTER, {"one": "def one(): return 7"})}
    assert steps["one"] == "def one(): return 7"
    assert steps["two"] == "def two():\n    return 2"


def test_only_what_the_wanted_tests_need_is_kept():
    assert sources(candidate(MASTER, tests=["test_more"])) == [
        "def one():\n    return 1",
        "def two():\n    return 2",
        "### BEGIN HIDDEN TESTS\nassert two() > 1\n### END HIDDEN TESTS",
    ]


def test_what_a_wanted_test_reads_is_kept_even_if_another_test_bound_it():
    kept = sources(candidate(MASTER, tests=["test_two"]))
    assert "import math" in kept
    assert "kept = one() + math.pi" in kept
    assert "saved = one()\nassert one() == 1" in kept
    assert "unused = slow()" not in kept
    assert "print(one())" not in kept


def test_an_answer_that_is_no_python_stays_an_answer():
    steps = candidate(MASTER, {"two": "def two(:"}, ["test_two"])
    assert "def two(:" in sources(steps)
