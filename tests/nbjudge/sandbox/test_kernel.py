"""A kernel ends every cell with a clear status, in time, whatever the cell does."""

import os
import re
import select
import time

import pytest
from nbformat import validate
from nbformat.v4 import new_code_cell, new_notebook

from nbjudge.errors import SandboxError
from nbjudge.sandbox.kernel import GRACE_SECONDS, Kernel
from nbjudge.sandbox.limits import MIB, Limits

FORK_BOMB = """
import os, time
count = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)
        count += 1
except OSError:
    print(count)
"""
FORGERIES = """
import json
from ipykernel.kernelapp import IPKernelApp
app = IPKernelApp.instance()
parent = json.dumps(app.kernel.get_parent()["header"], default=str).encode()
def send(kind, content, parent=parent):
    header = json.dumps({"msg_type": kind, "msg_id": "x"}).encode()
    app.iopub_thread.send_multipart([b"<IDS|MSG>", b"", header, parent, b"{}", content])
app.iopub_thread.send_multipart([b"junk"])
app.iopub_thread.send_multipart([b"<IDS|MSG>"])
send(3, b"{}")
send("stream", b"{}", parent=b"[]")
send("stream", b'{"name": 3, "text": []}')
send("stream", b"[" * 100000)
send("display_data", b'{"data": {"text/html": 3}, "metadata": 1}')
send("display_data", b'{"data": {"text/html": "x", "image/png": [1]}, "metadata": 1}')
send("error", b'{"traceback": 3}')
send("execute_result", b'{"data": {"a/b": "c"}, "execution_count": "1"}')
print("still here")
"""
# A module that notes when somebody asks for its file, as a search through all modules does.
LOOKED_AT = """
import sys, types
class Noticing(types.ModuleType):
    seen = []
    @property
    def __file__(self):
        self.seen.append(1)
        raise AttributeError
sys.modules["noticing"] = Noticing("noticing")
def divide(x):
    return x / 0
"""
LIMITS = Limits(memory=256 * MIB, processes=40, file=4 * MIB, disk=16 * MIB)


@pytest.fixture
def address(sandbox):
    return sandbox.address


@pytest.fixture
def kernel(address):
    with Kernel.start(address, seed=7, limits=LIMITS) as started:
        yield started


def run(kernel, source, timeout=30.0):
    return kernel.execute(new_code_cell(source), timeout)


def printed(result):
    return "".join(output["text"] for output in result.outputs if output["output_type"] == "stream")


def test_a_cell_prints_displays_and_keeps_its_names(kernel):
    assert printed(run(kernel, "x = 41\nprint('hello')")) == "hello\n"
    result = run(kernel, "x + 1")
    assert result.status == "ok"
    assert result.outputs[0]["data"] == {"text/plain": "42"}


def test_an_exception_is_an_error_with_its_name_and_the_kernel_goes_on(kernel):
    result = run(kernel, "1 / 0")
    assert (result.status, result.outputs[-1]["ename"]) == ("error", "ZeroDivisionError")
    assert run(kernel, "2").status == "ok"


def test_an_endless_loop_is_interrupted_and_the_kernel_goes_on(kernel):
    assert run(kernel, "while True: pass", timeout=0.5).status == "timeout"
    assert run(kernel, "2").status == "ok"


def test_a_loop_that_ignores_the_interrupt_is_killed_in_time(kernel):
    source = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    result = run(kernel, source, timeout=0.5)
    assert result.status == "timeout"
    assert not kernel.alive
    assert result.seconds < 0.5 + GRACE_SECONDS + 20


def test_a_stopped_kernel_times_out(kernel):
    assert run(kernel, "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", 0.5).status == "timeout"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os\nos._exit(3)", "code 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("import ctypes\nctypes.string_at(0)", "SIGSEGV"),
    ],
)
def test_a_kernel_that_dies_says_how(kernel, source, reason):
    result = run(kernel, source)
    assert result.status == "died"
    assert reason in result.reason
    assert run(kernel, "2").status == "died"


def test_a_flood_of_output_is_cut_and_says_so(kernel):
    result = run(kernel, "while True: print('x' * 1000)", timeout=1.5)
    assert result.status == "timeout"
    assert "output truncated" in printed(result)
    assert len(printed(result)) < 1_100_000


def test_a_memory_hog_gets_a_memory_error(kernel):
    result = run(kernel, "x = bytearray(400 * 2**20)")
    assert (result.status, result.outputs[-1]["ename"]) == ("error", "MemoryError")
    assert run(kernel, "import mmap\nmmap.mmap(-1, 3 * 2**30)").status == "error"


def test_a_fork_bomb_stops_at_the_limit(kernel):
    assert 0 < int(printed(run(kernel, FORK_BOMB))) < LIMITS.processes


def test_a_closed_kernel_takes_its_processes_along(address):
    with Kernel.start(address, seed=1) as kernel:
        assert int(printed(run(kernel, FORK_BOMB))) > 0
        init = os.dup(kernel.process._init)
    poller = select.poll()
    poller.register(init, select.POLLIN)
    assert poller.poll(5000)  # pid 1 of the kernel's namespace is gone, and with it everything in there
    os.close(init)


def test_big_files_and_a_full_disk_are_errors(kernel):
    assert run(kernel, "open('big', 'wb').write(bytes(5 * 2**20))").outputs[-1]["ename"] == "OSError"
    fill = "for i in range(9): open(f'part{i}', 'wb').write(bytes(3 * 2**20))"
    assert "No space left" in run(kernel, fill).outputs[-1]["evalue"]


def test_random_numbers_follow_the_seed(address):
    source = "import random, numpy\nprint(random.random(), numpy.random.rand())"

    def draw(seed):
        with Kernel.start(address, seed=seed) as kernel:
            return printed(run(kernel, source))

    assert draw(5) == draw(5) != draw(6)


def test_input_is_refused_instead_of_waited_for(kernel):
    assert run(kernel, "input('name?')").outputs[-1]["ename"] == "StdinNotImplementedError"


def test_forged_and_malformed_messages_do_no_harm(kernel):
    result = run(kernel, FORGERIES)
    assert result.status == "ok"
    assert "still here" in printed(result)
    cell = new_code_cell("", outputs=result.outputs)
    validate(new_notebook(cells=[cell]))
    assert run(kernel, "2").status == "ok"


def test_a_forged_reply_does_not_end_the_wait_for_good(kernel):
    hang = "import time\ntime.sleep(600)"
    assert run(kernel, hang, timeout=0.3).status == "timeout"
    assert printed(run(kernel, "print('on')")) == "on\n"


def test_a_message_beyond_the_limit_costs_only_itself(kernel):
    result = run(kernel, "from IPython.display import display, HTML\ndisplay(HTML('x' * 40_000_000))")
    assert result.status in ("ok", "timeout")
    assert all(len(str(output)) < 20_000_000 for output in result.outputs)
    time.sleep(0.5)
    assert run(kernel, "2").status == "ok"


def test_many_cells_with_large_figures_are_bounded_together(kernel, monkeypatch):
    monkeypatch.setattr(kernel, "_room", 1_000_000)
    show = "from IPython.display import display\ndisplay({'image/svg+xml': 'z' * 300_000}, raw=True)"
    runs = [run(kernel, show) for _ in range(6)]
    assert [bool(result.outputs[0].get("data")) for result in runs] == [True] * 3 + [False] * 3
    assert "output truncated" in printed(runs[-1])


def test_without_a_zygote_there_is_one_clear_sentence(tmp_path):
    with pytest.raises(SandboxError, match="gave no kernel"):
        Kernel.start(str(tmp_path / "zygote"), seed=1)


def test_the_agent_socket_reaches_the_kernel(kernel):
    assert kernel.agent.fileno() > 0
    run(kernel, "import os\nos._exit(0)")
    kernel.agent.settimeout(5)
    assert kernel.agent.recv(1) == b""


def test_an_error_is_told_in_full_without_a_search_through_all_modules(kernel):
    run(kernel, LOOKED_AT)
    (error,) = run(kernel, "divide(1)").outputs
    plain = re.sub("\x1b\\[[0-9;]*m", "", "\n".join(error.traceback))
    assert "----> 1 divide(1)" in plain
    assert "def divide(x):" in plain
    assert "return x / 0" in plain
    assert run(kernel, "print(len(Noticing.seen))").outputs[0].text == "0\n"
    shown = run(kernel, "import inspect; print(inspect.getsource(divide), inspect.getmodule(divide).__name__)").outputs
    assert shown[0].text == "def divide(x):\n    return x / 0\n __main__\n"
