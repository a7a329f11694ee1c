"""A PostgreSQL server of the test's own: Debian's programs, a folder in /tmp, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def server() -> Iterator[str]:
    """The URL of an empty database. Only a socket in a folder leads to it, which is short enough for one."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: int(path.parent.name))
    assert programs is not None, "this needs the Debian package postgresql, which `make test` installs"
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = {}
    if os.getuid() == 0:  # as whom it refuses to run
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    make = [programs / "initdb", "--no-sync", "--auth=trust", "--username=test", "--encoding=UTF8", folder / "data"]
    subprocess.run(make, check=True, capture_output=True, cwd=folder, timeout=120, **user)
    options = ["-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-D", folder / "data"]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([programs / "postgres", *options], stderr=log, stdout=log, cwd=folder, **user)
    try:
        _wait(folder, running)
        yield f"postgresql://test@/postgres?host={folder}"
    finally:
        running.terminate()
        running.wait(60)
        shutil.rmtree(folder)


def _wait(folder: Path, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while b"ready to accept connections" not in (folder / "log").read_bytes():
        assert running.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < until, (folder / "log").read_text()
        time.sleep(0.05)
