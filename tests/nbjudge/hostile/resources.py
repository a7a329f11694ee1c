"""Using up what the machine has, and staying behind."""

from __future__ import annotations

from hostile.course import Attack

FAIL = "\ndef gradient(theta, X):\n    return torch.zeros(0)\n"
LOST = {"gradient_seen": 0.0, "gradient_hidden": 0.0, "gradient_points": 0.0}
OTHERS = ("primes_list", "primes_refuses", "basket", "slope_value")
ALL = {"gradient_seen": 1.0, "gradient_hidden": 3.0, "gradient_points": 2.0}


def at_start(name: str, says: str, *lines: str, **more: object) -> Attack:
    """The attack runs when the cell does, and may leave a function that fails."""
    return Attack(name, says, {"gradient": "\n".join(lines) + FAIL}, **more)  # type: ignore[arg-type]


def in_call(name: str, says: str, *lines: str, before: str = "", **more: object) -> Attack:
    """The attack runs in a call that the judge makes."""
    body = "\n".join(f"    {line}" for line in lines)
    return Attack(
        name, says, {"gradient": f"{before}\ndef gradient(theta, X):\n{body}\n    return torch.zeros(0)"}, **more
    )  # type: ignore[arg-type]


# Honest, and remembers nothing but itself.
STAY = "def gradient(theta, X):\n    return X.T @ (X @ theta) / len(X)\n"

ATTACKS = [
    at_start("endless_cell", "A cell that never ends.", "while True:", "    pass", slow=True),
    in_call("endless_call", "A call that never ends.", "while True:", "    pass"),
    in_call(
        "endless_deaf",
        "A call that never ends and cannot be interrupted.",
        "import signal",
        "signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "while True:",
        "    pass",
        slow=True,
    ),
    in_call("endless_c", "A call that never ends, in C.", "sum(range(10**15))", slow=True),
    in_call(
        "catches_all",
        "A call that swallows the interrupt.",
        "import time",
        "while True:",
        "    try:",
        "        time.sleep(9)",
        "    except BaseException:",
        "        pass",
        slow=True,
    ),
    at_start(
        "sleeping_del",
        "An object's end takes for ever.",
        "import time",
        "class Slow:",
        "    def __del__(self):",
        "        time.sleep(1000)",
        "slow = Slow()",
        "del slow",
        slow=True,
    ),
    in_call("recursion", "Recursion without end.", "return gradient(theta, X)"),
    in_call(
        "c_recursion",
        "Recursion in C until the stack is gone.",
        "import sys",
        "sys.setrecursionlimit(10**9)",
        "import functools",
        "deep = lambda: max([1], key=lambda x: deep())",
        "return deep()",
    ),
    in_call(
        "sleeping_result",
        "The end of what a call returns takes for ever.",
        "return Slow()",
        before="import time\nclass Slow:\n    def __del__(self):\n        time.sleep(1000)\n    def __reduce__(self):\n        time.sleep(1000)\n    __len__ = __iter__ = __reduce__",
        slow=True,
    ),
    at_start(
        "alarms",
        "A timer raises an error wherever the process is, a thousand times a second.",
        "import signal",
        "def ring(*rest):",
        "    raise ValueError('ring')",
        "signal.signal(signal.SIGALRM, ring)",
        "signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)",
        may_lose=OTHERS,
    ),
    at_start(
        "tracing",
        "Every call in the process is traced, and every trace fails.",
        "import sys, threading",
        "def look(*rest):",
        "    raise KeyError('traced')",
        "threading.setprofile(look)",
        "sys.setprofile(look)",
        may_lose=OTHERS,
    ),
    at_start(
        "audit",
        "An audit hook refuses everything that the process does.",
        "import sys",
        "def refuse(event, args):",
        "    raise RuntimeError(event)",
        "sys.addaudithook(refuse)",
        may_lose=OTHERS,
    ),
    at_start("no_modules", "All modules are forgotten.", "import sys", "sys.modules.clear()", may_lose=OTHERS),
    at_start(
        "own_limits",
        "The process lowers its own limits to nothing.",
        "import resource",
        "for which in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_STACK):",
        "    resource.setrlimit(which, (0, 0))",
        may_lose=OTHERS,
    ),
    at_start("closed_files", "Every open file is closed.", "import os", "os.closerange(0, 4096)"),
    at_start(
        "no_folder",
        "The working folder is removed from under the process.",
        "import os, shutil",
        "os.makedirs('gone', exist_ok=True)",
        "os.chdir('gone')",
        "os.rmdir(os.getcwd())",
    ),
    at_start(
        "renames_itself",
        "The process calls itself like the grader, leaves its session and ignores signals.",
        "import ctypes, os, signal",
        "ctypes.CDLL(None).prctl(15, b'nbjudge', 0, 0, 0)",
        "for number in range(1, 32):",
        "    try:",
        "        signal.signal(number, signal.SIG_IGN)",
        "    except (OSError, ValueError):",
        "        pass",
    ),
    in_call("exit", "os._exit in a call.", "import os", "os._exit(0)"),
    in_call("killed", "SIGKILL to itself in a call.", "import os", "os.kill(os.getpid(), 9)"),
    in_call("stopped", "SIGSTOP to itself in a call.", "import os", "os.kill(os.getpid(), 19)", slow=True),
    in_call(
        "kill_everybody",
        "SIGKILL to every process that can be reached.",
        "import os",
        "os.kill(-1, 9)",
        "os.kill(os.getppid(), 9)",
    ),
    in_call("segfault", "A read of address zero.", "import ctypes", "ctypes.string_at(0)"),
    at_start(
        "quits",
        "The kernel is asked to shut down.",
        "get_ipython().kernel.do_shutdown(False)",
        "exit()",
        "quit()",
        may_lose=OTHERS,
    ),
    at_start(
        "memory",
        "All memory.",
        "blocks = []",
        "while True:",
        "    blocks.append(bytearray(2**26))",
        "    blocks[-1][::4096] = b'x' * 2**14",
    ),
    in_call("memory_in_call", "All memory, in a call.", "return torch.ones(10**12)"),
    at_start(
        "disk", "A full disk.", "n = 0", "while True:", "    n += 1", "    open(f'{n}', 'wb').write(b'x' * 2**20)"
    ),
    at_start("files", "As many files as can be made.", "n = 0", "while True:", "    n += 1", "    open(f'{n}', 'w')"),
    at_start(
        "shared_memory",
        "All shared memory.",
        "n = 0",
        "while True:",
        "    n += 1",
        "    open(f'/dev/shm/{n}', 'wb').write(b'x' * 2**20)",
    ),
    at_start(
        "descriptors",
        "All file descriptors.",
        "import os",
        "kept = []",
        "while True:",
        "    kept.append(os.dup(0))",
        slow=True,
    ),
    at_start(
        "fork_bomb",
        "Forks without end.",
        "import os, time",
        "for _ in range(200):",
        "    try:",
        "        if os.fork() == 0:",
        "            time.sleep(100)",
        "    except OSError:",
        "        break",
    ),
    at_start(
        "thread_bomb",
        "Threads without end.",
        "import threading, time",
        "for _ in range(500):",
        "    threading.Thread(target=time.sleep, args=(100,), daemon=True).start()",
    ),
    at_start("flood", "Output without end.", "while True:", "    print('x' * 10_000)", slow=True),
    at_start(
        "errors_flood",
        "Errors without end on stderr, straight to the file.",
        "import os, sys",
        "while True:",
        "    os.write(2, b'x' * 10_000)",
        "    os.write(1, b'x' * 10_000)",
        slow=True,
    ),
    at_start(
        "clear_flood",
        "Displays and clearing without end.",
        "from IPython.display import clear_output, display",
        "while True:",
        "    display({'text/html': 'y' * 10**6}, raw=True)",
        "    clear_output()",
        slow=True,
    ),
    Attack(
        "big_outputs",
        "Twenty cells with fourteen million characters of figures each.",
        cells=tuple(
            "from IPython.display import display\ndisplay({'image/svg+xml': 'z' * 14_000_000}, raw=True)"
            for _ in range(20)
        ),
        slow=True,
    ),
    Attack(
        "daemon",
        "A process leaves its session and its parents, and wants to live on.",
        {
            "gradient": STAY + "import os, signal, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
            "        for n in range(1, 32):\n            try:\n                signal.signal(n, signal.SIG_IGN)\n            except (OSError, ValueError):\n                pass\n"
            "        while True:\n            time.sleep(1)\n    os._exit(0)"
        },
        earns=ALL,
    ),
    Attack(
        "atexit",
        "Work is left for the process's end.",
        {
            "gradient": STAY
            + "import atexit, threading, time\natexit.register(time.sleep, 1000)\nthreading.Thread(target=time.sleep, args=(1000,)).start()"
        },
        earns=ALL,
    ),
    Attack(
        "subprocess",
        "A child process holds the output pipes and a lock on Python's files.",
        {
            "gradient": STAY
            + "import fcntl, subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'], start_new_session=True)\n"
            "held = open(sys.executable, 'rb')\nfcntl.flock(held, fcntl.LOCK_EX)"
        },
        earns=ALL,
    ),
    Attack(
        "network",
        "Connections to the outside, to the machine itself, and to the grader's sockets.",
        {
            "gradient": STAY + "import glob, socket\nfound = []\n"
            "for place in [('1.1.1.1', 80), ('127.0.0.1', 22), ('127.0.0.1', 8888)]:\n    try:\n        socket.create_connection(place, 0.2)\n        found.append(place)\n    except OSError:\n        pass\n"
            "found += [line for line in open('/proc/net/unix') if 'zygote' in line or line.count('@')]\nfound += glob.glob('/tmp/nbjudge-*')\n"
            "print('FOUND', found) if found else print('found nothing')"
        },
        earns=ALL,
    ),
    Attack(
        "escape",
        "Mounts, namespaces and other users are asked for.",
        {
            "gradient": STAY + "import ctypes, os\nlibc = ctypes.CDLL(None)\nfound = []\n"
            "found += ['unshare'] * (libc.unshare(0x10000000) == 0) + ['mount'] * (libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0)\n"
            "found += ['setuid'] * (libc.setuid(0) == 0 and os.getuid() == 0) + ['chroot'] * (libc.chroot(b'/tmp') == 0)\n"
            "for path in ('/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/sys/kernel/uevent_helper', '/etc/passwd', '/usr/lib/x'):\n"
            "    try:\n        open(path, 'w')\n        found.append(path)\n    except OSError:\n        pass\n"
            "print('FOUND', found) if found else print('found nothing')"
        },
        earns=ALL,
    ),
    Attack(
        "bequest",
        "Something is left for the next submission: in shared memory, in a key ring, in Python's own folders.",
        {
            "gradient": STAY
            + "import ctypes, sys\nlibc = ctypes.CDLL(None)\nlibc.syscall(248, b'user', b'nbjudge-bequest', b'hello', 5, -3)\n"
            "for place in ('/tmp', '/dev/shm', sys.prefix, sys.prefix + '/lib', '/usr/lib', '.'):\n    try:\n        open(place + '/bequest', 'w').write('x')\n    except OSError:\n        pass"
        },
        earns=ALL,
    ),
    *(
        Attack(
            f"heir_{turn}",
            "Looks for what an earlier submission left in files, key rings and mapped memory.",
            {
                "gradient": STAY + "import ctypes, os, sys\nlibc = ctypes.CDLL(None)\nfound = []\n"
                "found += ['key'] * (libc.syscall(249, b'user', b'nbjudge-bequest', None, 0) > 0)\n"
                "found += ['key'] * (libc.syscall(250, 10, -3, b'user', b'nbjudge-bequest', 0) > 0)\n"
                "found += [p for p in ('/tmp', '/dev/shm', sys.prefix, '/usr/lib') if os.path.exists(p + '/bequest')]\n"
                "found += [l for l in open('/proc/self/maps') if 's ' in l.split()[1] + ' ' and 'w' in l.split()[1]]\n"
                "print('FOUND', found) if found else print('found nothing')"
            },
            earns=ALL,
        )
        for turn in (1, 2)
    ),
]
