"""What of this machine's disk a sandbox shows: the interpreter, its packages, system libraries, no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from nbjudge.errors import SandboxError

_ASK = "import json, sys; print(json.dumps([sys.base_prefix, sys.prefix, sys.path]))"
_SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/lib32")
_FILES = ("/etc/ld.so.cache",)


def visible_paths(python: str = sys.executable) -> list[Path]:
    """The folders and files that an isolated (``-I``) start of the interpreter reads, outermost first.

    Raises SandboxError when that interpreter does not start.
    """
    answer = subprocess.run([python, "-I", "-c", _ASK], capture_output=True, text=True, env={}, check=False)
    if answer.returncode != 0:
        raise SandboxError(f"{python} does not start: {answer.stderr.strip()[-200:]}", fix="Repair Python.")
    base, prefix, search = json.loads(answer.stdout)
    inside = [Path(root) / part for root in (base, prefix) for part in ("bin", "lib", "lib64", "pyvenv.cfg")]
    wanted = [*map(Path, _SYSTEM + _FILES), *inside, *map(Path, search)]
    return outermost(path for path in wanted if path.exists() and not path.is_symlink())


def outermost(paths: Iterable[Path]) -> list[Path]:
    """The paths without those that lie inside another, sorted."""
    kept: list[Path] = []
    for path in sorted({path.absolute() for path in paths}):
        if not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return kept


def system_links() -> list[tuple[str, str]]:
    """Top-level links such as /lib -> usr/lib, as (target, link)."""
    return [(str(Path(path).readlink()), path) for path in _SYSTEM if Path(path).is_symlink()]


def parents(paths: Iterable[Path]) -> list[Path]:
    """Every folder above the paths, outermost first, without the root."""
    return sorted({above for path in paths for above in path.parents if above != Path("/")})


def refuse_exposed(visible: Sequence[Path], forbid: Sequence[Path]) -> None:
    """Raise SandboxError when a forbidden folder would be readable inside, even in part."""
    for secret in forbid:
        real = secret.resolve()
        for path in visible:
            shown = path.resolve()
            if real.is_relative_to(shown) or shown.is_relative_to(real):
                raise SandboxError(
                    f"{path} is on Python's path, so the sandbox would show {secret}",
                    fix="Move the course out of Python's folders, or uninstall the package that lies in it.",
                )


def gpu_devices() -> list[Path]:
    """The device nodes that CUDA needs, if this machine has any."""
    return sorted(path for path in Path("/dev").glob("nvidia*") if not path.is_dir())


def gpu_is_shown() -> bool:
    """Whether this process is meant to use a GPU (see `nbjudge.sandbox.cuda`), and there is one."""
    return os.environ.get("CUDA_VISIBLE_DEVICES") != "" and bool(gpu_devices())
