"""Outputs are valid notebook outputs of bounded size, whatever the messages said."""

from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from nbformat.validator import isvalid

from nbjudge.sandbox.messages import Message
from nbjudge.sandbox.outputs import Outputs


def gather(*messages, **limits):
    outputs = Outputs(**limits)
    for kind, content in messages:
        outputs.add(Message(kind, "", content))
    return outputs.nodes


def stream(text, name="stdout"):
    return ("stream", {"name": name, "text": text})


def test_printed_pieces_are_joined_by_stream():
    nodes = gather(stream("a"), stream("b"), stream("c", "stderr"), stream("d"))
    assert [(node["name"], node["text"]) for node in nodes] == [
        ("stdout", "ab"),
        ("stderr", "c"),
        ("stdout", "d"),
    ]


def test_text_beyond_the_limit_is_cut_once_with_a_note():
    nodes = gather(stream("abcdef"), stream("ghijkl"), stream("mnopqr"), text_limit=10)
    assert len(nodes) == 1
    assert nodes[0]["text"].startswith("abcdefghij\n[output truncated: more than 10 characters]")
    assert "m" not in nodes[0]["text"].split("]")[-1]


def test_a_figure_beyond_its_limit_leaves_a_note_and_text_goes_on():
    figure = ("display_data", {"data": {"text/html": "x" * 100}, "metadata": {}})
    nodes = gather(figure, stream("after"), figure_limit=50)
    assert ["truncated" in node["text"] for node in nodes] == [True, False]


def test_cleared_output_goes_at_once_or_with_the_next_output():
    assert gather(stream("a"), ("clear_output", {"wait": False})) == []
    assert gather(stream("a"), ("clear_output", {"wait": True}))[0]["text"] == "a"
    assert gather(stream("a"), ("clear_output", {"wait": True}), stream("b"))[0]["text"] == "b"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KINDS = st.sampled_from(["stream", "display_data", "execute_result", "error", "clear_output", "status"])
NAMES = st.sampled_from("name text data metadata execution_count ename evalue traceback wait".split())
BUNDLES = st.dictionaries(st.sampled_from(["text/html", "image/png", "application/json", "x"]), JSON, max_size=3)


@given(st.lists(st.tuples(KINDS, st.dictionaries(NAMES, JSON | BUNDLES, max_size=5)), max_size=5))
def test_whatever_a_kernel_sends_the_notebook_stays_valid(sent):
    cell = new_code_cell("", outputs=gather(*sent), execution_count=None)
    assert isvalid(new_notebook(cells=[cell]))
