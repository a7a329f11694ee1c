"""What this machine offers for grading, found out by trying, and what to do about what is missing."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from nbformat.v4 import new_code_cell

from nbjudge.errors import SandboxError
from nbjudge.sandbox.cuda import trial_inside
from nbjudge.sandbox.kernel import Kernel
from nbjudge.sandbox.launch import NO_BWRAP
from nbjudge.sandbox.sandbox import NO_NAMESPACES, Sandbox
from nbjudge.sandbox.visible import gpu_devices

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_LIST_PROCESSES = "import os\nprint(*sorted(int(name) for name in os.listdir('/proc') if name.isdigit()))"


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``ok`` is False only for what grading needs; ``fix`` says what to do."""

    name: str
    ok: bool
    value: str
    fix: str = ""


def diagnose() -> list[Finding]:
    """Look at everything that grading uses; takes a few seconds, because it really starts a sandbox."""
    return [
        python(),
        Finding("platform", sys.platform == "linux", platform.platform(), "The sandbox needs Linux."),
        bubblewrap(),
        *isolation(),
        memory_limits(),
        devices(),
        package("nbgrader", needed=True),
        package("otter-grader", needed=False),
        torch_pair(),
        browser(),
    ]


def python() -> Finding:
    """The interpreter, at least 3.11."""
    fix = "" if sys.version_info >= (3, 11) else "Install Python 3.11 or newer."
    return Finding("python", not fix, f"{platform.python_version()} ({sys.prefix})", fix)


def bubblewrap() -> Finding:
    """The program that builds the sandbox, and its version."""
    path = shutil.which("bwrap")
    if path is None:
        return Finding("bubblewrap", False, "not installed", NO_BWRAP)
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return Finding("bubblewrap", answer.returncode == 0, answer.stdout.strip() or answer.stderr.strip())


def isolation() -> list[Finding]:
    """Start a sandbox and a kernel in it, and look out of it."""
    try:
        with Sandbox() as sandbox, Kernel.start(sandbox.address, seed=0) as kernel:
            cell = new_code_cell(_LIST_PROCESSES)  # type: ignore[no-untyped-call]
            run = kernel.execute(cell, timeout=20)
    except SandboxError as refused:
        return [
            Finding("user namespaces", False, refused.what, refused.fix or NO_NAMESPACES),
            Finding("private /proc", False, "no sandbox to look from", NO_NAMESPACES),
        ]
    seen = "".join(str(output.get("text", "")) for output in run.outputs).strip()
    private = run.status == "ok" and seen == "1 2"
    return [
        Finding("user namespaces", True, "a sandboxed kernel started"),
        Finding("private /proc", private, "yes" if private else f"a kernel sees the processes {seen}"),
    ]


def memory_limits(root: Path = Path("/sys/fs/cgroup")) -> Finding:
    """Whether a cgroup could limit memory; grading itself uses limits that need none."""
    controllers = root / "cgroup.controllers"
    second = controllers.is_file() and "memory" in controllers.read_text().split()
    which = "cgroup v2" if second else "cgroup v1" if (root / "memory").is_dir() else "no cgroup controller"
    return Finding("memory limits", True, f"per process (setrlimit); {which}")


def devices() -> Finding:
    """The GPUs, and whether CUDA starts in a sandbox; grading does without."""
    gpus = [node.name for node in gpu_devices() if re.fullmatch(r"nvidia\d+", node.name)]
    if not gpus:
        return Finding("devices", True, "CPU only")
    try:
        with Sandbox(["torch"], device="cuda") as sandbox:
            problem = trial_inside(sandbox.address, sandbox.limits)
    except SandboxError as refused:
        problem = refused.what
    starts = f"does not start in a sandbox ({problem})" if problem else "starts in a sandbox"
    return Finding("devices", True, f"{', '.join(gpus)}: CUDA {starts}")


def version(name: str) -> str | None:
    """The installed version of a distribution, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def package(name: str, needed: bool) -> Finding:
    """A Python package: needed, or only nice to have."""
    found = version(name)
    fix = f"pip install {name}" if found is None and needed else ""
    return Finding(name, not fix, found or ("missing" if needed else "not installed (optional)"), fix)


def torch_pair() -> Finding:
    """torch and torchvision, which must be built for each other."""
    torch, vision = version("torch"), version("torchvision")
    if torch is None or vision is None:
        return Finding("torch, torchvision", False, f"{torch}, {vision}", "pip install torch torchvision")
    wanted = wanted_torch(importlib.metadata.requires("torchvision") or [])
    matched = wanted is None or torch.split("+")[0] == wanted
    fix = "" if matched else f"pip install torch=={wanted} (torchvision {vision} was built for it)."
    return Finding("torch, torchvision", matched, f"{torch}, {vision}", fix)


def wanted_torch(requirements: list[str]) -> str | None:
    """The exact torch version that torchvision's requirements name, if they do."""
    for requirement in requirements:
        if found := re.match(r"torch\s*\(?==\s*([\w.]+)", requirement):
            return found.group(1)
    return None


def browser() -> Finding:
    """A browser for pictures of plots; nothing but that needs one."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    return Finding("chromium", True, path or "not installed (optional, for pictures of plots)")
