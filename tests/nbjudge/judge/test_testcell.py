from types import SimpleNamespace

import pytest
from judging import answer, check, hidden, judge_one

from nbjudge.errors import CourseError
from nbjudge.judge.namespace import Namespace
from nbjudge.judge.task import Limits
from nbjudge.judge.testcell import TestResult, run_test
from nbjudge.master.notebook import Cell, Role


def run(source):
    cell = Cell(0, "code", Role.TEST, source, "t", grade_id="t", points=2.0)
    student = SimpleNamespace(complaints=[], transcript=[], received=[], changes=False, deadline=0.0, fault="")
    return run_test(cell, Namespace(student), student, set(), 5.0)


HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS\n"


def test_a_visible_failure_stays_visible_when_a_hidden_part_binds_the_same_names_later():
    result = run("got = 1\nassert got == 2\n" + HIDDEN.format("got = 3"))
    assert isinstance(result, TestResult)
    assert result.visible
    assert result.points == 0.0
    assert result.statement == "assert got == 2"


def test_a_visible_statement_that_reads_what_a_hidden_one_bound_counts_as_hidden():
    assert not run("got = 1\n" + HIDDEN.format("want = 31337") + "assert got == want").visible


def test_a_hidden_failure_is_hidden():
    assert not run("got = 1\n" + HIDDEN.format("assert got == 2")).visible


def test_a_cell_that_runs_to_its_end_earns_its_points():
    assert run("got = 1\nassert got == 1\n" + HIDDEN.format("assert got > 0")).points == 2.0


DOUBLE = answer("f", "def f(x):\n    return 2 * x")


def earned(source, f=None, points=2.0):
    return judge_one(DOUBLE, check(source, points=points), answers=None if f is None else {"f": f})


@pytest.mark.parametrize(
    ("last", "points"),
    [
        ("1.5", 1.5),
        ("0", 0.0),
        ("2", 2.0),
        ("points = 1\npoints", 1.0),
        ("points = 0\nassert f(1) == 2\npoints += 2\npoints", 2.0),
        ("points = 0\nassert f(0.5) == 1\npoints += 1\npoints", 1.0),
        ("sum(f(n) == 2 * n for n in range(4)) / 4", 1.0),
        ("len([f(1)])", 1.0),
        ("None", 2.0),
        ("True", 2.0),
        ("'1'", 2.0),
        ("[1]", 2.0),
        ("f", 2.0),
        ("1;", 2.0),
        ("points = 1", 2.0),
        ("if True:\n    1", 2.0),
    ],
)
def test_a_number_as_the_last_expression_is_the_points(last, points):
    result = earned(last)
    assert result.points == points, result.detail


@pytest.mark.parametrize("last", ["float('nan')", "-1", "2.5", "float('inf')", "-0.001"])
def test_a_number_out_of_bounds_earns_nothing(last):
    result = earned(last)
    assert result.points == 0
    assert "partial credit must lie between 0 and 2" in str(result.error)


@pytest.mark.parametrize(
    "last",
    [
        "f(0)",
        "points = f(0)\npoints",
        "points, rest = f(0)\npoints",
        "got = f(0)\ngot[0]",
        "f(0)[0]",
        "float(f(0))",
        "try:\n    points = f(0)\nexcept Exception:\n    pass\npoints",
        "f.points",
        "score",
    ],
)
@pytest.mark.parametrize("number", ["2", "2.0", "1.25"])
def test_a_submission_cannot_name_its_own_points(last, number):
    made = f"[{number}, 0]" if "[0]" in last or "rest" in last else number
    claims = f"score = {number}\ndef f(x):\n    return {made}\nf.points = {number}"
    cells = (answer("f", "score = 0\ndef f(x):\n    return 2 * x\nf.points = 0"), check(last))
    assert judge_one(*cells, answers={"f": claims}).points == 0


@pytest.mark.parametrize(
    "f",
    [
        "def f(x):\n    import os; os._exit(0)",
        "def f(x):\n    while True: pass",
        "class Yes:\n    def __eq__(self, other): return True\ndef f(x):\n    return Yes()",
        "def f(x):\n    a = []\n    for _ in range(100): a = [a]\n    return a",
        "def f(x):\n    import sys; return sys",
        "def f(x):\n    return 10**10000",
    ],
)
@pytest.mark.parametrize(
    "swallowing",
    [
        "try:\n    assert f(1) == 2\nexcept:\n    pass",
        "try:\n    assert f(1) == 2\nexcept BaseException:\n    pass",
        "import contextlib\nwith contextlib.suppress(BaseException):\n    assert f(1) == 2",
        "points = 0\ntry:\n    points += 2 * (f(1) == 2)\nexcept:\n    points = 2\npoints",
        "import pytest\nwith pytest.raises(BaseException):\n    assert f(1) == 3",
    ],
)
def test_a_test_that_swallows_everything_cannot_pass_what_could_not_be_judged(swallowing, f):
    result = judge_one(DOUBLE, check(swallowing), answers={"f": f}, limits=Limits(cell=5.0, call=0.3, notebook=30.0))
    assert result.points == 0
    assert result.problem


def test_a_test_that_swallows_everything_cannot_outlive_its_time():
    forever = "try:\n    while True:\n        pass\nexcept:\n    pass"
    result = judge_one(DOUBLE, check(forever), limits=Limits(cell=0.3, call=0.3, notebook=30.0))
    assert result.points == 0
    assert result.problem == "the test did not come to its end in time"


def test_an_endless_reply_cannot_hold_up_the_judge():
    stream = "def f(x):\n    while True:\n        yield x"
    result = judge_one(
        DOUBLE, check("assert sum(f(1)) == 2"), answers={"f": stream}, limits=Limits(cell=0.5, call=0.3, notebook=30.0)
    )
    assert result.points == 0
    assert result.problem


@pytest.mark.parametrize("end", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "MemoryError"])
def test_an_exception_of_the_submission_ends_its_test_and_nothing_else(end):
    result = earned("assert f(1) == 2", f"def f(x):\n    raise {end}")
    assert result.points == 0
    assert type(result.error).__name__ == end


def test_a_tests_own_import_that_fails_is_not_the_students_fault():
    assert earned("import there_is_no_such_module\nassert f(1) == 2").broken
    assert not earned("f(1)", "def f(x):\n    import there_is_no_such_module").broken


def test_a_test_that_is_not_python_is_an_error_of_the_course():
    with pytest.raises(CourseError, match="not valid Python"):
        earned("assert f(1) ==")


def test_what_a_test_prints_is_kept_to_itself(capsys):
    assert earned("print('31337')\nassert f(1) == 2").points == 2
    assert capsys.readouterr().out == ""


def test_arguments_are_changed_only_where_the_test_says_so():
    append = "def f(xs):\n    xs.append(3)\n    return 2"
    assert earned("xs = [1]\nf(xs)\nassert xs == [1]", append).points == 2
    assert earned("# arguments may change\nxs = [1]\nf(xs)\nassert xs == [1, 3]", append).points == 2


@pytest.mark.parametrize("given_back", ["np.array([7, 8])", "np.array([])", "torch.empty(0)", "torch.ones(3)"])
def test_points_that_an_answer_turns_into_an_array_are_none(given_back):
    answers = {"square": f"import numpy as np, torch\ndef square(x):\n    return {given_back}"}
    counted = check("points = 0\n" + hidden("points += 2 * (square(7) == 49)") + "\npoints")
    assert judge_one(answer("square", "def square(x):\n    return x * x"), counted, answers=answers).points == 0
