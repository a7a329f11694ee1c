"""What a student's kernel can see and reach, and that a sandbox leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_code_cell

from nbjudge.errors import SandboxError
from nbjudge.sandbox.kernel import Kernel
from nbjudge.sandbox.limits import Limits
from nbjudge.sandbox.runfolder import RunFolder
from nbjudge.sandbox.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def kernel(sandbox):
    with Kernel.start(sandbox.address, seed=1) as started:
        yield started


def ask(kernel, expression, setup="pass"):
    """The value of an expression inside, as JSON."""
    source = f"import json, os, pathlib, socket\n{setup}\nprint(json.dumps({expression}))"
    run = kernel.execute(new_code_cell(source), 30)
    assert run.status == "ok", run.outputs
    return json.loads(run.outputs[0]["text"])


def descendants():
    return set(psutil.Process().children(recursive=True))


def running(processes):
    return [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def test_the_course_and_homes_are_not_visible(kernel, sandbox, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("42")
    places = [str(secret), str(ROOT / "tests"), str(ROOT / "pyproject.toml"), "/home", "/var", "/etc/passwd"]
    places += [sandbox.address, str(Path.home() / ".bashrc"), str(ROOT / "source"), str(ROOT / ".git")]
    assert ask(kernel, f"[p for p in {places!r} if os.path.exists(p)]") == []


def test_only_its_own_two_processes_are_visible(kernel, sandbox):
    with Kernel.start(sandbox.address, seed=2):
        assert ask(kernel, "sorted(int(p) for p in os.listdir('/proc') if p.isdigit())") == [1, 2]


KEYS = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(*args):
    ctypes.set_errno(0)
    return errno.errorcode[ctypes.get_errno()] if libc.syscall(*args) < 0 else "done"
add, keyctl = {"x86_64": (248, 250), "aarch64": (217, 219), "riscv64": (217, 219)}[os.uname().machine]
"""


def test_no_key_can_be_read_or_left_for_the_next(kernel):
    add = "call(add, b'user', b'nbjudge', b'note', 4, -3)"
    assert (
        ask(kernel, f"[{add}, call(keyctl, 0, -3, 0), call(keyctl - 1, b'user', b'nbjudge', None, 0)]", KEYS)
        == ["EPERM"] * 3
    )
    assert ask(kernel, "call(add - 1, 0, 0, 0)", KEYS) != "EPERM"
    assert ask(kernel, "call(keyctl + 1, 0, 0, 0)", KEYS) != "EPERM"


def test_no_memory_can_be_had_that_no_limit_counts(kernel):
    shm, memfd = {"x86_64": (29, 319)}.get(os.uname().machine, (194, 279))
    assert ask(kernel, f"[call({shm}, 0, 1 << 20, 0o1600), call({memfd}, b'x', 0)]", KEYS) == ["EPERM"] * 2


def test_the_environment_of_the_grader_is_not_visible(kernel):
    everything = "[open(f'/proc/{p}/environ').read() for p in ('self', 2)] + [str(dict(os.environ))]"
    assert "NBJUDGE_TEST_SECRET" not in str(ask(kernel, everything))
    assert "PATH" not in ask(kernel, "dict(os.environ)")


def test_there_is_no_network(kernel):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        setup = (
            "def attempt(host, port):\n    try:\n        socket.create_connection((host, port), timeout=2)\n"
            "        return 'connected'\n    except OSError as error:\n        return type(error).__name__"
        )
        answers = ask(kernel, f"[attempt('127.0.0.1', {port}), attempt('192.0.2.1', 80)]", setup)
    assert "connected" not in answers


def test_two_kernels_do_not_share_a_loopback_or_tmp(kernel, sandbox):
    opened = "s = socket.create_server(('127.0.0.1', 5555)); pathlib.Path('/tmp/note').write_text('hi')"
    assert ask(kernel, "1", opened) == 1
    with Kernel.start(sandbox.address, seed=2) as other:
        setup = (
            "try:\n    socket.create_connection(('127.0.0.1', 5555), timeout=2); reached = True\n"
            "except OSError:\n    reached = False"
        )
        assert ask(other, "[reached, os.listdir('/tmp')]", setup) == [False, []]


def test_nothing_but_the_private_folders_can_be_written(kernel):
    setup = (
        "import sys\ndef writable(folder):\n    try:\n        (pathlib.Path(folder) / 'x').write_text('x')\n"
        "        return True\n    except OSError:\n        return False"
    )
    folders = "['/', '/dev', '/usr/lib', sys.prefix, os.path.dirname(os.__file__), '/proc', '/tmp', '/dev/shm']"
    assert ask(kernel, f"[f for f in {folders} if writable(f)]", setup) == ["/tmp", "/dev/shm"]


def test_there_are_no_privileges_and_none_to_be_had(kernel):
    setup = "import ctypes\nlibc = ctypes.CDLL(None)"
    status = ask(kernel, "open('/proc/self/status').read()", setup)
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert {int(fields[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb")} == {0}
    assert fields["NoNewPrivs"] == "1"
    new_user_namespace, new_mounts = 0x10000000, 0x20000
    attempts = f"[libc.unshare({new_user_namespace}), libc.unshare({new_mounts}), libc.setuid(0)]"
    assert ask(kernel, attempts, setup) == [-1, -1, -1]


def test_its_init_cannot_be_traced_or_killed(kernel):
    setup = (
        "import signal\ndef refused(act):\n    try:\n        act()\n        return False\n"
        "    except OSError:\n        return True\n"
        "os.kill(1, signal.SIGTERM)\n"
    )
    assert ask(kernel, "[refused(lambda: open('/proc/1/mem')), os.path.exists('/proc/1')]", setup) == [
        True,
        True,
    ]


def test_no_file_of_the_zygote_stays_open(kernel):
    setup = "files = [f'/proc/self/fd/{number}' for number in os.listdir('/proc/self/fd')]"
    for target in ask(kernel, "[os.readlink(file) for file in files if os.path.lexists(file)]", setup):
        assert target.startswith(("socket:", "pipe:", "anon_inode:", "/dev/null", "/proc/")), target


def test_closing_leaves_no_process_and_no_folder():
    before = descendants()
    with Sandbox() as sandbox:
        folder = Path(sandbox.address).parent
        kernel = Kernel.start(sandbox.address, seed=1)
        ours = descendants() - before
        assert len(running(ours)) >= 4
    assert running(ours) == []
    assert not folder.exists()
    assert kernel.execute(new_code_cell("1"), 5).status == "died"
    kernel.close()
    with pytest.raises(SandboxError, match="gone"):
        Kernel.start(str(folder / "zygote"), seed=1)


def test_a_killed_grader_takes_its_sandbox_along():
    program = (
        "import sys, time\nfrom nbjudge.sandbox.sandbox import Sandbox\nfrom nbjudge.sandbox.kernel import Kernel\n"
        "with Sandbox() as s:\n    k = Kernel.start(s.address, 1)\n"
        "    print(s.address, flush=True)\n    time.sleep(600)\n"
    )
    grader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    address = grader.stdout.readline().strip()
    grader.stdout.close()
    inside = psutil.Process(grader.pid).children(recursive=True)
    assert len(inside) >= 3
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    _, alive = psutil.wait_procs(inside, timeout=10)
    assert alive == []
    RunFolder().close()  # the next sandbox's; another one that runs meanwhile may have been first
    assert not Path(address).parent.exists()


def test_a_folder_that_would_show_is_refused_before_anything_starts():
    inside_the_package_folder = ROOT / "src" / "secret"
    sandbox = Sandbox(forbid=[inside_the_package_folder])
    with pytest.raises(SandboxError, match="on Python's path"), sandbox:
        pass


def test_a_missing_bubblewrap_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(SandboxError, match=r"bubblewrap is not installed.*apt-get install"), Sandbox():
        pass


def test_refused_namespaces_are_named_with_what_to_do(monkeypatch, tmp_path):
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(refusing))
    with (
        pytest.raises(SandboxError, match=r"No permissions to create new namespace.*user namespaces"),
        Sandbox(),
    ):
        pass


def test_what_cannot_be_imported_is_reported_not_fatal(sandbox):
    assert sandbox.missing == ("no_such_module",)


def test_without_isolation_the_receipt_says_so_and_kernels_still_work():
    before = descendants()
    with Sandbox(isolation="none", limits=Limits(cpu=50)) as sandbox:
        about = sandbox.describe()
        with Kernel.start(sandbox.address, seed=1, limits=sandbox.limits) as kernel:
            assert ask(kernel, "2") == 2
            kernel.execute(new_code_cell("import subprocess\nsubprocess.Popen(['/bin/sleep', '600'])"), 20)
            ours = descendants() - before
            assert len(ours) >= 4
    assert (about["isolation"], about["proc"], about["limits"]["cpu"]) == ("none", "shared", 50)
    assert running(ours) == []


IN_TMP = """
import sys
import tempfile
from nbformat.v4 import new_code_cell
from nbjudge.sandbox.kernel import Kernel
from nbjudge.sandbox.sandbox import Sandbox

code = '''
import os, sys, wave  # wave comes from the disk only now
def write(path):
    try:
        open(path, "w").close()
        return "written"
    except OSError:
        return "refused"
print(write("/tmp/mine"), write(sys.prefix + "/lib/theirs"), os.path.exists(sys.prefix + "/secret"))
'''
with Sandbox() as sandbox, Kernel.start(sandbox.address, seed=1) as kernel:
    (output,) = kernel.execute(new_code_cell(code), 30).outputs
    print(output.get("text") or output)
"""


@pytest.mark.slow
def test_an_interpreter_that_lies_in_tmp_works_and_stays_read_only():
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        venv = Path(folder, "a course", ".venv")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--symlinks", venv], check=True)
        packages = next(venv.glob("lib/python3.*/site-packages"))
        (packages / "all.pth").write_text("\n".join(path for path in sys.path if path.startswith("/")) + "\n")
        (venv / "secret").write_text("beside the interpreter, but no part of it")
        done = subprocess.run([venv / "bin" / "python", "-c", IN_TMP], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["written", "refused", "False"], done.stderr[-2000:]
