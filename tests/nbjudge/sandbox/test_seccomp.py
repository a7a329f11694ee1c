"""The filter's program, run by an interpreter of our own: what it lets through, machine by machine."""

import errno

import pytest

from nbjudge.sandbox.seccomp import CUDA_CALLS, MACHINES, REFUSED_CALLS, REFUSED_OUTSIDE, filter_steps

LOAD, EQUAL, AT_LEAST, ANY_BIT, GIVE = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW = 0x7FFF0000
UNIX, INET = 1, 2
THREAD, NEW_USER = 0x003D0F00, 0x10000000


def answer(steps, machine, number, argument=0):
    """What a filter says: 0 to let the call through, else the error's number."""
    shown = {0: number, 4: machine, 16: argument}
    value, place = 0, 0
    tests = {EQUAL: lambda a, b: a == b, AT_LEAST: lambda a, b: a >= b, ANY_BIT: lambda a, b: bool(a & b)}
    while True:
        code, if_true, if_false, operand = steps[place]
        place += 1
        if code == GIVE:
            return 0 if operand == ALLOW else operand & 0xFFFF
        if code == LOAD:
            value = shown[operand]
        else:
            place += if_true if tests[code](value, operand) else if_false


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("outside", [False, True])
def test_every_named_call_is_refused_and_others_are_not(machine, outside):
    name, column, clone = MACHINES[machine]
    steps = filter_steps(machine, outside)
    assert {answer(steps, name, call[column]) for call in REFUSED_CALLS.values()} == {errno.EPERM}
    expected = errno.EPERM if outside else 0
    assert {answer(steps, name, call[column]) for call in REFUSED_OUTSIDE.values()} == {expected}
    assert answer(steps, name, 63) == answer(steps, name, clone, THREAD) == 0


@pytest.mark.parametrize("machine", MACHINES)
def test_outside_of_namespaces_there_are_unix_sockets_only_and_no_new_namespaces(machine):
    name, column, clone = MACHINES[machine]
    inside, outside = filter_steps(machine, False), filter_steps(machine, True)
    socket, clone3 = (41, 198)[column], 435
    asked = [(socket, UNIX), (socket, INET), (clone, NEW_USER), (clone3, 0)]
    assert [answer(inside, name, *call) for call in asked] == [0, 0, 0, 0]
    assert [answer(outside, name, *call) for call in asked] == [0, errno.EPERM, errno.EPERM, errno.ENOSYS]


def test_another_machines_numbering_is_refused():
    steps = filter_steps("x86_64", False)
    assert answer(steps, 0x40000003, 20) == errno.EPERM
    assert answer(steps, MACHINES["x86_64"][0], 0x40000000 + 39) == errno.EPERM


def test_what_the_gpu_needs_can_be_allowed():
    name, column, _ = MACHINES["x86_64"]
    steps = filter_steps("x86_64", False, CUDA_CALLS)
    refused = {call for call, numbers in REFUSED_CALLS.items() if answer(steps, name, numbers[column])}
    assert refused == set(REFUSED_CALLS) - set(CUDA_CALLS)


def test_an_unknown_machine_gets_no_filter():
    with pytest.raises(OSError, match="no seccomp filter for sparc"):
        filter_steps("sparc", False)
