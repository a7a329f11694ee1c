"""The walk over a notebook: places, restarts, and what each costs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from judging import answer, check, given, hidden, judge, judge_steps, notebook, own
from local_kernel import LocalKernel

from nbjudge.judge.judge import MAX_RESTARTS, judge_notebook
from nbjudge.judge.task import Limits
from nbjudge.master.notebook import Role
from nbjudge.publish.candidate import candidate

SHORT = Limits(cell=1.0, call=0.5, notebook=30.0)
CELLS = (
    answer("first", "def first():\n    return 1"),
    check("assert first() == 1", "first_is_right"),
    answer("second", "def second():\n    return 2"),
    check("assert second() == 2", "second_is_right"),
)
ENDLESS = "while True:\n    pass"


def points(answers: dict[str, str], limits: Limits = SHORT) -> list[float]:
    return [result.points for result in judge(*CELLS, answers=answers, limits=limits).values()]


def test_tests_run_at_their_place_between_the_answers() -> None:
    results = judge(
        answer("x", "x = 1"),
        check("assert x == 1", "before"),
        answer("again", "x = 2"),
        check("assert x == 2", "after"),
    )
    assert [result.points for result in results.values()] == [2, 2]


def test_state_of_an_earlier_test_is_there_for_a_later_one() -> None:
    results = judge(check("import math\nseen = [1]", "one"), check("assert math.floor(1.5) == seen[0]", "two"))
    assert results["two"].points == 2


@pytest.mark.parametrize("end", [ENDLESS, "import os\nos._exit(1)", "import os\nos.kill(os.getpid(), 9)"])
def test_an_answer_cell_that_hangs_or_dies_costs_its_own_exercise(end: str) -> None:
    assert points({"first": end}) == [0, 2]
    assert points({"second": end}) == [2, 0]


@pytest.mark.parametrize(
    "end", [ENDLESS, "import os; os._exit(1)", "raise SystemExit", "exit()", "raise KeyboardInterrupt", "first()"]
)
def test_a_call_that_hangs_or_dies_costs_its_own_exercise(end: str) -> None:
    body = end.replace("\n", "\n    ")
    assert points({"first": f"def first():\n    {body}"}) == [0, 2]
    assert points({"second": f"def second():\n    {body}".replace("first()", "second()")}) == [2, 0]


def test_a_call_that_cannot_be_interrupted_costs_its_own_exercise() -> None:
    stubborn = (
        "def first():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
    )
    assert points({"first": stubborn}) == [0, 2]


def test_slow_calls_cost_their_own_test_once_its_time_is_over() -> None:
    cells = (*CELLS[:1], check("for _ in range(50):\n    assert first() == 1", "first_is_right"), *CELLS[2:])
    slow = "import time\ndef first():\n    time.sleep(0.3)\n    return 1"
    results = judge(*cells, answers={"first": slow}, limits=Limits(cell=1.0, call=5.0, notebook=60.0))
    assert results["first_is_right"].problem == "the submission's code did not come back in time"
    assert results["second_is_right"].points == 2


def test_what_cells_before_the_dead_one_had_bound_is_there_again() -> None:
    cells = (
        given("base = [n for n in range(5)]"),
        check("handed = 10", "binds", 0),
        answer("first", "def first():\n    return 1"),
        check("assert first() == 1", "first_is_right"),
        answer("second", "total = sum(base) + handed"),
        check("assert total == 20", "second_is_right"),
    )
    results = judge(*cells, answers={"first": "def first():\n    import os; os._exit(1)"}, limits=SHORT)
    assert results["first_is_right"].points == 0
    assert results["second_is_right"].points == 2, results["second_is_right"].detail


def test_an_object_of_an_ended_process_cannot_be_used() -> None:
    cells = (
        answer("box", "class Box:\n    size = 3\nbox = Box()"),
        check("kept = box", "keeps", 0),
        answer("ends", "def ends():\n    return 1"),
        check("ends()", "ended"),
        check("try:\n    assert kept.size == 3\nexcept BaseException:\n    pass", "uses"),
    )
    assert judge(*cells)["uses"].points == 2
    results = judge(*cells, answers={"ends": "def ends():\n    import os; os._exit(0)"}, limits=SHORT)
    assert results["uses"].points == 0
    assert "lost when its process ended" in results["uses"].problem


def test_after_too_many_ends_the_rest_is_lost_and_says_so() -> None:
    cells = []
    for n in range(MAX_RESTARTS + 3):
        cells += [answer(f"f{n}", f"def f{n}():\n    return 1"), check(f"assert f{n}() == 1", f"t{n}")]
    bad = {f"f{n}": f"def f{n}():\n    import os; os._exit(0)" for n in range(MAX_RESTARTS + 1)}
    results = judge(*cells, answers=bad, limits=SHORT)
    assert [result.points for result in results.values()] == [0.0] * (MAX_RESTARTS + 3)
    assert results[f"t{MAX_RESTARTS + 2}"].problem == "the notebook's process had ended too often"


def test_a_notebook_has_a_time_limit_of_its_own() -> None:
    master = notebook(*CELLS)
    steps = [own("import time\ntime.sleep(5)", f"c{n}") for n in range(5)]
    judged = judge_steps(master, [*steps, *candidate(master)], Limits(cell=10.0, call=1.0, notebook=1.0))
    assert set(judged.lost.values()) <= {
        "did not finish in time",
        "was not run: the notebook's time was used up",
    }
    assert 0 in judged.lost


def test_every_kernel_that_was_started_is_closed() -> None:
    from local_kernel import LocalKernel

    kernels: list[LocalKernel] = []

    def launch() -> LocalKernel:
        kernels.append(LocalKernel())
        return kernels[-1]

    master = notebook(*CELLS)
    judge_notebook(master, candidate(master, {"first": "import os\nos._exit(0)"}), launch, 7, limits=SHORT)
    assert len(kernels) == 2
    assert all(kernel.pid == 0 for kernel in kernels)


def test_with_hidden_tests_left_out_only_visible_statements_run() -> None:
    cells = (CELLS[0], check("assert first() == 1\n" + hidden("assert first() == 3"), "first_is_right"))
    assert judge(*cells)["first_is_right"].points == 0
    assert judge(*cells, hidden="never")["first_is_right"].points == 2


def test_a_tests_random_inputs_come_from_the_runs_seed_and_not_from_the_submission() -> None:
    draw = (
        "import random, numpy as np, torch\nbefore = (random.random(), float(np.random.rand()), float(torch.rand(())))"
    )
    seeds = "import random, numpy as np, torch\ndef f():\n    random.seed(0); np.random.seed(0); torch.manual_seed(0)"
    cells = (
        answer("f", "def f():\n    pass"),
        check(f"{draw}\nf()\nafter = random.random()\nassert False, repr((before, after))"),
    )

    def drawn(source: str, seed: int) -> str:
        master = notebook(*cells)
        from local_kernel import LocalKernel

        return str(judge_notebook(master, candidate(master, {"f": source}), LocalKernel, seed).results["check"].error)

    assert drawn("def f():\n    pass", 1) == drawn(seeds, 1) != drawn(seeds, 2)


def test_a_seed_that_the_test_sets_is_shared_with_the_call() -> None:
    cells = (
        answer("f", "import random\nimport torch\ndef f():\n    return random.random(), float(torch.rand(()))"),
        check(
            "import random, torch\nrandom.seed(3)\ntorch.manual_seed(3)\ngot = f()\n"
            "random.seed(3)\ntorch.manual_seed(3)\nassert got == (random.random(), float(torch.rand(())))"
        ),
    )
    assert judge(*cells)["check"].points == 2


def test_plain_cells_run_where_the_submission_has_them() -> None:
    master = notebook(
        given("n = [0 for _ in range(3)]", "plain", Role.PLAIN), answer("f", "m = len(n)"), check("assert m == 3")
    )
    assert judge_steps(master, candidate(master)).results["check"].points == 2


def test_a_name_that_a_failed_test_would_have_bound_is_not_answered_by_the_submission() -> None:
    cells = (
        answer("f", "def f():\n    return 1"),
        check("assert f() == 1\n" + hidden("wanted = 2"), "binds"),
        answer("g", "def g():\n    return 2"),
        check("assert g() == wanted", "reads"),
    )
    assert [r.points for r in judge(*cells).values()] == [2, 2]
    cheat = {"f": "def f():\n    return 0", "g": "wanted = 5\ndef g():\n    return wanted"}
    results = judge(*cells, answers=cheat)
    assert [r.points for r in results.values()] == [0, 0]
    assert isinstance(results["reads"].error, NameError)


def test_a_helper_that_needs_a_missing_answer_is_not_taken_from_the_submission() -> None:
    cells = (
        answer("scale", "scale = 1"),
        given("def close(one, other, tol=scale):\n    return abs(one - other) < tol", role=Role.PLAIN),
        answer("f", "def f():\n    return 7"),
        check("assert close(f(), 7)"),
    )
    assert judge(*cells)["check"].points == 2
    cheat = {"scale": "pass", "f": "def f():\n    return 0\ndef close(*rest):\n    return True"}
    assert judge(*cells, answers=cheat)["check"].points == 0


def test_a_file_that_cannot_be_written_costs_only_itself() -> None:
    master = notebook(*CELLS)
    judged = judge_notebook(master, candidate(master), LocalKernel, 7, files={"x" * 300: b""})
    assert [result.points for result in judged.results.values()] == [2, 2]
    assert judged.missing == {"x" * 300: "could not be written: File name too long"}


def test_a_file_that_takes_for_ever_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("never")  # nobody reads it, so writing waits
    cells = (answer("text", "text = open('soon').read()"), check("assert text == 'here'"))
    master = notebook(*cells)
    judged = judge_notebook(
        master, candidate(master), LocalKernel, 7, files={"never": b"x", "soon": b"here"}, limits=SHORT
    )
    assert judged.results["check"].points == 2
    assert judged.missing == {"never": "could not be written in time"}
