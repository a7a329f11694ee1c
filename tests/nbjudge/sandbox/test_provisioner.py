"""Jupyter's own clients get their kernels from the sandbox by kernel name."""

import copy
import json
import os
from contextlib import contextmanager, suppress
from pathlib import Path

import nbclient
import psutil
import pytest
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, new_notebook

from nbjudge.errors import SandboxError
from nbjudge.sandbox import provisioner
from nbjudge.sandbox.provisioner import ADDRESS_VARIABLE
from nbjudge.sandbox.sandbox import Sandbox

SPEC = {
    "argv": ["python"],
    "display_name": "Boxed",
    "language": "python",
    "metadata": {"kernel_provisioner": {"provisioner_name": "nbjudge-sandbox", "config": {}}},
}


@pytest.fixture
def write_spec(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    def write(name, **settings):
        folder = tmp_path / "kernels" / name
        folder.mkdir(parents=True)
        spec = copy.deepcopy(SPEC)
        spec["metadata"]["kernel_provisioner"]["config"] = settings
        (folder / "kernel.json").write_text(json.dumps(spec))
        return name

    return write


@pytest.fixture
def kernel_name(write_spec):
    return write_spec("boxed")


@pytest.fixture
def own_sandboxes(monkeypatch):
    """The sandboxes that are opened because there is no zygote; closed at the test's end."""
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    monkeypatch.setattr(provisioner, "_kept", {})
    opened = []

    class Counted(Sandbox):
        def __enter__(self):
            opened.append(super().__enter__())
            return opened[-1]

    monkeypatch.setattr(provisioner, "Sandbox", Counted)
    kept = provisioner._kept
    yield opened
    for one in kept.values():
        one.close()


@contextmanager
def started(name):
    """A running kernel's manager, and a client that is ready."""
    manager = KernelManager(kernel_name=name)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client, source):
    """The reply to a cell; an error in it aborts no cell that is sent right behind it."""
    number = client.execute(source, stop_on_error=False)
    while (reply := client.get_shell_msg(timeout=60))["parent_header"].get("msg_id") != number:
        pass
    return reply["content"]


@pytest.fixture(scope="module")
def zygote():
    with Sandbox() as sandbox:
        yield sandbox.address


@pytest.fixture
def with_zygote(zygote, monkeypatch):
    monkeypatch.setenv(ADDRESS_VARIABLE, zygote)


def notebook(*sources):
    return new_notebook(cells=[new_code_cell(source) for source in sources])


@pytest.mark.usefixtures("with_zygote")
def test_nbclient_runs_a_notebook_by_kernel_name(kernel_name):
    done = nbclient.execute(notebook("x = 20", "print(x + 1)", "x + 2"), kernel_name=kernel_name, timeout=30)
    assert done.cells[1].outputs[0]["text"] == "21\n"
    assert done.cells[2].outputs[0]["data"]["text/plain"] == "22"


@pytest.mark.usefixtures("with_zygote")
def test_nbclient_sees_errors_and_time_outs(kernel_name):
    with pytest.raises(nbclient.exceptions.CellExecutionError, match="ZeroDivisionError"):
        nbclient.execute(notebook("1 / 0"), kernel_name=kernel_name, timeout=30)
    with pytest.raises(nbclient.exceptions.CellTimeoutError):
        nbclient.execute(notebook("while True: pass"), kernel_name=kernel_name, timeout=1)


@pytest.mark.usefixtures("with_zygote")
def test_nbclient_sees_a_dead_kernel(kernel_name):
    with pytest.raises(nbclient.exceptions.DeadKernelError):
        nbclient.execute(notebook("import os; os._exit(1)"), kernel_name=kernel_name, timeout=30)


@pytest.mark.usefixtures("with_zygote")
def test_what_is_outside_the_sandbox_is_out_of_reach(kernel_name, tmp_path):
    done = nbclient.execute(notebook(f"import os; print(os.path.exists({str(tmp_path)!r}))"), kernel_name=kernel_name)
    assert done.cells[0].outputs[0]["text"] == "False\n"


@pytest.mark.usefixtures("with_zygote")
def test_a_manager_starts_interrupts_restarts_and_shuts_down(kernel_name, zygote):
    manager = KernelManager(kernel_name=kernel_name)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=30)
        provisioner = manager.provisioner
        assert provisioner.agent.fileno() >= 0
        assert provisioner.pidfd >= 0
        number = client.execute("print('running')\nwhile True: pass")
        while client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
            pass
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=30)
        assert (reply["parent_header"]["msg_id"], reply["content"]["ename"]) == (number, "KeyboardInterrupt")
        manager.restart_kernel(now=True)
        assert manager.is_alive()
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    assert not manager.is_alive()
    assert [name for name in os.listdir(os.path.dirname(zygote)) if name.startswith("k")] == []


@pytest.mark.usefixtures("with_zygote")
@pytest.mark.parametrize("now", [True, False], ids=["at once", "asking first"])
def test_who_talked_to_a_kernel_talks_to_the_restarted_one(kernel_name, now):
    with started(kernel_name) as (manager, client):
        assert run(client, "x = 1")["status"] == "ok"
        manager.restart_kernel(now=now)
        client.wait_for_ready(timeout=60)
        assert run(client, "x")["ename"] == "NameError"
        assert run(client, "y = 2")["status"] == "ok"


@pytest.mark.usefixtures("with_zygote")
def test_what_a_kernel_asks_is_answered_and_what_it_displays_arrives(kernel_name):
    with started(kernel_name) as (_, client):
        client.allow_stdin = True
        number = client.execute("name = input('Who? ')\nname * 2")
        assert client.get_stdin_msg(timeout=60)["content"]["prompt"] == "Who? "
        client.input("ab")
        shown = client.get_iopub_msg(timeout=60)
        while shown["msg_type"] != "execute_result":
            shown = client.get_iopub_msg(timeout=60)
        assert shown["parent_header"]["msg_id"] == number
        assert shown["content"]["data"]["text/plain"] == "'abab'"


def test_kernels_of_one_program_share_a_sandbox_of_its_own(write_spec, own_sandboxes):
    name = write_spec("mine", preload=["json"])
    done = nbclient.execute(notebook("import os; print(os.getpid())"), kernel_name=name, timeout=60)
    assert done.cells[0].outputs[0]["text"] == "2\n"
    with started(name) as (_, first), started(name) as (_, second):
        run(first, "x = 1")
        assert run(second, "x")["ename"] == "NameError"
    assert len(own_sandboxes) == 1


def test_a_sandbox_without_kernels_is_closed_after_a_while(write_spec, own_sandboxes):
    name = write_spec("brief", idle=0)
    for number in (1, 2):
        nbclient.execute(notebook("1"), kernel_name=name, timeout=60)
        for kept in provisioner._kept.values():
            kept.close()
        assert len(own_sandboxes) == number
    with pytest.raises(SandboxError, match="not open"):
        _ = own_sandboxes[0].address


def test_after_its_sandbox_was_killed_a_program_opens_another(write_spec, own_sandboxes):
    name = write_spec("killed", preload=["json"])
    with started(name):
        for child in psutil.Process(own_sandboxes[0]._process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # one takes others along
                child.kill()
        own_sandboxes[0]._process.wait(60)
    with pytest.raises(SandboxError, match="the sandbox gave no kernel"), started(name):
        pass
    assert nbclient.execute(notebook("1 + 1"), kernel_name=name, timeout=60)
    assert len(own_sandboxes) == 2


@pytest.mark.usefixtures("with_zygote")
def test_limits_are_the_kernelspecs(write_spec):
    name = write_spec("small", limits={"processes": 40, "cpu": 77})
    asked = "import resource; print(resource.getrlimit(resource.RLIMIT_CPU)[0])"
    done = nbclient.execute(notebook(asked), kernel_name=name, timeout=60)
    assert done.cells[0].outputs[0]["text"] == "77\n"


@pytest.mark.usefixtures("with_zygote")
@pytest.mark.parametrize("limits", [{"cpus": 1}, {"cpu": "many"}])
def test_limits_that_make_no_sense_are_refused_in_a_sentence(write_spec, limits, zygote):
    with (
        pytest.raises(SandboxError, match=r"limits make no sense.*kernel\.json"),
        started(write_spec("odd", limits=limits)),
    ):
        pass
    assert [path for path in Path(zygote).parent.iterdir() if path.name.startswith("k")] == []
