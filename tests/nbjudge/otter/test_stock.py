import os
import subprocess
import time

import nbformat
import pytest
from nbclient import NotebookClient

from nbjudge.errors import CourseError
from nbjudge.otter.forked import Warm
from nbjudge.otter.stock import forked_kernels, run_stock


def run(folder, *sources):
    """Run cells in one kernel; the text that each prints."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    document = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(document, startup_timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    return [cell.outputs[0].text.strip() if cell.outputs else "" for cell in document.cells]


def test_forked_kernels_are_ordinary_but_for_what_is_imported_already(tmp_path, monkeypatch):
    monkeypatch.setenv("SAID", "größer")
    (tmp_path / "beside.py").write_text("x = 5")
    asked = (
        "import os, sys, random; print(os.environ['SAID'], os.getcwd())",
        "import beside; print(beside.x, 'colorsys' in sys.modules)",
        "print(random.random())",
        "print(os.getppid())",
    )
    with forked_kernels(["colorsys"]):
        first, second = run(tmp_path, *asked), run(tmp_path, *asked)
    assert first[0] == f"größer {tmp_path}"
    assert first[1] == "5 True"
    assert first[2] != second[2]
    assert first[3] == second[3] != str(os.getpid())
    assert run(tmp_path, "import os; print(os.getppid())") == [str(os.getpid())]


def test_a_forked_kernel_is_ended_like_any_process(tmp_path):
    warm = Warm(())
    try:
        connection = tmp_path / "connection.json"
        kernel = warm.launch(["python", "-m", "ipykernel_launcher", "-f", str(connection)], cwd=str(tmp_path))
        assert kernel.poll() is None
        assert os.getpgid(kernel.pid) == kernel.pid != os.getpgid(0)  # signals to its group reach nobody else
        with pytest.raises(subprocess.TimeoutExpired):
            kernel.wait(0.01)
        kernel.kill()
        assert kernel.wait() == 0
        kernel.terminate()  # of an ended one: nothing happens
        assert kernel.poll() == 0
    finally:
        warm.close()


def test_kernels_end_with_the_warm_process(tmp_path):
    warm = Warm(())
    connection = tmp_path / "connection.json"
    kernel = warm.launch(["python", "-m", "ipykernel_launcher", "-f", str(connection)], cwd=str(tmp_path))
    while not connection.exists():
        time.sleep(0.05)
    warm.close()
    assert kernel.wait(60) == 0


def test_a_grader_that_breaks_down_is_one_sentence(tmp_path):
    archive = tmp_path / "no.zip"
    archive.write_bytes(b"no zip")
    with pytest.raises(CourseError, match=r"a stock grader \(otter\) broke down: .*zip") as error:
        run_stock(tmp_path, [], otter={"papers": {"ada": {"n": "no.ipynb"}}, "archives": {"n": str(archive)}})
    assert "\n" not in str(error.value)
