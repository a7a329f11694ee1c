"""A stand-in for a container: root with the privileges that Docker leaves it, and a disk of its own.

It is made with bubblewrap, started by root, so that nothing but the user's name is unshared. ``namespaces=False``
is what Docker's default profile gives: no new namespaces, no mounts. ``True`` is a privileged container.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbjudge.sandbox.bubblewrap import tree
from nbjudge.sandbox.seccomp import MACHINES
from nbjudge.sandbox.visible import outermost, system_links, visible_paths

# What Docker leaves to root unless told otherwise.
CAPABILITIES = (
    "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL "
    "AUDIT_WRITE"
).split()
# unshare, setns, mount, umount2, pivot_root, open_tree, move_mount, fsopen, fsconfig, fsmount, mount_setattr
FORBIDDEN = {
    "x86_64": (272, 308, 165, 166, 155, 428, 429, 430, 431, 432, 442),
    "aarch64": (97, 268, 40, 39, 41, 428, 429, 430, 431, 432, 442),
}
LANDLOCK = (444, 445, 446)
NAMESPACES = 0x7E020000


def run_inside(
    command: Sequence[str],
    binds: Mapping[Path, str] | None = None,
    namespaces: bool = False,
    landlock: bool = True,
    **options: Any,
) -> subprocess.CompletedProcess[str]:
    """Run a command as a container would; ``binds`` are folders of this machine and where they lie inside.

    ``landlock=False`` is an older kernel.
    """
    read, write = os.pipe()
    os.write(write, _profile(not namespaces, not landlock))
    os.close(write)
    try:
        line = [*_walls(namespaces), *_binds(binds or {}), "--seccomp", str(read), "--chdir", "/", "--", *command]
        return subprocess.run(line, pass_fds=[read], text=True, capture_output=True, check=False, **options)
    finally:
        os.close(read)


def _walls(namespaces: bool) -> list[str]:
    paths = outermost([*visible_paths(sys.executable), Path("/usr"), Path("/bin"), Path("/etc")])
    shown = [path for path in paths if not path.is_symlink()]
    links = [*system_links(), *((os.readlink(path), path) for path in ("/bin", "/sbin") if os.path.islink(path))]
    bwrap = shutil.which("bwrap")
    assert bwrap is not None
    line = [bwrap, "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent", *tree(shown, links)]
    line += ["--perms", "1777", "--tmpfs", "/tmp", "--dev", "/dev", "--proc", "/proc"]
    line += ["--perms", "1777", "--tmpfs", "/dev/shm"]
    if not namespaces:
        line += ["--cap-drop", "ALL", *(word for name in CAPABILITIES for word in ("--cap-add", f"CAP_{name}"))]
    # What lies in /tmp would be hidden by the new one.
    inside = [path for path in paths if path.is_relative_to("/tmp")]
    return line + [word for path in inside for word in ("--ro-bind", str(path), str(path))]


def _binds(binds: Mapping[Path, str]) -> list[str]:
    return [word for here, there in binds.items() for word in ("--bind", str(here), there)]


def _profile(no_namespaces: bool, no_landlock: bool) -> bytes:
    name, column, clone = MACHINES[os.uname().machine]
    load, equal, any_bit, give = 0x20, 0x15, 0x45, 0x06
    refused, unknown, allowed = 0x00050000 | 1, 0x00050000 | 38, 0x7FFF0000
    steps = [(load, 0, 0, 4), (equal, 1, 0, name), (give, 0, 0, refused), (load, 0, 0, 0)]
    for number in LANDLOCK if no_landlock else ():
        steps += [(equal, 0, 1, number), (give, 0, 0, unknown)]
    if no_namespaces:
        for number in FORBIDDEN["x86_64" if column == 0 else "aarch64"]:
            steps += [(equal, 0, 1, number), (give, 0, 0, refused)]
        clone3 = 435
        steps += [(equal, 0, 1, clone3), (give, 0, 0, unknown)]
        steps += [(equal, 0, 3, clone), (load, 0, 0, 16), (any_bit, 0, 1, NAMESPACES), (give, 0, 0, refused)]
    steps += [(give, 0, 0, allowed)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
