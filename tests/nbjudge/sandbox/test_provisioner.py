"""Jupyter's own clients get their kernels from the sandbox by kernel name."""

import json
import os

import nbclient
import pytest
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, new_notebook

from nbjudge.sandbox.provisioner import ADDRESS_VARIABLE
from nbjudge.sandbox.sandbox import Sandbox

SPEC = {
    "argv": ["python"],
    "display_name": "Boxed",
    "language": "python",
    "metadata": {"kernel_provisioner": {"provisioner_name": "nbjudge-sandbox"}},
}


@pytest.fixture
def kernel_name(tmp_path, monkeypatch):
    folder = tmp_path / "kernels" / "boxed"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(SPEC))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    return "boxed"


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


def test_without_a_zygote_it_opens_a_sandbox_of_its_own(kernel_name, monkeypatch):
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    done = nbclient.execute(notebook("import os; print(os.getpid())"), kernel_name=kernel_name, timeout=30)
    assert done.cells[0].outputs[0]["text"] == "2\n"
