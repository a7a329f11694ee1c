"""Linux calls that make a forked process small: namespaces, private file systems, no privileges, limits.

Only the untrusted side runs them. Every one raises OSError when the kernel refuses: a child that cannot be
confined must not start.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
import resource
import signal
import socket
import struct
from pathlib import Path

from nbjudge.sandbox.limits import Limits
from nbjudge.sandbox.seccomp import CUDA_CALLS, MACHINES, forbid_calls
from nbjudge.sandbox.visible import gpu_is_shown

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x00020000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
NOSUID, NODEV, NOEXEC = 2, 4, 8
MS_BIND, MS_REC = 4096, 16384
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47
MADV_COLLAPSE = 25  # Linux 6.1
HUGE_PAGE = 2 * 1024 * 1024
THREADS_ROOM = 1024 * 1024 * 1024  # address space that the kernel's own threads reserve, mostly unused

_libc = ctypes.CDLL(None, use_errno=True)
_libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


def _call(name: str, *args: object) -> None:
    if getattr(_libc, name)(*args) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def prctl(option: int, value: int = 0) -> None:
    """prctl(2) with one argument."""
    _call("prctl", option, *(ctypes.c_ulong(v) for v in (value, 0, 0, 0)))


def fork_into_namespaces() -> int:
    """Fork into own user, mount, pid, ipc and network namespaces: 0 in the child, which is pid 1 there.

    One fork less than unshare(2) would need, whose caller stays outside of its new pid namespace. The C library
    does not know of it, so the child should do no more than `own_ids`, mount, fork and wait.
    """
    if os.uname().machine not in MACHINES:
        raise OSError(errno.ENOSYS, f"no number of clone for {os.uname().machine}")
    number = MACHINES[os.uname().machine][2]
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET | signal.SIGCHLD
    python = ctypes.PyDLL(None, use_errno=True)  # keeps the interpreter's lock, as forking needs
    python.syscall.restype = ctypes.c_long
    python.PyOS_BeforeFork()
    child: int = python.syscall(*(ctypes.c_long(value) for value in (number, flags, 0, 0, 0, 0)))
    problem = ctypes.get_errno()
    if child == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    if child < 0:
        raise OSError(problem, f"clone: {os.strerror(problem)}")
    return child


def own_ids(uid: int, gid: int) -> None:
    """In a new user namespace: be who one was before."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def mount(kind: str, where: str, flags: int, options: str = "") -> None:
    """mount(2) of a fresh file system of a kind over a folder."""
    _call("mount", kind.encode(), where.encode(), kind.encode(), flags, options.encode() or None)


def own_file_systems(limits: Limits) -> None:
    """As pid 1 of new namespaces: a private /proc, /tmp, /dev/shm and /dev/pts, and no further namespaces."""
    mount("proc", "/proc", NOSUID | NODEV | NOEXEC)
    if os.path.realpath("/proc/self") != f"/proc/{os.getpid()}":
        raise OSError("the private /proc does not show this process")
    shown = _mounted_below("/tmp")
    for place in ("/tmp", "/dev/shm"):
        mount("tmpfs", place, NOSUID | NODEV, f"size={limits.disk},nr_inodes=16384,mode=0700")
    for path, handle in shown.items():
        folder = Path(path) if os.path.isdir(handle) else Path(path).parent
        folder.mkdir(parents=True, exist_ok=True)
        Path(path).touch()
        _call("mount", f"/proc/self/fd/{handle}".encode(), path.encode(), None, MS_BIND | MS_REC, None)
        os.close(handle)
    mount("devpts", "/dev/pts", NOSUID | NOEXEC, "newinstance,ptmxmode=0666,mode=0600")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def _mounted_below(place: str) -> dict[str, int]:
    """Handles of what is mounted below a folder: the interpreter, if it lies in /tmp, which a mount there hides."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    points = [re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split()[4]) for line in lines]
    return {point: os.open(point, os.O_PATH) for point in sorted(set(points)) if point.startswith(f"{place}/")}


def raise_loopback() -> None:
    """Bring ``lo`` up in an own network namespace, so that 127.0.0.1 works and reaches nobody else."""
    up_and_running, get_flags, set_flags = 0x41, 0x8913, 0x8914
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, get_flags, struct.pack("16sh22x", b"lo", 0))
        fcntl.ioctl(sock, set_flags, struct.pack("16sh22x", b"lo", up_and_running))


def drop_privileges() -> None:
    """No capability, none to be had again, and no new privileges by exec."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        prctl(PR_CAPBSET_DROP, capability)
    clear_all = 4
    prctl(PR_CAP_AMBIENT, clear_all)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    forbid_calls(allow=CUDA_CALLS if gpu_is_shown() else ())
    clear_capabilities()


def clear_capabilities() -> None:
    """Hold no capability, and leave none to what is started from here."""
    version_3 = struct.pack("=Ii", 0x20080522, 0)
    _call("capset", ctypes.c_char_p(version_3), ctypes.c_char_p(bytes(24)))


def enforce(limits: Limits) -> None:
    """Set the resource limits of this process and of all that it starts."""
    status = Path("/proc/self/status").read_text()
    held = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in status.splitlines() if "kB" in line}
    # The address space also bounds shared memory; CUDA reserves far more of it than it uses.
    room = resource.RLIM_INFINITY if gpu_is_shown() else held["VmSize"] + limits.memory + THREADS_ROOM
    for what, most in (
        (resource.RLIMIT_AS, room),
        (resource.RLIMIT_DATA, held["VmData"] + limits.memory),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def use_huge_pages() -> int:
    """Gather this process's heap in huge pages, so that fork copies hundreds of page entries, not 100,000.

    With PyTorch imported this cuts fork and exit to about a third. Returns the bytes gathered; a kernel that
    cannot do it (before Linux 6.1) costs nothing but the gain.
    """
    gathered = 0
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, mode, _offset, _device, inode, *name = line.split(None, 5)
        if mode != "rw-p" or inode != "0" or (name and name[0].startswith("[stack")):
            continue
        low, high = (int(end, 16) for end in span.split("-"))
        low, high = -(-low // HUGE_PAGE) * HUGE_PAGE, high // HUGE_PAGE * HUGE_PAGE
        if high > low and _libc.madvise(low, high - low, MADV_COLLAPSE) == 0:
            gathered += high - low
    return gathered
