"""Messages from a kernel are read without trust."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbjudge.sandbox import messages


def frames(header, parent, content):
    return [
        b"topic",
        messages.DELIMITER,
        b"",
        *(json.dumps(x).encode() for x in (header, parent, {}, content)),
    ]


def test_a_request_is_read_back_with_its_id_kind_and_content():
    number, sent = messages.request("execute_request", {"code": "1"})
    read = messages.read(sent)
    assert read == messages.Message("execute_request", "", {"code": "1"})
    assert json.loads(sent[2])["msg_id"] == number


def test_a_reply_names_the_request_it_answers():
    read = messages.read(frames({"msg_type": "status"}, {"msg_id": "a1"}, {"execution_state": "idle"}))
    assert read == messages.Message("status", "a1", {"execution_state": "idle"})


@pytest.mark.parametrize(
    "bad",
    [
        [],
        [b"no delimiter"],
        [messages.DELIMITER],
        frames({}, {}, {}),
        frames({"msg_type": 3}, {}, {}),
        frames({"msg_type": "x"}, [], {}),
        frames({"msg_type": "x"}, {"msg_id": 3}, {}),
        frames({"msg_type": "x"}, {}, []),
        [messages.DELIMITER, b"", b"[" * 200_000, b"{}", b"{}", b"{}"],
        [messages.DELIMITER, b"", b"\xff", b"{}", b"{}", b"{}"],
    ],
)
def test_what_is_no_message_reads_as_none(bad):
    assert messages.read(bad) is None


def test_text_that_could_not_be_written_again_is_replaced():
    header = b'{"msg_type": "stream"}'
    for content in (rb'{"text": "a\ud800b\ud83d\ude00"}', b'{"text": "a\xffb", "x": NaN}'):
        read = messages.read([messages.DELIMITER, b"", header, b"{}", b"{}", content])
        assert read is not None
        assert read.content["text"].encode().startswith(b"a")
        assert "b" in read.content["text"]
        assert read.content.get("x") is None


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_no_bytes_make_the_reader_raise(junk):
    found = messages.read([messages.DELIMITER, *junk])
    assert found is None or isinstance(found, messages.Message)
