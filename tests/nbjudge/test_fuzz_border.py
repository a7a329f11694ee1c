"""Ten thousand hostile replies: each gives a value, the student's error or a refusal, soon and in little memory.

Hypothesis forges more, slowly: NBJUDGE_FORGED says how many (default 1000).
"""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from crossing import Stayed
from fuzz.confined import tried
from fuzz.mutations import ODD, damaged_bytes, damaged_tree
from fuzz.replies import NONCE, QUESTIONS, asked, fix_the_nonce, framed, packed
from hypothesis import HealthCheck, given, settings
from plain_values import ARRAYS, FRAMES, INDEXES, PLAIN, TENSORS

from nbjudge.border.encode import encode

COUNTS = [1000, pytest.param(10_000, marks=pytest.mark.slow)]
MEMORY = 700  # MiB; what one honest reply of the largest size may take is more than this
TREES = [
    encode(value, lambda item: ["ref", 1, "object", "object", "x", None])
    for value in (
        *PLAIN,
        *TENSORS.values(),
        *ARRAYS.values(),
        *FRAMES.values(),
        *INDEXES,
        [FRAMES["grouped"], {"a": torch.ones(2, requires_grad=True)}, np.poly1d([1, 2])],
        Stayed,
        [["a"], "b"],
    )
]
ERRORS = [
    [["ValueError", "Exception"], "no", ["list", ["no"]], ["dict", []]],
    [[[1, "Own"], "KeyError"], "no", None, ["dict", [["code", 3]]]],
    [["SyntaxError"], "bad", ["list", ["bad", 1]], ["dict", [["lineno", 2]]]],
    [["StopIteration"], "", ["list", []], None],
]
MESSAGES = [[NONCE, "ok", ["list", [tree]], None] for tree in TREES]
MESSAGES += [[NONCE, "ok", tree, ["list", [["list", [tree]], ["dict", []]]]] for tree in TREES]
MESSAGES += [[NONCE, "error", error, None] for error in ERRORS] + [[NONCE, "cannot", None, None]]


def replies(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Damaged replies in equal parts: of a changed structure, of changed bytes, and with changed lengths."""
    draw = random.Random(seed)
    for number in range(count):
        message = draw.choice(MESSAGES)
        question = draw.choice(list(QUESTIONS))
        if number % 3 == 0:
            message = [NONCE, *damaged_tree(message[1:], draw)] if draw.random() < 0.9 else damaged_tree(message, draw)
            yield question, framed(_packed(message))
        elif number % 3 == 1:
            yield question, framed(packed(message)[:10] + damaged_bytes(packed(message)[10:], draw))
        else:
            yield question, damaged_bytes(framed(packed(message)), draw) + framed(packed(draw.choice(MESSAGES)))


def _packed(message: object) -> bytes:
    try:
        return packed(message)
    except (ValueError, OverflowError, TypeError):  # an agent could not send it either
        return b"\xc0"


@pytest.mark.parametrize("count", COUNTS)
def test_each_hostile_reply_is_a_value_an_error_or_a_refusal(count: int) -> None:
    def judge(given: tuple[str, bytes]) -> str:
        fix_the_nonce()
        return asked(*given)

    answers, grown = tried(judge, replies(count, seed=count))
    assert sum(answers.values()) == count
    assert set(answers) == {"value", "error", "refused", "unreachable"}
    assert grown < MEMORY


def tags(tree: object) -> Iterator[str]:
    """The words that begin the lists of a tree."""
    if isinstance(tree, list):
        if tree and isinstance(tree[0], str):
            yield tree[0]
        for one in tree:
            yield from tags(one)


ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=40),
    st.sampled_from(TREES),
)
TAGS = st.sampled_from(sorted({tag for tree in (*TREES, *MESSAGES) for tag in tags(tree)}))
FORGED = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=6),
        st.builds(lambda tag, rest: [tag, *rest], TAGS, st.lists(inner, max_size=7)),
        st.dictionaries(st.text(max_size=8) | st.integers(-9, 9) | st.binary(max_size=4), inner, max_size=4),
    ),
    max_leaves=30,
)
RESULTS = FORGED | st.builds(lambda tree: ["list", [tree]], FORGED)
NAMES = st.sampled_from(["ValueError", "Exception", "KeyError", "SystemExit", "Own", "__class__"]) | st.text(max_size=5)
RAISED = st.tuples(
    st.lists(NAMES, min_size=1, max_size=3),
    st.text(max_size=20),
    st.none() | st.builds(lambda trees: ["list", trees], st.lists(FORGED, max_size=3)),
    st.none() | FORGED,
).map(list)
REPLIES = st.one_of(
    st.tuples(st.just(NONCE), st.just("ok"), RESULTS, st.none()).map(list),
    st.tuples(st.just(NONCE), st.just("ok"), st.sampled_from(TREES), RESULTS).map(list),
    st.tuples(st.just(NONCE), st.just("error"), RAISED, st.none()).map(list),
    st.tuples(st.just(NONCE), st.sampled_from(["ok", "error", "cannot", "odd"]), FORGED, FORGED).map(list),
    st.lists(st.just(NONCE) | FORGED, max_size=6),
)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("count", [int(os.environ.get("NBJUDGE_FORGED", "1000"))])
def test_each_reply_that_hypothesis_forges_is_a_value_an_error_or_a_refusal(count: int) -> None:
    def forge(_: object) -> str:
        seen = Counter[str]()

        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.sampled_from(sorted(QUESTIONS)), REPLIES)
        def ask(question: str, reply: object) -> None:
            signal.setitimer(signal.ITIMER_REAL, 5.0)
            seen[asked(question, framed(_packed(reply)))] += 1

        fix_the_nonce()
        ask()
        assert seen.total() >= count, seen
        assert seen.keys() == {"value", "error", "refused", "unreachable"}, seen
        return "answered"

    answers, grown = tried(forge, [None], seconds=60.0)
    assert answers == {"answered": 1}
    assert grown < MEMORY


@pytest.mark.parametrize("count", COUNTS)
def test_bytes_without_any_form_are_refused(count: int) -> None:
    draw = random.Random(count)
    noise = (
        (draw.choice(list(QUESTIONS)), draw.randbytes(draw.choice((0, 1, 7, 8, 9, 40, 4000)))) for _ in range(count)
    )
    answers, grown = tried(lambda given: asked(*given), noise)
    assert answers == {"unreachable": count}
    assert grown < MEMORY


@pytest.mark.parametrize("odd", ODD, ids=lambda value: f"{value!r:.20}")
def test_any_odd_value_in_any_place_of_a_reply_is_refused_or_read(odd: object) -> None:
    def judge(given: tuple[str, bytes]) -> str:
        fix_the_nonce()
        return asked(*given)

    sent = []
    for place in range(4):
        message = [NONCE, "ok", None, None]
        message[place] = odd
        sent += [(question, framed(_packed(message))) for question in QUESTIONS]
    answers, _ = tried(judge, sent)
    assert sum(answers.values()) == len(sent)


def crash(_: bytes) -> str:
    raise ZeroDivisionError


def hang(_: bytes) -> str:
    while True:
        with suppress(Exception):
            sum(range(10**5))


@pytest.mark.parametrize("bad", [crash, hang])
def test_a_crash_or_a_hang_would_be_noticed(bad) -> None:
    with pytest.raises(AssertionError, match="input 0"):
        tried(bad, [b"x"], seconds=0.3)


def test_a_death_would_be_noticed() -> None:
    with pytest.raises(AssertionError, match="the process died"):
        tried(lambda _: os._exit(1), [b"x"])
