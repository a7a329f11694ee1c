"""Where namespaces are refused, a kernel is a user of its own: what it sees, reaches and leaves behind."""

import json
import os
import sys

import pytest
from container import run_inside

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="needs root")

# Runs inside the container, as the grader would: one kernel answers the questions, another bears witness.
LOOK = """
import json, os, pathlib, signal, subprocess, sys, time
import psutil
from nbformat.v4 import new_code_cell
from nbjudge.sandbox import users
from nbjudge.sandbox.kernel import Kernel
from nbjudge.sandbox.limits import Limits, MIB
from nbjudge.sandbox.sandbox import Sandbox

isolation, questions = json.loads(sys.argv[1])
pathlib.Path("/secret").mkdir(mode=0o700)
pathlib.Path("/secret/note").write_text("42")
told = {}
limits = Limits(disk=32 * MIB, processes=30)
with Sandbox(isolation=isolation, limits=limits, forbid=[pathlib.Path("/secret")]) as sandbox:
    told["described"] = sandbox.describe()
    other = subprocess.Popen(["sleep", "60"])
    start = lambda seed: Kernel.start(sandbox.address, seed, limits)
    with start(1) as kernel, start(2) as peer:
        peer.execute(new_code_cell("open('mine', 'w').write('private')"), 30)
        place = peer.execute(new_code_cell("import os; print(os.getcwd(), os.getuid(), os.getpid())"), 30)
        setup = f"import os, json; other, peer = {other.pid}, {place.outputs[0].text.split()!r}"
        assert kernel.execute(new_code_cell(setup), 30).status == "ok"
        for name, source in questions.items():
            run = kernel.execute(new_code_cell(source), 30)
            told[name] = "".join(o.get("text", "") or f"{o.get('ename')}" for o in run.outputs).strip() or run.status
        told["peer"] = place.outputs[0].text.split()
        os.kill(psutil.Process(int(told["peer"][2])).ppid(), signal.SIGSTOP)  # its init can't tidy
    both = {int(told["who"].split()[0]), int(told["peer"][1])}
    told["left running"] = [process for user in both for process in users.processes(user)]
    lying = [path for place in users.SHARED for path in pathlib.Path(place).glob("*")]
    told["left lying"] = [str(path) for path in lying if path.lstat().st_uid in both]
    told["others"] = other.poll()
    other.kill()
print(json.dumps(told))
"""
REACH = "\n".join(
    [
        "def attempt(act):",
        "    try:",
        "        return act()",
        "    except (OSError, ValueError) as error:",
        "        return type(error).__name__",
    ]
)
QUESTIONS = {
    "reach": REACH,
    "who": "import os; print(os.getuid(), os.getgid(), os.getgroups(), oct(os.stat('.').st_mode)[-3:])",
    "status": "print(open('/proc/self/status').read())",
    "home": "print([os.environ[n] == os.getcwd() for n in ('HOME', 'TMPDIR')], sorted(os.environ))",
    "secret": (
        "places = '/secret/note', peer[0] + '/mine', '/proc/1/environ', f'/proc/{other}/environ'\n"
        "print([attempt(lambda: open(p).read()) for p in places])"
    ),
    "accounts": "print(attempt(lambda: open('/etc/passwd').read()) and attempt(lambda: os.listdir('/tmp')))",
    "signals": "print([attempt(lambda: os.kill(int(p), 15)) for p in (other, peer[2], os.getppid(), 1)])",
    "trace": (
        "from ctypes import CDLL\nprint([CDLL(None).ptrace(16, int(p), 0, 0) for p in (other, peer[2], os.getppid())])"
    ),
    "memory": "print([attempt(lambda: open(f'/proc/{p}/mem', 'rb')) for p in (other, peer[2], os.getppid())])",
    "network": (
        "import socket\n"
        "families = [getattr(socket, 'AF_' + n) for n in 'INET INET6 NETLINK PACKET'.split()]\n"
        "print([attempt(lambda: socket.socket(f)) for f in families])"
    ),
    "pair": "import socket; a, b = socket.socketpair(); a.send(b'x'); print(b.recv(1))",
    "namespaces": "import ctypes; print([ctypes.CDLL(None).unshare(f) for f in (0x10000000, 0x20000, 0x40000000)])",
    "setuid": "print([attempt(lambda: f(0)) for f in (os.setuid, os.setgid)], attempt(lambda: os.setgroups([0])))",
    "write": "print([attempt(lambda: open(p + '/x', 'w')) for p in ('/', '/usr', '/etc', '/opt', '/root', '/secret')])",
    "own": "open('x', 'w').write('1'); os.mkdir('d'); print(os.path.exists('x'), os.listdir('d'))",
    "shared": "open('/dev/shm/note', 'w').write('1'); print(os.path.exists('/dev/shm/note'))",
    "threads": "import threading; t = threading.Thread(target=print, args=('hi',)); t.start(); t.join()",
    "python": (
        "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'print(2)'], capture_output=True).stdout)"
    ),
    "many": (
        "import time\ncount = 0\nwhile count < 40:\n    try:\n"
        "        if os.fork() == 0:\n            os.setsid(); time.sleep(300)\n"
        "        count += 1\n    except OSError:\n        break\nprint(count < 30)"
    ),
    "deep": "for _ in range(1200):\n    os.mkdir('deep'); os.chdir('deep')\nprint('dug')",
}


def look(isolation, **container):
    command = [sys.executable, "-c", LOOK, json.dumps([isolation, QUESTIONS])]
    done = run_inside(command, timeout=300, **container)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def seen():
    return look("uid+landlock")


@pytest.fixture(scope="module")
def seen_without_landlock():
    return look("uid", landlock=False)


@pytest.fixture(params=["seen", "seen_without_landlock"])
def either(request):
    return request.getfixturevalue(request.param)


def test_each_kernel_is_a_user_of_its_own_and_no_group_else(either):
    user, group, rest = either["who"].split(" ", 2)
    assert user == group
    assert rest == "[] 700"
    assert int(user) > 20_000
    assert user != either["peer"][1]
    assert either["described"]["uid"] == "one for each kernel"


def test_it_has_no_privileges_and_gets_none(either):
    fields = dict(line.split(":\t", 1) for line in either["status"].splitlines() if ":\t" in line)
    assert {int(fields[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {0}
    assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")
    assert either["setuid"] == "['PermissionError', 'PermissionError'] PermissionError"
    assert either["namespaces"] == "[-1, -1, -1]"


def test_it_reads_nothing_of_the_grader_or_of_another_kernel(either):
    assert set(eval(either["secret"])) <= {"PermissionError", "FileNotFoundError"}
    assert set(eval(either["memory"])) == {"PermissionError"}
    assert either["trace"] == "[-1, -1, -1]"
    assert "PATH" not in either["home"]
    assert either["home"].startswith("[True, True]")


def test_it_signals_nobody_else(either):
    assert set(eval(either["signals"])) == {"PermissionError"}
    assert either["others"] is None


def test_it_has_no_network_and_still_has_pairs_of_sockets(either):
    assert set(eval(either["network"])) == {"PermissionError"}
    assert either["pair"] == "b'x'"


def test_it_writes_into_its_own_folder_only(either):
    closed = {"PermissionError", "FileNotFoundError", "OSError"}  # the last: the disk can't be written to by anybody
    assert set(eval(either["write"])) <= closed
    assert either["own"] == "True []"
    assert either["shared"] == "True"


def test_threads_and_python_itself_work(either):
    assert (either["threads"], either["python"]) == ("hi", "b'2\\n'")


def test_the_number_of_its_processes_is_bounded(either):
    assert either["many"] == "True"


def test_nothing_of_it_is_left_even_by_an_init_that_was_stopped(either):
    assert either["deep"] == "dug"
    assert (either["left running"], either["left lying"]) == ([], [])


def test_landlock_closes_what_any_user_may_read(seen, seen_without_landlock):
    assert seen["accounts"] == "PermissionError"
    assert seen_without_landlock["accounts"].startswith("[")


REFUSED = """
import json, sys, pathlib
from nbjudge.errors import SandboxError
from nbjudge.sandbox.sandbox import Sandbox
from nbjudge.sandbox.strongest import strongest
told = {}
pathlib.Path("/open").mkdir()
for name, forbid in (("bwrap", []), ("uid+landlock", []), ("uid", []), ("uid", [pathlib.Path("/open")])):
    try:
        with Sandbox(isolation=name, forbid=forbid):
            told[name + str(len(forbid))] = "opened"
    except SandboxError as refused:
        told[name + str(len(forbid))] = str(refused)
told["strongest"] = strongest()
print(json.dumps(told))
"""


@pytest.mark.parametrize("landlock", [True, False])
def test_the_strongest_isolation_is_taken_and_no_weaker_one_silently(landlock):
    done = run_inside([sys.executable, "-c", REFUSED], landlock=landlock, timeout=300)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["bwrap0"].startswith("the sandbox did not start: bwrap: ")
    assert told["uid0"] == "opened"
    assert told["uid1"].startswith("any user of this machine can read /open.")
    isolation, refusals = told["strongest"]
    if landlock:
        assert (told["uid+landlock0"], isolation) == ("opened", "uid+landlock")
    else:
        assert told["uid+landlock0"] == "this system's kernel has no Landlock, or refuses it."
        assert isolation == "uid"
    assert refusals[0].startswith("namespaces (bubblewrap): the sandbox did not start: ")
    assert len(refusals) == (1 if landlock else 2)
