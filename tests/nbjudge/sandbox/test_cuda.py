"""A run on the CPU sees no GPU on either side; a run on the GPU sees what CUDA needs, and finds out if it fails."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from nbformat.v4 import new_code_cell

from nbjudge.pool.usual import USUAL
from nbjudge.sandbox import cuda
from nbjudge.sandbox.kernel import Kernel
from nbjudge.sandbox.limits import Limits
from nbjudge.sandbox.sandbox import Sandbox

# Asking torch itself would start CUDA in this process, from which sandboxes are started.
HAS_GPU = bool(cuda.gpu_devices())
without_gpu = pytest.mark.skipif(HAS_GPU, reason="this machine has a GPU")
with_gpu = pytest.mark.skipif(not HAS_GPU, reason="this machine has no GPU")

LOOK = """
import json, os
print(json.dumps({
    "chosen": os.environ.get("CUDA_VISIBLE_DEVICES"),
    "nodes": [name for name in os.listdir("/dev") if name.startswith("nvidia")],
    "sys": os.path.exists("/sys"),
    "written": [place for place in ("/sys", "/sys/kernel") if os.access(place, os.W_OK)],
}))
"""


def look(sandbox):
    with Kernel.start(sandbox.address, seed=1) as kernel:
        run = kernel.execute(new_code_cell(LOOK), 30)
    assert run.status == "ok", run.outputs
    return json.loads(run.outputs[0]["text"])


def test_on_the_cpu_no_gpu_is_shown_and_none_can_be_chosen(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert cuda.needs("cpu") == cuda.Needs(environment={"CUDA_VISIBLE_DEVICES": ""})
    with Sandbox() as sandbox:
        assert look(sandbox) == {"chosen": "", "nodes": [], "sys": False, "written": []}


def test_without_isolation_the_gpu_is_hidden_all_the_same(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    with Sandbox(isolation="none") as sandbox:
        assert look(sandbox)["chosen"] == ""


def test_the_graders_choice_among_several_gpus_reaches_both_sides_and_nothing_else_does(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    monkeypatch.setenv("CUDA_SECRET", "x")
    settings = cuda.settings("cuda")
    assert settings["CUDA_VISIBLE_DEVICES"] == "1"
    assert "CUDA_SECRET" not in settings
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    assert "CUDA_VISIBLE_DEVICES" not in cuda.settings("cuda")


@without_gpu
def test_a_driver_that_lies_apart_is_shown_and_linked(monkeypatch, tmp_path):
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    assert cuda.driver() == ([], {})
    maps = Path("/proc/self/maps").read_text().split()
    shutil.copy(next(path for path in maps if "/libm.so" in path or "/libm-" in path), tmp_path / "libcuda.so.1")
    monkeypatch.setenv("LD_LIBRARY_PATH", f"/nowhere:{tmp_path}")
    assert cuda.driver() == ([tmp_path], {"LD_LIBRARY_PATH": str(tmp_path)})
    assert set(cuda.needs("cuda").paths) == {tmp_path, Path("/sys")}


@without_gpu
def test_a_trial_says_why_cuda_does_not_start(monkeypatch):
    assert "NVIDIA" in cuda.trial() or "CUDA" in cuda.trial()
    monkeypatch.setitem(sys.modules, "torch", None)
    assert cuda.trial().startswith("ModuleNotFoundError")


@without_gpu
def test_a_sandbox_shows_the_nodes_and_sys_read_only_and_a_trial_inside_says_why_cuda_does_not_start(monkeypatch):
    monkeypatch.setattr(cuda, "gpu_devices", lambda: [Path("/dev/full")])  # any device node will do
    with Sandbox(["torch"], device="cuda") as sandbox:
        seen = look(sandbox)
        problem = cuda.trial_inside(sandbox.address, Limits())
    assert (seen["chosen"], seen["sys"], seen["written"]) == (os.environ.get("CUDA_VISIBLE_DEVICES"), True, [])
    assert problem == cuda.trial()


CALLS = """
import importlib, sys, torch
asked = []
for name in ("_cuda_getDeviceCount", "_cuda_init"):
    if real := getattr(torch._C, name, None):
        setattr(torch._C, name, lambda *rest, real=real, name=name: asked.append(name) or real(*rest))
torch.cuda.is_available()
assert asked or not torch.backends.cuda.is_built()  # such a question is noticed
asked.clear()
from nbjudge.sandbox.zygote import import_all, run_preload_hooks
import_all(sys.argv[1:])
run_preload_hooks()
print(asked)
"""


def test_nothing_that_is_loaded_in_advance_starts_cuda_which_no_fork_could_use_then():
    command = [sys.executable, "-c", CALLS, *USUAL]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@with_gpu
def test_cuda_starts_in_kernels_one_after_the_other_and_side_by_side():
    with Sandbox(USUAL, device="cuda") as sandbox:
        assert cuda.trial_inside(sandbox.address, Limits()) == ""
        with Kernel.start(sandbox.address, seed=1) as kernel:
            run = kernel.execute(
                new_code_cell("import torch\nprint((torch.eye(9).cuda() @ torch.ones(9).cuda()).sum())"), 120
            )
            assert "device='cuda:0'" in str(run.outputs), run.outputs
            assert cuda.trial_inside(sandbox.address, Limits()) == ""
        assert look(sandbox)["nodes"]


@with_gpu
def test_a_kernel_that_fills_the_gpu_ends_with_an_error_and_leaves_room_for_the_next():
    fill = "import torch\nkept = []\nwhile True:\n    kept.append(torch.empty(2**30, dtype=torch.uint8, device='cuda'))"
    with Sandbox(USUAL, device="cuda") as sandbox:
        with Kernel.start(sandbox.address, seed=1) as kernel:
            run = kernel.execute(new_code_cell(fill), 120)
            assert run.status == "error", run.outputs
            assert "OutOfMemoryError" in str(run.outputs)
        assert cuda.trial_inside(sandbox.address, Limits()) == ""


@with_gpu
def test_a_gpu_is_hidden_from_torch_on_the_cpu():
    with Sandbox(["torch"]) as sandbox, Kernel.start(sandbox.address, seed=1) as kernel:
        run = kernel.execute(new_code_cell("import torch\nprint(torch.cuda.is_available())"), 60)
    assert run.outputs[0]["text"].strip() == "False"
    assert torch.version.cuda
