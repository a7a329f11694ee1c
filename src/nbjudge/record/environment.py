"""The code that a grade rests on: Python, the packages that cells may import, and nbjudge itself."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from nbjudge.record.receipt import hash_files

# What a student's cells may import or what runs them; a change of one of these may change a grade.
_PACKAGES = (
    "descent",
    "ipykernel",
    "ipython",
    "nbclient",
    "nbgrader",
    "numpy",
    "pandas",
    "plotly",
    "scikit-learn",
    "scipy",
    "torch",
    "torchvision",
)


def environment(packages: Iterable[str] = _PACKAGES) -> dict[str, str]:
    """The versions of Python and of the installed packages that can change a grade."""
    found = {"python": platform.python_version()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@cache
def hash_environment() -> str:
    """SHA-256 (hex) over ``environment()`` and the machine's architecture."""
    facts = environment() | {"machine": platform.machine()}
    return hash_files({name: value.encode() for name, value in facts.items()})


@cache
def hash_code(package: str, parts: tuple[str, ...] = ("",)) -> str:
    """SHA-256 (hex) over a package's Python files as they are on disk; that of nothing if it isn't installed.

    ``parts`` are the folders in it that count.
    """
    spec = find_spec(package)
    folders = [Path(place) for place in spec.submodule_search_locations or ()] if spec is not None else []
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for folder in folders
        for part in parts
        for path in (folder / part).rglob("*.py")
    }
    return hash_files(files)


def forget() -> None:
    """Look at the packages anew: a process that lives for days sees them change."""
    hash_environment.cache_clear()
    hash_code.cache_clear()
