"""A class on this machine: deploy/jupyterhub with an instructor, a grader and students, until Ctrl-C.

    hub.py [--students N]        (as root: students are system accounts)

All runs in namespaces of its own (see hub_inside.py), so nothing is left behind. What is started is what the tests
start: `with Hub() as hub`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[1]
PROXY = ROOT / "build" / "hub" / "node_modules" / ".bin" / "configurable-http-proxy"
INSTRUCTOR, GRADER = "try-instructor", "try-grader"
COURSE = "descent"
PATIENCE = 300.0  # seconds until the hub has to answer
CLASS = """\
course = "{course}"
[people]
instructors = ["{instructor}"]
graders = ["{grader}"]
students = {students}
[hub]
address = "{address}"
hub_port = {ports[1]}
proxy_port = {ports[2]}
formgrader_port = {ports[3]}
authenticator = "shared-password"
[paths]
homes = "/home"
exchange = "/srv/nbgrader/exchange"
state = "/srv/jupyterhub"
"""


class CannotRun(Exception):
    """One sentence on what this machine lacks for a class."""


def missing() -> str | None:
    """What stands in the way of a class on this machine, in a sentence, or None."""
    if os.geteuid() != 0:
        return "A class needs system accounts and namespaces for its students: run it as root, 'sudo make hub'."
    if not PROXY.exists():
        return "JupyterHub's proxy is not installed: 'make proxy' gets it with npm."
    tried = subprocess.run(["unshare", "--mount", "--pid", "--fork", "--mount-proc", "true"], capture_output=True)
    if tried.returncode:
        return "This system refuses namespaces to root: in a container, give it the capability SYS_ADMIN."
    return None


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on, below those that the system gives to whoever asks for any."""
    ports: set[int] = set()
    while len(ports) < count:
        port = secrets.choice(range(20_000, 32_000))
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            ports.add(port)
    return list(ports)


class Hub:
    """A running class. Use it in a `with` statement, which ends and removes all of it.

    `settings` are lines for the course's nbgrader_config.py. Raises CannotRun if this machine can't, or the hub
    doesn't come up.
    """

    def __init__(self, students: int = 3, settings: str = "") -> None:
        self.students = [f"try-student{number}" for number in range(1, students + 1)]
        self.password = secrets.token_urlsafe(12)
        ports = free_ports(4)
        self.address = f"http://127.0.0.1:{ports[0]}"
        self.formgrader = f"{self.address}/services/{COURSE}/formgrader"
        class_toml = CLASS.format(
            course=COURSE,
            instructor=INSTRUCTOR,
            grader=GRADER,
            students=json.dumps(self.students),
            address=self.address,
            ports=ports,
        )
        environment = {"HUB_PROXY": str(PROXY), "HUB_PASSWORD": self.password}
        self._told = {"class_toml": class_toml, "settings": settings, "environment": environment}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Hub:
        if says := missing():
            raise CannotRun(says)
        descriptor, name = tempfile.mkstemp(prefix="hub-", suffix=".log")
        self.log = Path(name)
        # Whichever of the three ends, by whatever signal, takes those below it along.
        outer = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--ipc", "--fork"]
        inner = ["--kill-child=KILL", "--mount-proc", sys.executable, ROOT / "tools" / "hub_inside.py", ROOT]
        with os.fdopen(descriptor, "wb") as log:
            self._process = subprocess.Popen(
                [*outer, *inner], stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        try:
            assert self._process.stdin
            with self._process.stdin as pipe:
                pipe.write(json.dumps(self._told).encode())
            self._wait()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the class; its accounts and files go with them."""
        if self._process and self._process.poll() is None:
            inside = self.inside
            self._process.kill()
            self._process.wait()
            while inside and Path(f"/proc/{inside}").exists():  # the kernel is at it
                time.sleep(0.05)
        self.log.unlink(missing_ok=True)

    @property
    def disk(self) -> Path:
        """The class's own view of the disk, seen from outside: `hub.disk / "home"`."""
        return Path(f"/proc/{self.inside}/root")

    @property
    def inside(self) -> int | None:
        """The number of the class's first process; None when there is none."""
        assert self._process
        try:
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        except OSError:
            return None
        return int(children.split()[0]) if children.split() else None

    def _wait(self) -> None:
        """Until the hub answers. Raises CannotRun, with the end of its log, if it ends before or takes too long."""
        assert self._process
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/hub/health", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(1)
        lines = self.log.read_text(errors="replace").splitlines()[-15:]
        raise CannotRun("\n".join(["JupyterHub didn't start. Its last words:", *lines]))


def main() -> None:
    """The command line: a class until Ctrl-C."""
    parser = argparse.ArgumentParser(description="A class on JupyterHub on this machine, until Ctrl-C.")
    parser.add_argument("--students", type=int, default=3, help="how many (3)")
    students = parser.parse_args().students
    for end in (signal.SIGTERM, signal.SIGINT):  # a shell starts its background jobs deaf to the second
        signal.signal(end, signal.default_int_handler)
    try:
        print("Starting JupyterHub; this takes about 20 seconds ...", flush=True)
        with Hub(students) as hub:
            print(f"\n  address     {hub.address}")
            print(f"  instructor  {INSTRUCTOR}   then formgrader: {hub.formgrader}")
            print(f"  grader      {GRADER}        the same")
            print(f"  students    {', '.join(hub.students)}")
            print(f"  password    {hub.password}   (everybody's, for this run)")
            print(f"  log         {hub.log}\n\nCtrl-C ends the class and removes all of it.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        print("\nThe class is over; nothing of it is left.")
    except CannotRun as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
