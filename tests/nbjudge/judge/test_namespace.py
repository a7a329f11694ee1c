"""Which side a name means, and that the student's side has no say in what the judge's names do."""

from __future__ import annotations

import pytest
from judging import answer, check, given, hidden, judge, judge_one, judge_steps, notebook, own

from nbjudge.publish.candidate import candidate

DOUBLE = "def double(x):\n    return 2 * x"
WRONG = "def double(x):\n    return x"


@pytest.mark.parametrize(
    "trick",
    [
        "sum = abs = len = lambda *a, **k: 0",
        "isinstance = issubclass = callable = lambda *a: True",
        "type = print = lambda *a: None",
        "AssertionError = BaseException = lambda *a: None",
        "class np:\n    allclose = staticmethod(lambda *a, **k: True)",
        "import numpy as np\nnp.allclose = np.abs = lambda *a, **k: True",
        "import torch\ntorch.allclose = torch.equal = lambda *a, **k: True",
        "close = lambda *a: None",
        "__builtins__ = {}\n__name__ = 'x'",
    ],
)
def test_what_a_submission_rebinds_changes_nothing_here(trick: str) -> None:
    cells = (
        given("import numpy as np\nimport torch\ndef close(a, b):\n    assert abs(a - b) < 1e-6"),
        answer("double", DOUBLE),
        check(
            "assert isinstance(double(2.0), float)\nassert sum([abs(double(2.0) - 4)]) == 0\n"
            "close(double(1.5), 3.0)\nassert np.allclose(double(2), 4)\n"
            "assert torch.equal(torch.tensor([double(3)]), torch.tensor([6]))"
        ),
    )
    wrong = judge_one(*cells, answers={"double": f"{WRONG}\n{trick}"})
    assert wrong.points == 0
    right = judge_one(*cells, answers={"double": f"{DOUBLE}\n{trick}"})
    assert right.points == 2, right.detail


@pytest.mark.parametrize(
    "sabotage",
    [
        "import builtins\nbuiltins.isinstance = builtins.abs = lambda *a: True",
        "import sys\nsys.modules['numpy'] = sys.modules['torch'] = None",
        "import nbjudge.border.agent as a\na.Agent.answer = lambda self, request: [request[0], 'ok', 4, None]",
        "import nbjudge.border.encode as e\ne.encode = lambda value, ref: ['list', [4]]",
    ],
)
def test_sabotage_of_its_own_process_earns_a_submission_nothing(sabotage: str) -> None:
    cells = (answer("double", DOUBLE), check("assert [double(2), double(3)] == [4, 6]"))
    assert judge_one(*cells, answers={"double": f"{WRONG}\n{sabotage}"}).points == 0


def test_a_helper_of_the_tests_is_not_the_submissions() -> None:
    helper = check("def holds(a, b):\n    assert a == b", "helper", 0)
    wrong = judge(
        answer("double", DOUBLE),
        helper,
        check("holds(double(2), 4)"),
        answers={"double": f"{WRONG}\ndef holds(a, b):\n    pass"},
    )
    assert wrong["check"].points == 0


def test_an_answers_name_is_the_submissions_even_where_staff_defined_it_before() -> None:
    cells = (given("def double(x):\n    return 2 * x"), answer("double", DOUBLE), check("assert double(2) == 4"))
    assert judge_one(*cells, answers={"double": WRONG}).points == 0


def test_a_builtin_that_an_answer_defines_is_the_submissions() -> None:
    cells = (answer("sum", "def sum(xs):\n    return len(xs)"), check("assert sum([5, 5]) == 2"))
    assert judge_one(*cells).points == 2
    assert judge_one(*cells, answers={"sum": "def sum(xs):\n    return 10"}).points == 0


def test_a_name_that_staff_define_after_an_answer_is_the_judges_again() -> None:
    cells = (answer("scale", "scale = 3"), given("scale = 5"), check("assert scale == 5"))
    assert judge_one(*cells, answers={"scale": "scale = 4"}).points == 2


def test_a_computed_name_is_asked_for_and_noted() -> None:
    master = notebook(
        given("data = [i * i for i in range(4)]"), answer("total", "total = 14"), check("assert sum(data) == total")
    )
    judged = judge_steps(master, candidate(master))
    assert judged.results["check"].points == 2
    assert judged.fetched == {"data"}


def test_deleting_and_restoring_an_answer_acts_on_the_students_side() -> None:
    cells = (
        answer("double", DOUBLE),
        answer("four", "def four():\n    return double(2)"),
        check(
            "saved = double\ndel double\n"
            "try:\n    four()\nexcept NameError:\n    pass\nelse:\n    assert False, 'double was not called'\n"
            "double = saved\nassert four() == 4"
        ),
    )
    assert judge_one(*cells).points == 2
    assert judge_one(*cells, answers={"four": "def four():\n    return 4"}).points == 0


def test_globals_tells_what_the_submission_has_bound() -> None:
    cells = (answer("answer", "found = 3"), check("assert 'found' in globals() and globals().get('lost') is None"))
    assert judge_one(*cells).points == 2
    assert judge_one(*cells, answers={"answer": "pass"}).points == 0


def test_an_unbound_name_is_a_name_error() -> None:
    result = judge_one(answer("double", DOUBLE), check("double(2)"), answers={"double": "pass"})
    assert isinstance(result.error, NameError)


def test_classes_of_the_submission_answer_type_questions() -> None:
    shapes = "class Shape:\n    pass\nclass Square(Shape):\n    side = 2"
    cells = (
        answer("shapes", shapes),
        check(
            "square = Square()\nassert isinstance(square, Shape) and issubclass(Square, Shape)\n"
            "assert type(square) is Square and isinstance(Square, type) and callable(Square)\n"
            "assert not isinstance(square.side, Shape) and type(square.side) is int"
        ),
    )
    assert judge_one(*cells).points == 2
    liar = "class Always(type):\n    def __instancecheck__(cls, x):\n        return True\n"
    lying = f"{liar}class Shape(metaclass=Always):\n    pass\nclass Square:\n    side = 2"
    assert judge_one(*cells, answers={"shapes": lying}).points == 0


def test_plain_data_is_no_instance_of_a_class_that_says_so() -> None:
    liar = "class Always(type):\n    def __instancecheck__(cls, x):\n        return True\n"
    cells = (answer("made", "class Box:\n    pass\nmade = Box()"), check("assert isinstance(made, Box)"))
    assert judge_one(*cells).points == 2
    assert judge_one(*cells, answers={"made": f"{liar}class Box(metaclass=Always):\n    pass\nmade = 3"}).points == 0


class TestWhatIsHandedOver:
    """Names bound by tests and read by later answers."""

    cells = (
        check("scale = 10\n" + hidden("secret = 31337"), "binds", 0),
        answer("scaled", "def scaled(x):\n    return x * scale"),
        check("assert scaled(2) == 20"),
    )

    def test_what_a_visible_part_binds_reaches_a_later_answer(self) -> None:
        assert judge(*self.cells)["check"].points == 2

    @pytest.mark.parametrize(
        "binding",
        [
            hidden("secret = 31337"),
            hidden("secret = 31337") + "\nshown = secret + 1",
            "shown = 0\n" + hidden("shown = 31337"),
            "shown = []\n" + hidden("shown.append(31337)"),
            hidden("def look():\n    return 31337") + "\nshown = look()",
            hidden("for secret in [31337]:\n    pass"),
        ],
    )
    def test_what_is_bound_in_hiding_does_not(self, binding: str) -> None:
        peek = "def peek():\n    return repr([globals().get('secret'), globals().get('shown'), globals().get('look')])"
        cells = (
            check(binding, "binds", 0),
            check("again = 1\nrest = globals().get('shown')\nother = globals().get('look')", "between", 0),
            answer("peek", f"{peek}\n# secret, shown, look, rest\n_ = lambda: (secret, shown, look, rest, again)"),
            check("assert '31337' not in peek()"),
        )
        assert judge(*cells)["check"].points == 2

    def test_a_value_made_of_a_hidden_one_in_a_later_cell_does_not(self) -> None:
        cells = (
            check(hidden("secret = 31337"), "binds", 0),
            check("shown = secret + 1", "between", 0),
            answer("peek", "def peek():\n    return globals().get('shown')\n_ = lambda: shown"),
            check("assert peek() is None"),
        )
        assert judge(*cells)["check"].points == 2

    def test_a_function_passed_in_brings_only_the_globals_that_it_reads(self) -> None:
        spy = (
            "def apply(f, x):\n"
            "    seen = str({k: v for k, v in f.__globals__.items() if k != '__builtins__'})\n"
            "    return f(x), '31337' in seen, '3.5' in seen"
        )
        cells = (
            answer("apply", spy),
            check(
                "factor = 3.5\nshape = lambda x: factor * x\n"
                + hidden("secret = 31337\nvalue, secrets, factors = apply(shape, 2)\nassert value == 7.0")
                + "\nassert not secrets\nassert factors"
            ),
        )
        assert judge_one(*cells).points == 2


def test_a_submissions_copy_of_a_released_cell_defines_nothing_here() -> None:
    master = notebook(
        given("def close(a, b):\n    assert abs(a - b) < 1e-6", "helpers"),
        answer("double", DOUBLE),
        check("close(double(2), 4)"),
    )
    released, solution, test = candidate(master)
    forged = own("ran_here = True\nclose = lambda *a: None", "helpers", "helpers")
    wrong = own(f"{WRONG}\nclose = lambda *a: None", "double", "double")
    assert judge_steps(master, [forged, wrong, test]).results["check"].points == 0
    # Neither does leaving the cell out, or a cell of one's own with a released cell's id.
    assert judge_steps(master, [wrong, test]).results["check"].points == 0
    imposter = own("close = lambda *a: None", "double")
    assert judge_steps(master, [released, imposter, wrong, test]).results["check"].points == 0
    assert judge_steps(master, [forged, solution, test]).results["check"].points == 2


def test_no_cell_of_a_submission_runs_in_the_judges_process() -> None:
    import os
    import sys

    mark = "import sys\nsys.nbjudge_was_here = True\nimport os\npid = os.getpid()"
    master = notebook(given("helper = 1", "helpers"), answer("pid", "pid = 0"), check("assert pid != 0"))
    _, _, test = candidate(master)
    steps = [own(mark, "helpers", "helpers"), own(mark, "pid", "pid"), own(mark, "extra"), test]
    judged = judge_steps(master, steps)
    assert judged.results["check"].points == 2
    assert not hasattr(sys, "nbjudge_was_here")
    assert os.getpid() > 0


def test_a_released_definition_that_calls_an_answer_runs_on_the_students_side() -> None:
    master_cells = (
        answer("label", "def label(f):\n    return f"),
        given("@label\ndef three():\n    return 3"),
        check("assert three() == 3"),
    )
    assert judge_one(*master_cells).points == 2
    for bad in ("import os; os._exit(3)", "raise SystemExit", "raise KeyboardInterrupt"):
        result = judge_one(*master_cells, answers={"label": f"def label(f):\n    {bad}"})
        assert result.points == 0
