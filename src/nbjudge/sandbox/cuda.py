"""CUDA, where a run asks for it: what its driver needs inside a sandbox, and a trial whether it starts.

Both sides of the border have to agree on whether there is a GPU: a test that finds one on the judge's side sends
tensors that a sandbox without one cannot hold. So a run on the CPU hides the GPU from both.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from nbformat.v4 import new_code_cell

from nbjudge.sandbox.kernel import Kernel
from nbjudge.sandbox.limits import Limits
from nbjudge.sandbox.visible import gpu_devices

Device = Literal["cpu", "cuda"]

TRIAL_SECONDS = 120.0  # the first use of a GPU that was idle can take long
_CHOICE = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER")
_FIND = "import ctypes\nctypes.CDLL('libcuda.so.1')\nprint(open('/proc/self/maps').read())"
_TRY = "from nbjudge.sandbox.cuda import trial\nprint(trial())"


@dataclass(frozen=True)
class Needs:
    """What a sandbox shows for a device beyond what it always shows."""

    nodes: tuple[Path, ...] = ()
    paths: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


def needs(device: Device) -> Needs:
    """The GPU's nodes, the driver's libraries, /sys, where the driver looks the GPU up; or, for the CPU, none."""
    if device == "cpu":
        return Needs(environment=settings(device))
    folders, linking = driver()
    return Needs(tuple(gpu_devices()), (*folders, Path("/sys")), settings(device) | linking)


def settings(device: Device) -> dict[str, str]:
    """The environment variables of a process that is to see the GPUs chosen for the grader, or none."""
    if device == "cpu":
        return {"CUDA_VISIBLE_DEVICES": ""}
    chosen = {name: os.environ[name] for name in _CHOICE if name in os.environ}
    # Asking whether there is a GPU, as packages do on import, must not start CUDA: no fork could use it then.
    return chosen | {"PYTORCH_NVML_BASED_CUDA_CHECK": "1"}


def driver() -> tuple[list[Path], dict[str, str]]:
    """The folders of the driver's library, and the variable with which the dynamic linker finds it, if it needs one."""
    if known := _driver_folders({}):
        return known, {}
    name = "LD_LIBRARY_PATH"
    told = _driver_folders({name: os.environ.get(name, "")})
    return told, {name: ":".join(map(str, told))} if told else {}


def _driver_folders(environment: Mapping[str, str]) -> list[Path]:
    command = [sys.executable, "-I", "-c", _FIND]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(environment))
    mapped = (line.split(None, 5)[5] for line in answer.stdout.splitlines() if "/libcuda.so" in line)
    return sorted({Path(path).parent for path in mapped})


def trial() -> str:
    """Compute something on the GPU, in this process: why that fails, or an empty text."""
    try:
        import torch

        torch.ones(2, device="cuda").sum().item()
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return ""


def trial_inside(address: str, limits: Limits) -> str:
    """The same in a fresh kernel of a sandbox. Raises SandboxError when none starts."""
    with Kernel.start(address, seed=0, limits=limits) as kernel:
        run = kernel.execute(new_code_cell(_TRY), TRIAL_SECONDS)  # type: ignore[no-untyped-call]
    said = "".join(str(output.get("text", output.get("evalue", ""))) for output in run.outputs).strip()
    return said or ("" if run.status == "ok" else f"{run.status} {run.reason}".strip())
