"""`make hub`: what it says where it can't run, and that nothing stays when it ends, however it ends."""

import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

import hub
import psutil
import pytest

TOOL = Path(hub.__file__)


def test_without_root_one_sentence_says_so(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(hub.CannotRun) as caught, hub.Hub():
        pass
    assert "run it as root" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_the_proxy_one_sentence_says_what_to_run(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(hub, "PROXY", tmp_path / "none")
    assert "make proxy" in hub.missing()


def family(process):
    """The process and all below it, whatever namespace they are in."""
    return [process, *process.children(recursive=True)]


def ended(process, timeout=60):
    end = time.monotonic() + timeout
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < end:
        time.sleep(0.2)
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def left_over():
    """Accounts, mounts and folders of a class that this machine should never see."""
    found = [entry.pw_name for entry in pwd.getpwall() if entry.pw_name.startswith(("try-", "grader-descent"))]
    found += [str(path) for path in Path("/home").iterdir() if path.name.startswith(("try-", "grader-"))]
    found += [path for path in ("/srv/jupyterhub", "/srv/nbgrader", "/etc/jupyterhub") if Path(path).exists()]
    return found


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_class(end, tmp_path):
    if says := hub.missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(says)
    before, mounts = left_over(), Path("/proc/self/mountinfo").read_text()
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen([sys.executable, TOOL, "--students", "1"], stdout=said, stderr=said)
    parent = psutil.Process(process.pid)
    # Killed in the middle of its start, which leaves the least time to tidy up; otherwise when it is ready.
    ready = "Ctrl-C" if end != signal.SIGKILL else "Starting"
    limit = time.monotonic() + 300
    while ready not in (tmp_path / "said").read_text() or len(family(parent)) < 3:
        assert process.poll() is None, (tmp_path / "said").read_text()
        assert time.monotonic() < limit
        time.sleep(0.3)
    relatives = family(parent)[1:]
    process.send_signal(end)
    process.wait(60)
    assert all(ended(one) for one in relatives), [one for one in relatives if one.is_running()]
    assert left_over() == before
    assert Path("/proc/self/mountinfo").read_text() == mounts
    if end == signal.SIGINT:
        assert "nothing of it is left" in (tmp_path / "said").read_text()
        assert process.returncode == 0
