"""The strongest isolation that this machine gives, found out by trying."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nbjudge.errors import SandboxError
from nbjudge.sandbox.confinement import Isolation
from nbjudge.sandbox.sandbox import Sandbox

WAYS: tuple[Isolation, ...] = ("bwrap", "uid+landlock", "uid")
WORDS = {
    "bwrap": "namespaces (bubblewrap)",
    "uid+landlock": "a user of its own, Landlock, seccomp",
    "uid": "a user of its own, seccomp; no Landlock",
    "none": "none",
}


def strongest(forbid: Sequence[Path] = ()) -> tuple[Isolation, list[str]]:
    """The first of WAYS in which a kernel really starts, and why each stronger one was refused, in sentences.

    ``forbid`` are folders that must not be readable inside. Raises SandboxError if there is none: running without
    isolation is nothing to fall back to.
    """
    refusals: list[str] = []
    for isolation in WAYS:
        try:
            with Sandbox(isolation=isolation, forbid=forbid):
                return isolation, refusals
        except SandboxError as refused:
            refusals.append(f"{WORDS[isolation]}: {refused.what.rstrip('.')}.")
    raise SandboxError(f"no isolation is to be had here: {' '.join(refusals)}", fix="Run nbjudge doctor.")
