"""All processes of a submission together hold no more memory than allowed."""

import dataclasses
import signal
import subprocess
from itertools import repeat

import pytest
from nbformat.v4 import new_code_cell

from nbjudge.sandbox import watch
from nbjudge.sandbox.kernel import Kernel
from nbjudge.sandbox.limits import MIB, Limits
from nbjudge.sandbox.sandbox import Sandbox
from nbjudge.sandbox.watch import Watch, children, held, submissions_below

LIMITS = Limits(total=600 * MIB)
MANY = """import os, time
for _ in range(8):
    if os.fork() == 0:
        x = b"1" * (100 << 20)
        time.sleep(60)
"""


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(limits=LIMITS) as opened:
        yield opened


def run(kernel, source, seconds=20):
    return kernel.execute(new_code_cell(source), seconds)


def test_many_processes_that_each_stay_below_their_limit_are_ended_together(sandbox):
    with Kernel.start(sandbox.address, seed=1, limits=LIMITS) as greedy, Kernel.start(sandbox.address, 1) as other:
        assert run(greedy, MANY + "time.sleep(20)").status == "died"
        assert run(other, "1 + 1").status == "ok"


def test_what_is_shared_with_the_zygote_does_not_count(sandbox):
    with Kernel.start(sandbox.address, seed=1, limits=LIMITS) as kernel:
        assert run(kernel, MANY.replace("100 << 20", "10 << 20") + "time.sleep(1.5)").status == "ok"


def test_the_zygote_and_its_submissions_are_found_below_the_wrappers(sandbox):
    zygote, before = submissions_below(sandbox._process.pid)
    assert held(zygote) > MIB
    with Kernel.start(sandbox.address, seed=1):
        assert len(set(submissions_below(sandbox._process.pid)[1]) - set(before)) == 1


def test_a_process_that_has_ended_holds_nothing():
    assert held(2**22 + 1) == 0
    assert children(2**22 + 1) == []


def test_a_watch_over_what_has_ended_goes_on_until_it_is_stopped():
    one = Watch(NOWHERE, MIB)
    with pytest.raises(OSError, match="No such file"):
        one.look()
    one.stop()


NOWHERE = 2**22 + 1  # above the largest process id


@pytest.fixture
def pretend(monkeypatch):
    """A watch whose own looks find what a test pretends; those over other sandboxes find what is there."""

    def begin(inits, sums):
        one = Watch(NOWHERE, 10 * MIB)
        one.stop()
        below, real = watch.submissions_below, watch.held
        monkeypatch.setattr(
            watch, "submissions_below", lambda top: (NOWHERE, next(inits)) if top == NOWHERE else below(top)
        )
        monkeypatch.setattr(watch, "held", lambda pid: next(sums[pid]) if pid in sums else real(pid))
        return one

    return begin


@pytest.fixture
def bystander():
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def test_a_number_that_another_process_has_got_since_is_left_alone(pretend, bystander):
    one = pretend(iter([[bystander.pid], [], [bystander.pid], [bystander.pid]]), {bystander.pid: repeat(20 * MIB)})
    assert one.look() == []
    assert bystander.poll() is None
    assert one.look() == [bystander.pid]
    assert bystander.wait(10) == -signal.SIGKILL


def test_a_sum_that_was_too_large_only_once_ends_nobody(pretend, bystander):
    one = pretend(repeat([bystander.pid]), {bystander.pid: iter([20 * MIB, 5 * MIB])})
    assert one.look() == []
    assert bystander.poll() is None


def test_the_total_is_a_limit_like_the_others():
    assert Limits.from_dict(dataclasses.asdict(LIMITS)) == LIMITS
