"""The inner half of a class on this machine: process 1 of namespaces of its own, where deploy/jupyterhub is set up.

Accounts, homes, the exchange and /tmp exist only in here: /etc is a copy in memory, the rest are empty file systems in
memory. When this process ends the kernel takes all of it away, processes included, however it ended.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

KEEP = Path("/mnt")  # free in here: what is kept lies here while its place is covered
EMPTY = ("/tmp", "/var/tmp", "/dev/shm", "/home", "/srv")  # students' own: nothing of this machine's is seen there
FIRST_UID = 70_000  # beyond the accounts that this machine has


def mount(*arguments: str | Path) -> None:
    """Raises subprocess.CalledProcessError if the kernel refuses."""
    subprocess.run(["mount", *arguments], check=True)


def empty(path: Path) -> None:
    """An empty file system in memory in place of a folder, with the folder's own mode."""
    mode = path.stat().st_mode & 0o7777
    mount("-t", "tmpfs", "-o", f"mode={mode | 0o055:o}", "none", path)


def closed(path: Path) -> Path | None:
    """The first folder on the way to a path that only its owner may pass."""
    for folder in reversed(path.parents):
        if folder.stat().st_mode & 0o001 == 0:
            return folder
    return None


def show_only(kept: list[Path], root: Path) -> None:
    """Hide the repository, and whatever stands in the way, but for the paths that everybody may read.

    A Python under root's own home, or a clone in a private folder, is then readable by students too.
    """
    barriers = {wall for path in kept if (wall := closed(path))}
    copies = {path: KEEP / str(number) for number, path in enumerate(kept)}
    for path, copy in copies.items():
        copy.mkdir()
        mount("--rbind", path, copy)
    covered = sorted({Path(path) for path in EMPTY} | barriers | {root})
    for path in covered:
        if path == root or not any(other in path.parents for other in covered):
            path.mkdir(parents=True, exist_ok=True)
            empty(path)
            path.chmod(path.stat().st_mode | 0o055)
    for path, copy in copies.items():
        path.mkdir(parents=True, exist_ok=True)
        mount("--move", copy, path)


def own_accounts() -> None:
    """A copy of /etc that only this class sees, so that `useradd` leaves the machine's own accounts alone."""
    copy = KEEP / "etc"
    shutil.copytree("/etc", copy, symlinks=True)
    for path in Path("/etc").rglob("*"):  # copytree keeps modes; owners matter too, for shadow
        if not path.is_symlink():
            status = path.stat()
            os.chown(copy / path.relative_to("/etc"), status.st_uid, status.st_gid)
    mount("--bind", copy, "/etc")
    with Path("/etc/login.defs").open("a", encoding="utf-8") as file:
        for kind in ("UID", "GID"):
            file.write(f"\n{kind}_MIN {FIRST_UID}\n{kind}_MAX {FIRST_UID + 9999}\n")


def prepare(root: Path, class_toml: str, settings: str) -> None:
    """The file systems, then deploy/jupyterhub's own set-up, as on any server."""
    mount("-t", "tmpfs", "-o", "mode=0755", "none", KEEP)
    own_accounts()
    whole = KEEP / "whole"
    whole.mkdir()
    mount("--rbind", root, whole)
    parts = [Path(sys.prefix), Path(sys.base_prefix), root / "src", root / "deploy", root / "build" / "hub"]
    system = Path("/usr")
    show_only([path for path in parts if system not in (path, *path.parents)], root)
    target = Path("/etc/jupyterhub/class.toml")
    target.parent.mkdir()
    target.touch(mode=0o600)
    target.write_text(class_toml, encoding="utf-8")
    setup = root / "deploy" / "jupyterhub" / "set_up.py"
    subprocess.run([sys.executable, setup, "--course", whole], check=True)
    (course,) = Path("/home").glob("grader-*/*/nbgrader_config.py")
    with course.open("a", encoding="utf-8") as file:
        file.write(settings)
    subprocess.run(["umount", "--recursive", KEEP], check=False)


def main() -> None:
    """Set up, start the hub, and bury the processes that lose their parents."""
    root = Path(sys.argv[1])
    told = json.load(sys.stdin)
    prepare(root, told["class_toml"], told["settings"])
    config = root / "deploy" / "jupyterhub" / "jupyterhub_config.py"
    os.chdir("/srv/jupyterhub")
    hub = subprocess.Popen(
        [sys.executable, "-m", "jupyterhub", "-f", config],
        env=os.environ | told["environment"],
        stdin=subprocess.DEVNULL,
    )
    while True:
        pid, status = os.wait()
        if pid == hub.pid:
            sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
