"""The calls that a student's processes may not make, as a seccomp filter.

Only the untrusted side is filtered. OSError is raised where a filter cannot be had: such a child must not start.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Collection

PR_SET_SECCOMP = 22
# Calls that no honest notebook makes, with their numbers on x86_64 and, the same for both, on arm64 and RISC-V.
REFUSED_CALLS = {
    "add_key": (248, 217),  # no namespace has key rings of its own: they could hold the login's secrets,
    "request_key": (249, 218),  # and notes for the next child
    "keyctl": (250, 219),
    "shmget": (29, 194),  # memory that no limit counts, like the next two
    "memfd_create": (319, 279),  # but see CUDA_CALLS
    "memfd_secret": (447, 447),
    "perf_event_open": (298, 241),  # a way to look at others, and like the rest a way into the system's kernel
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
}
# What the GPU's driver cannot start without (it says "error 304"): allowed where the GPU is shown.
CUDA_CALLS = ("memfd_create",)
# What namespaces would have made harmless.
REFUSED_OUTSIDE = {
    "msgget": (68, 186),  # notes for the next child, like the next two
    "semget": (64, 190),
    "mq_open": (240, 180),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "unshare": (272, 97),  # within an own user namespace a process has all privileges again
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
}
SOCKET, CLONE, CLONE3 = (41, 198), (56, 220), (435, 435)
ANY_NAMESPACE = 0x7E020000  # the flags of clone that ask for one
# By machine: its name for seccomp, the column above, and the number of clone.
MACHINES = {"x86_64": (0xC000003E, 0, 56), "aarch64": (0xC00000B7, 1, 220), "riscv64": (0xC00000F3, 1, 220)}

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _GIVE = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in what a filter is shown
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000

Step = tuple[int, int, int, int]  # an instruction: code, steps to skip if true, if false, operand

_libc = ctypes.CDLL(None, use_errno=True)


def forbid_calls(outside: bool = False, allow: Collection[str] = ()) -> None:
    """Refuse REFUSED_CALLS, and every call in another machine's numbering, in this process and all that it starts.

    ``outside`` of namespaces REFUSED_OUTSIDE, new namespaces and all sockets but unix ones are refused too. ``allow``
    names calls that this process needs.
    """
    steps = filter_steps(os.uname().machine, outside, allow)
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    head = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program))
    filtering = ctypes.c_ulong(2)
    if _libc.prctl(PR_SET_SECCOMP, filtering, ctypes.c_char_p(head), ctypes.c_ulong(0), ctypes.c_ulong(0)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")


def filter_steps(machine: str, outside: bool, allow: Collection[str] = ()) -> list[Step]:
    """The filter's instructions for a machine; raises OSError for one that is not known."""
    try:
        name, column, _ = MACHINES[machine]
    except KeyError:
        raise OSError(errno.ENOSYS, f"no seccomp filter for {machine}") from None
    refused = _give(_ERROR | errno.EPERM)
    steps = [
        *(_load(_ARCHITECTURE), (_EQUAL, 1, 0, name), refused),
        *(_load(_NUMBER), (_AT_LEAST, 0, 1, 0x40000000), refused),  # x86's second set of numbers
    ]
    calls = REFUSED_CALLS | (REFUSED_OUTSIDE if outside else {})
    for numbers in (numbers for call, numbers in calls.items() if call not in allow):
        steps += [(_EQUAL, 0, 1, numbers[column]), refused]
    if outside:
        unix = 1
        # Its flags lie in memory, out of a filter's sight; the C library does without it.
        steps += [(_EQUAL, 0, 1, CLONE3[column]), _give(_ERROR | errno.ENOSYS)]
        steps += [(_EQUAL, 0, 4, SOCKET[column]), _load(_FIRST_ARGUMENT), (_EQUAL, 1, 0, unix), refused, _give(_ALLOW)]
        steps += [(_EQUAL, 0, 3, CLONE[column]), _load(_FIRST_ARGUMENT), (_ANY_BIT, 0, 1, ANY_NAMESPACE), refused]
    return [*steps, _give(_ALLOW)]


def _load(offset: int) -> Step:
    return _LOAD, 0, 0, offset


def _give(answer: int) -> Step:
    return _GIVE, 0, 0, answer
