"""The judge's connection: honest replies become values and handles; any other ends the test, never the judge."""

import socket
import struct
import time

import numpy as np
import pytest
import torch
from connections import get, honest, hostile

from nbjudge.border import student as module
from nbjudge.border.student import Refusal, Student, Unreachable
from nbjudge.border.wire import send

CLASS = ["ref", 1, "exception", "type", "E", [[1, "E"], "ValueError", "Exception", "BaseException", "object"]]
FUNCTION = ["ref", 7, "function", "function", "f", None]


def replying(status, tree, after=None):
    return lambda request, sock: [request[0], status, tree, after]


@pytest.fixture
def patience(monkeypatch):
    monkeypatch.setattr(module, "GRACE", 0.3)


def test_names_are_read_bound_and_deleted():
    with honest("a = 3") as student:
        assert student.get("a") == [3]
        assert student.get("b") == []
        student.bind({"b": [1, np.arange(2)]})
        assert get(student, "b")[1].tolist() == [0, 1]
        assert {"a", "b"} <= set(student.names())
        student.unbind("a")
        assert student.get("a") == []
        with pytest.raises(NameError, match="'a' is not defined"):
            student.unbind("a")


def test_a_file_lands_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with honest() as student:
        student.put_file("data/a.txt", b"hello")
    assert (tmp_path / "data/a.txt").read_bytes() == b"hello"


def test_anything_staff_made_goes_out_by_value_and_keeps_its_autograd_there():
    scale = 3.0

    class Weighted:
        def __init__(self):
            self.weight = torch.tensor([1.0, 2.0], requires_grad=True)

        def loss(self, x):
            return scale * (self.weight * x).sum()

    source = """
        import torch
        def slope(f, at):
            at = torch.tensor(at, requires_grad=True)
            f(at).backward()
            return at.grad, f
        def used(model, x):
            return model.loss(x)
    """
    with honest(source) as student:
        grad, back = get(student, "slope")(lambda x: scale * x**2, 2.0)
        assert grad.item() == 12.0
        assert repr(back).startswith("<function")
        assert get(student, "used")(Weighted(), torch.ones(2)).item() == 9.0


@pytest.mark.parametrize(
    "value",
    [
        torch.arange(6.0).reshape(2, 3).T,
        torch.tensor([1.5], dtype=torch.bfloat16),
        torch.tensor(True),
        torch.empty(0, 3),
        torch.tensor([1j]).conj(),
        torch.nn.Parameter(torch.ones(2)),
    ],
    ids=["transposed", "bfloat16", "0-dim", "empty", "conjugated", "Parameter"],
)
def test_a_tensor_goes_there_and_back(value):
    with honest("def echo(x): return x") as student:
        found = get(student, "echo")(value)
    assert found.dtype is value.dtype
    assert found.requires_grad == value.requires_grad
    assert torch.equal(found.detach().to(torch.complex128), value.detach().to(torch.complex128))


def test_an_argument_that_is_changed_is_a_changed_copy():
    source = """
        def change(x, held, *, key):
            x[0] = 9; held.append(1); key.clear()
    """
    x, held, key = np.ones(2), [], {1}
    with honest(source) as student:
        get(student, "change")(x, held, key=key)
        assert (x[0], held, key) == (1, [], {1})
        student.changes = True
        get(student, "change")(x, held, key=key)
        assert (x[0], held, key) == (9, [1], set())


def test_arguments_cannot_be_changed_by_a_reply_that_says_so():
    tree = ["list", [["tuple", [["array", "<f8", [2], bytes(16)]]], ["dict", []]]]

    def answer(request, sock):
        return [request[0], "ok", ["list", [FUNCTION]] if request[1] == "get" else 1, tree]

    with hostile(answer) as student:
        f, x = get(student, "f"), np.ones(2)
        assert f(x) == 1
        assert x.tolist() == [1, 1]
        student.changes = True
        f(x)
        assert x.tolist() == [0, 0]


def test_what_a_call_leaves_of_its_arguments_must_be_well_formed():
    def answer(request, sock):
        return [request[0], "ok", ["list", [FUNCTION]] if request[1] == "get" else 1, ["list", 3]]

    with hostile(answer) as student:
        f = get(student, "f")
        student.changes = True
        with pytest.raises(Refusal):
            f([1])
        assert student.complaints


@pytest.mark.parametrize(
    ("returned", "why"),
    [
        ("own = []; own.append(own)", "nested too deeply"),
        ("import torch; own = torch.eye(2).to_sparse()", "not plain data"),
        ("own = 10**5000", "too large"),
        ("import sys; own = sys", "cannot be judged"),
    ],
    ids=["holding itself", "sparse", "too long", "module"],
)
def test_what_cannot_cross_is_refused_and_noted_and_the_connection_lives_on(returned, why):
    with honest(returned) as student:
        with pytest.raises(Refusal, match=why):
            student.get("own")
        assert why in student.complaints[0]
        assert not student.fault
        assert student.get("missing") == []


def test_a_reply_that_is_too_large_is_refused_and_the_connection_lives_on(monkeypatch):
    monkeypatch.setattr("nbjudge.border.wire.MAX_MESSAGE", 10_000)
    with honest("large = 'x' * 20_000; whole = range(10**25, 10**25 + 3)") as student:
        with pytest.raises(Refusal, match="too large"):
            student.get("large")
        assert list(get(student, "whole")) == [10**25, 10**25 + 1, 10**25 + 2]
        with pytest.raises(Refusal, match="what the test passes"):
            student.bind({"x": "x" * 20_000})
        assert not student.fault


def test_a_call_past_its_time_is_interrupted_and_the_process_lives_on():
    source = """
        def forever():
            while True: pass
    """
    with honest(source, call_seconds=0.3) as student:
        f = get(student, "forever")
        with pytest.raises(Unreachable, match="in time"):
            f()
        assert student.complaints
        assert student.late
        assert not student.fault
        assert student.get("nothing") == []


def test_a_call_that_cannot_be_interrupted_is_a_fault(patience):
    source = """
        import signal
        def forever():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            while True: pass
    """
    with honest(source, call_seconds=0.2) as student:
        f = get(student, "forever")
        with pytest.raises(Unreachable, match="could not be interrupted"):
            f()
        with pytest.raises(Unreachable):
            student.get("f")
        assert student.fault


def test_the_deadline_of_the_test_bounds_a_call_too(patience):
    with hostile(lambda request, sock: None) as student:
        student.deadline = time.monotonic() + 0.1
        started = time.monotonic()
        with pytest.raises(Unreachable):
            student.get("a")
        assert time.monotonic() - started < 10


def test_a_process_that_ends_itself_is_a_fault():
    source = """
        import os
        def leave(): os._exit(0)
    """
    with honest(source) as student:
        f = get(student, "leave")
        with pytest.raises(Unreachable, match="ended"):
            f()
        assert "ended" in student.fault


def test_a_closed_connection_on_the_judges_own_side_is_a_fault():
    with honest("a = object()") as student:
        handle = get(student, "a")
        student.sock.close()
        with pytest.raises(Unreachable):
            str(handle)


def test_an_interrupt_that_finds_no_process_is_a_fault(patience):
    def gone():
        raise ProcessLookupError

    with hostile(lambda request, sock: None, call_seconds=0.1) as student:
        student.interrupt = gone
        with pytest.raises(Unreachable):
            student.get("a")
        assert student.fault


def test_handles_of_an_ended_process_are_dead():
    with honest("def f(): return 1") as first, honest("def g(): return 2") as second:
        f = get(first, "f")
        first.reconnect(second.sock, second.interrupt)
        g = get(first, "g")
        assert g() == 2
        with pytest.raises(Unreachable, match="lost"):
            f()
        with pytest.raises(Unreachable, match="lost"):
            g(f)


def garbage(data):
    def answer(request, sock):
        sock.sendall(data)

    return answer


def hanging_up(request, sock):
    sock.shutdown(socket.SHUT_RDWR)


def twice(request, sock):
    send(sock, [request[0], "ok", ["list", []], None])
    return [request[0], "ok", ["list", [3]], None]


UNANSWERABLE = {
    "another nonce": lambda request, sock: [b"12345678", "ok", ["list", []], None],
    "the nonce as text": lambda request, sock: [request[0].hex(), "ok", ["list", []], None],
    "no nonce": lambda request, sock: ["ok", ["list", []], None],
    "too long": lambda request, sock: [request[0], "ok", ["list", []], None, None],
    "no list": lambda request, sock: 3,
    "nothing": lambda request, sock: b"",
    "an unknown status": replying("passed", ["list", []]),
    "a status of a list": replying(["ok"], ["list", []]),
    "a status of a megabyte": replying("ok" * 2**19, ["list", []]),
    "garbage": garbage(b"\0" * 7 + b"\5\xc1\xc1\xc1\xc1\xc1"),
    "an announcement of exabytes": garbage(struct.pack(">Q", 2**62)),
    "a mapping": garbage(struct.pack(">Q", 3) + b"\x81\x01\x02"),
    "a closed connection": hanging_up,
    "a value that is no list": replying("ok", 3),
    "two values of one name": replying("ok", ["list", [1, 2]]),
    "a tuple of values": replying("ok", ["tuple", [1]]),
}


@pytest.mark.parametrize("answer", UNANSWERABLE.values(), ids=UNANSWERABLE)
def test_a_reply_that_breaks_the_protocol_is_a_fault_for_good(answer):
    with hostile(answer) as student:
        with pytest.raises(Unreachable):
            student.get("a")
        assert student.fault
        with pytest.raises(Unreachable):
            student.get("b")


def test_a_second_reply_is_one_that_nobody_asked_for():
    with hostile(twice) as student:
        assert student.get("a") == []
        with pytest.raises(Unreachable, match="nobody asked"):
            student.get("a")


def test_a_reply_sent_before_it_was_asked_for_is_a_fault():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send(theirs, [bytes(8), "ok", ["list", [3]], None])
        student = Student(ours, lambda: None)
        with pytest.raises(Unreachable, match="nobody asked"):
            student.get("a")


@pytest.mark.parametrize(
    "reply", [None, b"\x90", struct.pack(">Q", 10**6) + b"\x90"], ids=["silence", "a byte", "part"]
)
def test_silence_ends_after_the_time_and_its_grace(reply, patience):
    def answer(request, sock):
        if reply:
            sock.sendall(reply)

    started = time.monotonic()
    with hostile(answer, call_seconds=0.2) as student:
        with pytest.raises(Unreachable):
            student.get("a")
        assert student.fault
    assert time.monotonic() - started < 10


MALFORMED = {
    "no tree": replying("ok", ["list"]),
    "an unknown tag": replying("ok", ["import", "os"]),
    "a ref to nothing": replying("ok", ["list", [["ref"]]]),
    "a ref without a number": replying("ok", ["list", [["ref", "1", "object", "C", "", None]]]),
    "a ref of a negative number": replying("ok", ["list", [["ref", -1, "object", "C", "", None]]]),
    "a ref of a huge number": replying("ok", ["list", [["ref", 2**63, "object", "C", "", None]]]),
    "a ref of true": replying("ok", ["list", [["ref", True, "object", "C", "", None]]]),
    "a ref of a class without text": replying("ok", ["list", [["ref", 1, "object", 5, "", None]]]),
    "a module": replying("ok", ["list", [["ref", 1, "module", "module", "os", None]]]),
    "an exception class without ancestors": replying("ok", ["list", [["ref", 1, "exception", "type", "E", 3]]]),
    "an ancestor without a name": replying("ok", ["list", [["ref", 1, "exception", "type", "E", [[1]]]]]),
    "an ancestor named by a number": replying("ok", ["list", [["ref", 1, "exception", "type", "E", [[1, 2]]]]]),
    "an error that is none": replying("error", 3),
    "an error of nothing": replying("error", []),
    "an error of too few parts": replying("error", [["ValueError"], ""]),
    "an error without a message": replying("error", [["ValueError"], None, None, None]),
    "an error with a message of megabytes": replying("error", [["ValueError"], "x" * 2**20, None, None]),
    "an error with arguments of no list": replying("error", [["ValueError"], "", 3, None]),
    "an error with malformed arguments": replying("error", [["ValueError"], "", ["list", 3], None]),
    "an error with a list as argument": replying("error", [["ValueError"], "", ["list", [["list", []]]], None]),
    "an error with attributes of no dict": replying("error", [["ValueError"], "", None, ["list", [1]]]),
    "an error with an object as attributes": replying("error", [["ValueError"], "", None, FUNCTION]),
    "an error with numbers as attributes": replying("error", [["ValueError"], "", None, ["dict", [[1, 2]]]]),
    "an error with malformed attributes": replying("error", [["ValueError"], "", None, ["dict", 5]]),
}


@pytest.mark.parametrize("answer", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_value_or_error_is_refused_and_noted(answer):
    with hostile(answer) as student:
        with pytest.raises(Refusal):
            student.get("a")
        assert student.complaints


def test_long_names_of_classes_and_objects_are_cut():
    long = "x" * 2**20
    with hostile(replying("ok", ["list", [["ref", 1, "function", long, long, None]]])) as student:
        assert len(repr(get(student, "a"))) < 200


def test_the_objects_and_questions_of_a_test_are_counted(monkeypatch):
    monkeypatch.setattr(module, "MAX_HANDLES", 3)
    many = ["list", [["ref", number, "object", "C", "", None] for number in range(1, 5)]]
    with hostile(replying("ok", ["list", [many]])) as student, pytest.raises(Refusal):
        student.get("a")
    monkeypatch.setattr(module, "MAX_REQUESTS", 2)
    with hostile(replying("ok", ["list", []])) as student:
        student.get("a")
        student.get("a")
        with pytest.raises(Unreachable, match="too many questions"):
            student.get("a")


def test_objects_that_claim_the_same_number_twice_are_one_handle():
    pair = ["list", [["ref", 5, kind, "C", "n", None] for kind in ("function", "object")]]
    with hostile(replying("ok", ["list", [pair]])) as student:
        one, other = get(student, "a")
        assert one is other


def test_everything_that_crossed_is_noted():
    with honest("def f(x): return x + 0.5") as student:
        value = get(student, "f")(1)
        assert student.transcript == [1.5]
        assert any(value is item for item in student.received)
        with pytest.raises(TypeError):
            get(student, "f")("a")
        assert student.transcript[-1][0] == "TypeError"


def test_a_class_of_the_staffs_means_the_students_copy_over_there():
    source = """
        class Point:
            def __init__(self, x): self.x = x
        def known(p): return isinstance(p, Point), p.x
    """

    class Point:
        def __init__(self, x):
            self.x = x

    with honest(source) as student:
        student.classes[id(Point)] = Point, "Point"
        assert get(student, "known")(Point(3)) == (True, 3)
