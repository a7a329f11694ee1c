"""Messages arrive whole, in time and in bounds, or not at all."""

import contextlib
import socket
import struct
import threading
import time

import msgpack
import pytest

from nbjudge.border import wire
from nbjudge.border.wire import WireError, WireTimeout, receive, send


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def soon(seconds=5.0):
    return time.monotonic() + seconds


def frame(data):
    return struct.pack(">Q", len(data)) + data


@contextlib.contextmanager
def in_background(work):
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    "message", [None, [], [1, "ä\ud800", b"\x00", 1.5, [True, None]], 2**64 - 1, "x" * 1_000_000, [[]] * 10_000]
)
def test_a_message_arrives_as_it_was_sent(pair, message):
    ours, theirs = pair
    with in_background(lambda: send(theirs, message)):
        assert receive(ours, soon()) == message


def test_messages_keep_their_order_and_their_borders(pair):
    ours, theirs = pair
    for number in range(5):
        send(theirs, ["x" * number, number])
    assert [receive(ours, soon())[1] for _ in range(5)] == [0, 1, 2, 3, 4]


def test_an_announcement_beyond_the_limit_is_refused_before_anything_is_read(pair):
    ours, theirs = pair
    theirs.sendall(struct.pack(">Q", 2**63) + b"rest")
    with pytest.raises(WireError, match="announced"):
        receive(ours, soon())
    assert ours.recv(10) == b"rest"


def test_an_announcement_alone_costs_no_memory(pair):
    ours, theirs = pair
    theirs.sendall(struct.pack(">Q", 2 * wire.MAX_BYTES) + b"few")
    theirs.close()
    with pytest.raises(WireError, match="closed"):
        receive(ours, soon())


@pytest.mark.parametrize("sent", [b"", b"\0\0", frame(b"abcdef")[:-1]], ids=["nothing", "half a length", "half a body"])
def test_a_peer_that_closes_in_between_is_gone(pair, sent):
    ours, theirs = pair
    theirs.sendall(sent)
    theirs.close()
    with pytest.raises(WireError, match="closed"):
        receive(ours, soon())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\x01\x02",
        b"\x93\x01",
        b"\xa3\xff\xfe\xfd",
        b"\xdd\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\x81\x01\x02",
        msgpack.packb({"a": {"b": 1}}),
        msgpack.packb(msgpack.ExtType(5, b"abc")),
        msgpack.packb(msgpack.Timestamp(1)),
        b"\x91" * 100_000 + b"\xc0",
    ],
    ids=[
        "empty",
        "reserved byte",
        "two values",
        "missing items",
        "no text",
        "four billion items",
        "four gigabytes of text",
        "a mapping",
        "nested mappings",
        "an extension",
        "a time",
        "endless depth",
    ],
)
def test_what_is_no_message_is_refused(pair, data):
    ours, theirs = pair
    with in_background(lambda: theirs.sendall(frame(data))), pytest.raises(WireError, match="malformed"):
        receive(ours, soon())


@pytest.mark.parametrize("element", [b"\xc0", b"\x90", b"\x91\xc0", b"\x92\x90\x90"])
def test_the_elements_of_a_message_are_counted_while_it_is_read(pair, element, monkeypatch):
    # A byte is an empty list, and an empty list takes seventy: the message's size alone bounds nothing.
    ours, theirs = pair
    monkeypatch.setattr(wire, "MAX_ELEMENTS", 4_000)
    theirs.sendall(frame(b"\xdd" + struct.pack(">I", 5_000) + element * 5_000))
    with pytest.raises(WireError, match="malformed"):
        receive(ours, soon())


def test_silence_ends_at_the_deadline(pair):
    ours, _ = pair
    with pytest.raises(WireTimeout):
        receive(ours, soon(0.05))


def test_a_deadline_that_has_passed_is_over_even_when_data_is_there(pair):
    ours, theirs = pair
    send(theirs, 1)
    with pytest.raises(WireTimeout):
        receive(ours, soon(-1))


def test_a_peer_that_always_has_one_more_byte_does_not_outlive_the_deadline(pair):
    ours, theirs = pair
    over = threading.Event()

    def trickle():
        theirs.sendall(struct.pack(">Q", 10_000_000))
        with contextlib.suppress(OSError):
            while not over.is_set():
                theirs.send(b"\x90")

    started = time.monotonic()
    with in_background(trickle):
        try:
            with pytest.raises(WireTimeout):
                receive(ours, soon(0.2))
        finally:
            over.set()
            ours.close()
    assert time.monotonic() - started < 8


def test_a_peer_that_does_not_read_cannot_hold_up_a_sender(pair):
    ours, _ = pair
    with pytest.raises(WireTimeout):
        send(ours, b"x" * 10_000_000, soon(0.05))


def test_sending_to_a_closed_peer_is_an_error(pair):
    ours, theirs = pair
    theirs.close()
    with pytest.raises(WireError, match="broke"):
        send(ours, 1, soon())


def test_receiving_on_a_closed_socket_is_an_error(pair):
    ours, _ = pair
    ours.close()
    with pytest.raises(WireError):
        receive(ours, soon())


def test_a_message_that_its_receiver_would_refuse_is_not_sent(pair, monkeypatch):
    ours, theirs = pair
    monkeypatch.setattr(wire, "MAX_MESSAGE", 100)
    for message in (b"x" * 101, 2**70, object(), {1, 2}):
        with pytest.raises(wire.Unsendable):
            send(theirs, message, soon())
    send(theirs, "small", soon())
    assert receive(ours, soon()) == "small"
