"""The command that starts a zygote under one isolation, and what this machine lacks for it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from nbjudge.errors import SandboxError
from nbjudge.sandbox import bubblewrap, landlock
from nbjudge.sandbox.confinement import Isolation
from nbjudge.sandbox.cuda import Device, needs
from nbjudge.sandbox.visible import outermost, refuse_exposed, system_links, visible_paths

ENVIRONMENT = {"HOME": "/tmp", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
NO_BWRAP = "Install it (Debian, Ubuntu: apt-get install bubblewrap), or pass --no-sandbox to run without isolation."


def environment(device: Device) -> dict[str, str]:
    """All that a zygote has of environment variables."""
    return ENVIRONMENT | dict(needs(device).environment)


def command(
    isolation: Isolation, preload: Sequence[str], listener: int, device: Device = "cpu", forbid: Iterable[Path] = ()
) -> list[str]:
    """The zygote's command line; ``forbid`` are folders that must not be readable inside.

    Raises SandboxError where this machine cannot give the isolation, or would show a forbidden folder.
    """
    paths: list[Path] = []
    if isolation != "none":
        paths = outermost([*visible_paths(), *needs(device).paths])
        refuse_exposed(paths, tuple(forbid))
    options = {"preload": list(preload), "isolation": isolation, "listener": listener, "paths": [*map(str, paths)]}
    zygote = [sys.executable, "-I", "-m", "nbjudge.sandbox.zygote", json.dumps(options)]
    if isolation == "bwrap":
        return _wrapping(paths, device) + zygote
    if isolation != "none":
        if device == "cuda":
            raise SandboxError("a GPU can be shown in bubblewrap only")
        _check_user(isolation, paths, forbid)
    return zygote


def _wrapping(paths: Sequence[Path], device: Device) -> list[str]:
    bwrap, setpriv = shutil.which("bwrap"), shutil.which("setpriv")
    if bwrap is None:
        raise SandboxError("bubblewrap is not installed", fix=NO_BWRAP)
    rest = paths, system_links(), needs(device).nodes, environment(device)
    if os.getuid() != 0:
        return bubblewrap.as_user(bwrap, *rest)
    if setpriv is None:
        raise SandboxError("setpriv is not installed, and root needs it", fix="Install util-linux.")
    return bubblewrap.as_root(bwrap, setpriv, *rest)


def _check_user(isolation: Isolation, paths: Iterable[Path], forbid: Iterable[Path]) -> None:
    if os.getuid() != 0:
        raise SandboxError("only root can give a submission a user of its own")
    if isolation == "uid+landlock" and landlock.version() == 0:
        raise SandboxError("this system's kernel has no Landlock, or refuses it")
    for path in paths:
        if not open_to_others(path):
            fix = "Install Python and its packages where everybody may read, in /opt for instance."
            raise SandboxError(f"only root can read {path}, which a kernel needs", fix=fix)
    for secret in forbid:
        if open_to_others(secret):
            fix = f"Close it, or a folder above it: chmod 700 {secret}"
            raise SandboxError(f"any user of this machine can read {secret}", fix=fix)


def open_to_others(path: Path) -> bool:
    """Whether file permissions let every user at a file or folder; one that isn't there is closed."""
    real = path.resolve()
    try:
        modes = [place.stat().st_mode for place in real.parents]
        own = real.stat().st_mode
    except OSError:
        return False
    enter = all(mode & stat.S_IXOTH for mode in modes)
    return enter and bool(own & (stat.S_IROTH | (stat.S_IXOTH if stat.S_ISDIR(own) else 0)))
