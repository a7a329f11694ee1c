"""Whatever becomes of one worker process, it costs its own notebook only and leaves nothing behind."""

import tempfile
import time

import psutil
import pytest
from masters import answer, check, notebook

from nbjudge.judge.task import Limits, Task
from nbjudge.judge.verdict import Outcome
from nbjudge.master.notebook import read_notebook
from nbjudge.pool import pool
from nbjudge.pool.pool import Pool
from nbjudge.publish.candidate import candidate

ANSWER = answer("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION")
DEAF = "import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: time.sleep(1)"
LEAVES = "import os, tempfile\nopen('left', 'w').close()\ntempfile.mkdtemp()\n"


def task(bench, name, test, **options):
    """The task of judging a notebook whose one test holds ``test``: staff's code, run in the worker."""
    master = read_notebook(notebook(ANSWER, check(f"assert double(1) == 2\n{test}")), name)
    return Task(name, master, candidate(master), bench.sandbox.address, seed=1, root="", **options)


def judge(bench, *tasks):
    return {judgement.student: judgement for judgement in bench.pool.judge(tasks)}


def outcomes(judgements):
    return {name: judgement.verdicts[0].outcome for name, judgement in judgements.items()}


def test_workers_that_die_or_raise_cost_only_their_own_notebook(bench):
    judged = judge(
        bench,
        task(bench, "first", "pass"),
        task(bench, "killed", "import os; os.kill(os.getpid(), 9)"),
        task(bench, "left", "import os; os._exit(7)"),
        task(bench, "crashed", "import ctypes; ctypes.string_at(0)"),
        task(bench, "not Python", "def"),
        task(bench, "last", "pass"),
    )
    assert outcomes(judged) == {
        "first": Outcome.PASSED,
        "killed": Outcome.NOT_JUDGED,
        "left": Outcome.NOT_JUDGED,
        "crashed": Outcome.NOT_JUDGED,
        "not Python": Outcome.NOT_JUDGED,
        "last": Outcome.PASSED,
    }
    assert judged["killed"].events == ("the judge's process ended unexpectedly (exit code -9)",)
    assert judged["left"].events == ("the judge's process ended unexpectedly (exit code 7)",)
    assert judged["crashed"].events == ("the judge's process ended unexpectedly (exit code -11)",)
    assert "not valid Python" in judged["not Python"].events[0]


def test_a_worker_that_hangs_is_ended_and_the_others_go_on(bench, monkeypatch):
    monkeypatch.setattr(pool, "SPARE_SECONDS", 0.5)
    judged = judge(
        bench,
        task(bench, "hangs", DEAF, limits=Limits(notebook=4.0)),
        task(bench, "beside it", "pass"),
        task(bench, "after it", "pass"),
    )
    assert judged["hangs"].verdicts[0].outcome is Outcome.NOT_JUDGED
    assert judged["hangs"].events == ("the judge itself did not come to an end in time",)
    assert outcomes(judged)["beside it"] is outcomes(judged)["after it"] is Outcome.PASSED


def family(*roots):
    """The processes below some processes, by id."""
    return {child.pid for root in roots for child in psutil.Process(root).children(recursive=True)}


def test_no_process_and_no_folder_is_left_behind(bench, monkeypatch, tmp_path):
    judge(bench, task(bench, "first", "pass"))
    mine = psutil.Process().pid
    before = family(mine)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(pool, "SPARE_SECONDS", 0.5)
    judged = judge(
        bench,
        task(bench, "leaves files", LEAVES),
        task(bench, "killed", LEAVES + "os.kill(os.getpid(), 9)"),
        task(bench, "hangs", LEAVES + DEAF, limits=Limits(notebook=3.0)),
    )
    assert outcomes(judged)["leaves files"] is Outcome.PASSED
    assert list(tmp_path.iterdir()) == []
    assert {path.name for path in bench.pool._folder.path.iterdir()} == {"lock", "warm", "warm-cells.json"}
    deadline = time.monotonic() + 30
    # The zygote notices a moment later that a kernel's judge is gone.
    while (left := family(mine) - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == set()


def test_many_notebooks_come_back_each_with_its_own_result(bench):
    tasks = [task(bench, f"n{number}", f"assert double({number}) == {2 * number}") for number in range(8)]
    wrong = task(bench, "wrong", "assert double(1) == 3")
    judged = judge(bench, *tasks, wrong)
    assert outcomes(judged) == {f"n{n}": Outcome.PASSED for n in range(8)} | {"wrong": Outcome.FAILED}


def test_tasks_are_taken_a_few_ahead_only(bench):
    taken = []

    def coming():
        for number in range(12):
            taken.append(number)
            yield task(bench, f"n{number}", "pass")

    judging = bench.pool.judge(coming())
    next(judging)
    assert len(taken) <= 6
    assert len(list(judging)) == 11


def test_a_machine_that_gives_no_more_processes_judges_nothing_and_says_so(bench, monkeypatch):
    def refuse(*arguments, **options):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    (judged,) = judge(bench, task(bench, "first", "pass")).values()
    assert judged.verdicts[0].outcome is Outcome.NOT_JUDGED
    assert "could not be had" in judged.events[0]
    assert "Resource temporarily unavailable" in judged.events[0]


def test_a_pool_may_be_closed_before_anything_was_judged():
    with Pool(1) as pool_:
        assert pool_._folder.path.is_dir()
    assert pool_._warm.returncode is not None
    assert not pool_._folder.path.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_a_pool_needs_no_more_tasks_than_it_gets(bench, count):
    assert len(judge(bench, *[task(bench, f"n{number}", "pass") for number in range(count)])) == count


def test_workers_see_no_gpu_unless_the_run_is_on_one(bench, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    with Pool(1) as on_the_cpu, Pool(1, device="cuda") as on_the_gpu:
        seen = [each.ask("os", "getenv", "CUDA_VISIBLE_DEVICES", seconds=60) for each in (on_the_cpu, on_the_gpu)]
    assert seen == ["", "1"]


def test_a_question_that_a_worker_cannot_answer_is_answered_with_why(bench):
    assert "ended unexpectedly" in bench.pool.ask("os", "_exit", 3, seconds=60)
