"""All processes of a submission together hold no more memory than allowed."""

import dataclasses

import pytest
from nbformat.v4 import new_code_cell

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
    watch = Watch(2**22 + 1, MIB)
    with pytest.raises(OSError, match="No such file"):
        watch.look()
    watch.stop()


def test_the_total_is_a_limit_like_the_others():
    assert Limits.from_dict(dataclasses.asdict(LIMITS)) == LIMITS
