"""Hidden checks wait for the end only where nobody could tell the difference."""

import pytest
from judging import QUICK, answer, check, given, hidden, judge_steps, notebook, own
from local_kernel import LocalKernel

from nbjudge.judge.judge import Disturbed, judge_notebook
from nbjudge.judge.waiting import obstacle
from nbjudge.publish.candidate import candidate

SQUARE = answer("square", "def square(x):\n    return x * x")
TEST = check("assert square(2) == 4\n" + hidden("assert square(3) == 9"))
SHOWN = given("print(square(5))", "shown")


def waits(*cells, answers=None, extra=()):
    master = notebook(*cells)
    steps = [*candidate(master, answers), *extra]
    return not obstacle(steps, master.given)


def test_a_plain_function_and_its_tests_wait():
    assert waits(given("import math"), SQUARE, TEST, SHOWN)


@pytest.mark.parametrize(
    "source",
    [
        "import math\ndef square(x):\n    return math.pow(x, 2)",
        "FACTOR = 1.0\ndef square(x):\n    return FACTOR * x * x",
        "def helper(x):\n    return x\ndef square(x, power=2):\n    return helper(x) ** power",
        "import torch\n@torch.no_grad()\ndef square(x):\n    return x * x",
        "class Squarer:\n    power = 2\n    def __call__(self, x):\n        self.x = x\n        return x**self.power\n"
        "def square(x):\n    return Squarer()(x)",
        "def square(x):\n    return x * square(x) if False else x * x",
    ],
)
def test_an_answer_without_a_state_of_its_own_waits(source):
    assert waits(SQUARE, TEST, SHOWN, answers={"square": source})


@pytest.mark.parametrize(
    "source",
    [
        "calls = []\ndef square(x):\n    calls.append(x)\n    return x * x",
        "def square(x, seen=[]):\n    seen.append(x)\n    return x * x",
        "def square(x):\n    global last\n    last = x\n    return x * x",
        "def square(x):\n    square.calls = 1\n    return x * x",
        "def square(x):\n    globals()['last'] = x\n    return x * x",
        "import functools\n@functools.cache\ndef square(x):\n    return x * x",
        "square = make()",
        "class Squarer:\n    seen = []\ndef square(x):\n    return Squarer.seen or x * x",
        "import torch\ntorch.float = torch.double\ndef square(x):\n    return x * x",
        "import torch\ntorch.set_default_dtype(torch.float64)\ndef square(x):\n    return x * x",
        "def square(x):\n    return x * scale",
        "def square(x:\n",
    ],
)
def test_an_answer_with_a_state_does_not_wait(source):
    scale = given("scale = [1][0]", "scale")
    assert not waits(scale, SQUARE, TEST, SHOWN, answers={"square": source})


@pytest.mark.parametrize(
    "source",
    ["square = abs", "def square(x):\n    return 0", "del square", "exec('square = abs')", "square.x = 1", "%reset -f"],
)
def test_a_later_cell_that_touches_an_answer_makes_its_checks_take_place_at_once(source):
    assert not waits(SQUARE, TEST, extra=[own(source)])


@pytest.mark.parametrize(
    ("reading", "later"),
    [
        ("max(x * x, 0)", "max = 5"),
        ("max(x * x, 0)", "from numpy import *"),
        ("helper(x)", "def helper(x):\n    return x * x"),
    ],
)
def test_a_later_cell_that_would_shadow_what_an_answer_reads_makes_its_checks_take_place_at_once(reading, later):
    answers = {"square": f"def square(x):\n    return {reading}"}
    assert waits(SQUARE, TEST, answers=answers)
    assert not waits(SQUARE, TEST, answers=answers, extra=[own(later)])


def test_a_function_that_only_a_later_cell_defines_is_no_answer():
    later = given("def square(x):\n    return x * x", "later")
    only_hidden = check(hidden("assert square(3) == 9"))
    assert not waits(SQUARE, only_hidden, later, answers={"square": "pass"})


def test_code_that_is_nested_too_deeply_is_an_obstacle_and_no_crash():
    deep = "def square(x):\n    return x * x" + " + 0" * 5000
    chain = "\n".join(f"def f{n}(x): return f{n + 1}(x)" for n in range(3000)) + "\ndef square(x): return f0(x)"
    for source in (deep, chain):
        assert not waits(SQUARE, TEST, answers={"square": source})


def test_what_a_test_made_itself_may_be_made_anew_by_later_cells():
    first = check("x = 2\nassert square(x) == 4\n" + hidden("assert square(x) == 4 and x == 2"), "first")
    second = check("x = 3\nassert square(x) == 9\n" + hidden("assert square(x) == 9 and x == 3"), "second")
    cells = [SQUARE, first, given("x = square(7)", "shown"), second]
    assert waits(*cells)
    results = judge_steps(notebook(*cells), candidate(notebook(*cells)), hidden="waiting").results
    assert {name: (result.points, result.detail) for name, result in results.items()} == {
        "first": (2.0, ""),
        "second": (2.0, ""),
    }


def test_what_a_later_test_changes_of_an_earlier_tests_does_not_wait():
    first = check("xs = [2]\nassert square(xs[0]) == 4\n" + hidden("assert xs == [2]"), "first")
    second = check("xs.append(3)\nassert square(xs[1]) == 9", "second")
    assert not waits(SQUARE, first, second)


def test_what_a_hidden_check_makes_for_a_later_test_does_not_wait():
    first = check("assert square(1) == 1\n" + hidden("limit = 9"), "first")
    second = check("assert square(3) == limit", "second")
    assert not waits(SQUARE, first, second)


def test_an_import_in_a_hidden_check_may_serve_later_hidden_checks():
    first = check("assert square(1) == 1\n" + hidden("from math import sqrt\nassert sqrt(square(4)) == 4"), "first")
    second = check("assert square(3) == 9\n" + hidden("assert sqrt(square(5)) == 5"), "second")
    cells = [SQUARE, first, second]
    assert waits(*cells)
    assert judge_steps(notebook(*cells), candidate(notebook(*cells)), hidden="waiting").results["second"].points == 2


def test_a_variable_of_the_students_does_not_wait():
    count = answer("count", "count = [3][0]")
    assert not waits(count, check("assert count == 3\n" + hidden("assert count % 2 == 1")), given("count", "shown"))


@pytest.mark.parametrize("seeding", ["torch.manual_seed(0)", "np.random.seed(1)", "random.seed(2)"])
def test_a_test_that_shares_its_seed_with_the_student_does_not_wait(seeding):
    test = check(f"import random, torch\nimport numpy as np\n{seeding}\n" + hidden("assert square(3) == 9"))
    assert not waits(SQUARE, test)


def test_a_test_may_change_what_it_has_made_itself():
    test = check("class Box: pass\nbox = Box()\nbox.side = square(2)\nassert box.side == 4\n" + hidden("box.side = 3"))
    assert waits(SQUARE, test, SHOWN)


def test_the_obstacle_is_named():
    master = notebook(SQUARE, TEST, given("square = abs", "later"))
    assert obstacle(candidate(master), master.given) == (
        "the cell check needs 'square', which may be another by the end"
    )
    steps = [*candidate(notebook(SQUARE, TEST)), own("exec('1')", "mine")]
    assert obstacle(steps, []) == "the cell id-mine uses 'exec'"


def test_waiting_checks_draw_the_same_random_numbers_as_at_their_place():
    remember = answer("remember", "def remember(x):\n    return x")
    test = check("import random\nremember(random.random())\n" + hidden("remember(random.random())"))
    master = notebook(remember, test, check("import random\nremember(random.random())", "other"))
    runs = [judge_steps(master, candidate(master), hidden=how).results for how in ("at once", "waiting")]
    for name in ("check", "other"):
        assert runs[0][name].transcript == runs[1][name].transcript != ()


def test_no_hidden_input_reaches_the_student_before_the_last_cell_has_run():
    spy = "seen = set()\ndef square(x):\n    seen.add(x)\n    return x * x"
    count = check("assert len(seen) == 1", "count")
    master = notebook(SQUARE, TEST, given("seen", "shown"), count)
    judged = judge_steps(master, candidate(master, {"square": spy}), hidden="waiting")
    assert judged.results["count"].points == 2
    assert judged.results["check"].points == 2


def test_a_process_that_ends_while_checks_wait_has_them_judged_at_their_place():
    master = notebook(SQUARE, TEST, given("import os\nos._exit(1)", "end"))
    with pytest.raises(Disturbed):
        judge_notebook(master, candidate(master), LocalKernel, 7, limits=QUICK, hidden="waiting")
