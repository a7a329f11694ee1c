"""The sandboxed kernel under a name that any Jupyter program can ask for: a folder with a kernel.json.

Nothing is run by its command line. Whoever reads it has to have nbjudge among its own packages, as the kernel's
provisioner lives there: a Jupyter server starts such kernels only if nbjudge is installed in its environment.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir, jupyter_path

from nbjudge.errors import NbjudgeError
from nbjudge.pool.usual import USUAL
from nbjudge.record.receipt import write_atomically

NAME, DISPLAY_NAME = "nbjudge", "Python (nbjudge's sandbox)"
PROVISIONER = "nbjudge-sandbox"
CPU = 43_200  # seconds of processor time: a person may work all day with one kernel
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def kernels_folder(user: bool, prefix: Path | None) -> Path:
    """Where kernels of one user, of an installation under a prefix or, with neither, of this Python belong."""
    data = Path(jupyter_data_dir()) if user else (prefix or Path(sys.prefix)).absolute() / "share" / "jupyter"
    return data / "kernels"


def is_searched(folder: Path) -> bool:
    """Whether Jupyter looks for kernels there."""
    return folder.resolve() in {Path(place).resolve() for place in jupyter_path("kernels")}


def kernelspec(display_name: str = DISPLAY_NAME, preload: Sequence[str] = USUAL) -> dict[str, Any]:
    """What a kernel.json holds; ``preload`` are the modules that every such kernel has imported before it starts."""
    settings = {"preload": list(preload), "limits": {"cpu": CPU}}
    return {
        "argv": ["nbjudge", "kernel"],  # required, and never run
        "display_name": display_name,
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {
            "debugger": False,
            "kernel_provisioner": {"provisioner_name": PROVISIONER, "config": settings},
        },
    }


def install(folder: Path, name: str, spec: dict[str, Any]) -> Path:
    """Write a kernel, over an earlier one of ours; its folder.

    Raises NbjudgeError for an impossible name, for another's kernel of that name, or if it cannot be written.
    """
    if not _NAME.fullmatch(name):
        fix = "Use letters without accents, digits, '.', '_' and '-'."
        raise NbjudgeError("this cannot be the name of a kernel", ascii(name)[1:-1], fix)
    place = folder / name
    if place.is_dir() and not _is_ours(place):
        raise NbjudgeError("there is another kernel of this name", str(place), "Choose another with --name.")
    try:
        place.mkdir(parents=True, exist_ok=True)
        write_atomically(place / "kernel.json", json.dumps(spec, indent=2) + "\n")
    except OSError as error:
        fix = "Choose --user, or a --prefix that you may write to."
        raise NbjudgeError(f"the kernel cannot be written ({error.strerror})", str(place), fix) from None
    return place


def remove(folder: Path, name: str) -> Path:
    """Remove a kernel of ours; its folder. Raises NbjudgeError if there is none, or if it cannot be removed."""
    place = folder / name
    if not _NAME.fullmatch(name) or not place.is_dir():
        fix = "`jupyter kernelspec list` shows where kernels are: name the place as you did to install it."
        raise NbjudgeError(f"there is no kernel '{ascii(name)[1:-1]}'", str(folder), fix)
    if not _is_ours(place):
        raise NbjudgeError("this kernel is not nbjudge's", str(place), "Use `jupyter kernelspec remove`.")
    try:
        shutil.rmtree(place)
    except OSError as error:
        raise NbjudgeError(f"the kernel cannot be removed ({error.strerror})", str(place)) from None
    return place


def _is_ours(place: Path) -> bool:
    try:
        found = json.loads((place / "kernel.json").read_bytes())
        return bool(found["metadata"]["kernel_provisioner"]["provisioner_name"] == PROVISIONER)
    except (OSError, ValueError, KeyError, TypeError):
        return False
