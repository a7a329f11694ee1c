"""The agent in the student's kernel: one well-formed reply to each request, whatever the student's objects do."""

import contextlib
import io
import pickle
import random
import sys

import numpy as np
import pytest
import torch
from crossing import framed

from nbjudge.border.agent import Agent, kind_of, tensor_from_array
from nbjudge.border.writers import tensor_bytes


class Weird:
    def __getattr__(self, name):
        raise KeyError(name)


class Liar:
    __class__ = property(lambda self: 1 / 0)


class Lying(Exception):
    def __str__(self):
        raise SystemExit

    @property
    def args(self):
        raise KeyboardInterrupt


def asked(agent, verb, *rest):
    reply = framed(agent.answer([b"nonce", verb, *rest]))
    assert reply[0] == b"nonce"
    assert len(reply) == 4
    return reply[1:]


def referring(agent, function, *args, changes=False):
    return asked(agent, "call", agent.number(function), pickle.dumps((args, {})), changes)


def test_a_name_is_given_in_a_list():
    agent = Agent({"a": 3, 5: 6})
    assert asked(agent, "get", "a") == ["ok", ["list", [3]], None]
    assert asked(agent, "get", "b") == ["ok", ["list", []], None]
    assert asked(agent, "names") == ["ok", ["list", ["a"]], None]


def test_names_are_bound_and_deleted():
    agent = Agent({})
    asked(agent, "bind", pickle.dumps({"a": [1]}))
    assert agent.namespace == {"a": [1]}
    asked(agent, "unbind", "a")
    assert agent.namespace == {}
    assert asked(agent, "unbind", "a")[0] == "error"


@pytest.mark.parametrize(
    ("value", "kind", "name"),
    [
        (len, "callable", "len"),
        (tensor_bytes, "function", "tensor_bytes"),
        (Weird, "class", "Weird"),
        (Lying, "exception", "Lying"),
        (Weird(), "object", ""),
        (Liar(), "object", ""),
        (random, "module", "random"),
        (torch.nn.Linear(1, 1), "callable", ""),
    ],
    ids=["builtin", "function", "class", "exception", "getattr", "lying class", "module", "model"],
)
def test_what_stays_behind_is_described_by_its_real_type(value, kind, name):
    agent = Agent({"a": value})
    status, (_, (ref,)), _ = asked(agent, "get", "a")
    assert status == "ok"
    assert ref[:5] == ["ref", 1, kind, type(value).__name__, name]
    assert kind_of(value) == kind
    assert agent.here(1) is value


def test_an_object_keeps_its_number():
    one, other = object(), object()
    agent = Agent({"a": [one, other, one]})
    refs = asked(agent, "get", "a")[1][1][0][1]
    assert [ref[1] for ref in refs] == [1, 2, 1]
    assert asked(agent, "get", "a")[1][1][0][1] == refs


def test_a_call_gives_its_value_and_on_request_what_became_of_the_arguments():
    def change(held):
        held.append(2)
        return 5

    agent = Agent({})
    assert referring(agent, change, [1]) == ["ok", 5, None]
    after = ["list", [["tuple", [["list", [1, 2]]]], ["dict", []]]]
    assert referring(agent, change, [1], changes=True) == ["ok", 5, after]


@pytest.mark.parametrize("kind", [ValueError, SystemExit, KeyboardInterrupt, GeneratorExit, Lying, MemoryError])
def test_whatever_a_call_raises_becomes_a_reply(kind):
    def fail():
        raise kind("why")

    status, (bases, message, args, _), _ = referring(Agent({}), fail)
    assert status == "error"
    assert kind.__name__ in (bases[0], bases[0][1])
    assert (message, args) == (("", None) if kind is Lying else ("why", ["list", ["why"]]))


@pytest.mark.parametrize(
    "request_",
    [
        ["dance"],
        ["call", 99, pickle.dumps(((), {})), False],
        ["call"],
        ["operate", "eval", pickle.dumps(("1",))],
        ["operate", "add", b"no pickle"],
        ["bind", pickle.dumps(3)],
        ["file", "\0", b""],
    ],
    ids=["unknown", "no such object", "too short", "no operation", "no pickle", "no names", "no file name"],
)
def test_a_request_that_makes_no_sense_is_answered_with_an_error(request_):
    assert asked(Agent({}), *request_)[0] == "error"


def test_what_cannot_cross_is_said_to():
    own = []
    own.append(own)
    status, why, _ = asked(Agent({"a": own}), "get", "a")
    assert status == "cannot"
    assert "contains itself" in why


def test_what_a_call_prints_is_not_shown_and_its_streams_come_back():
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
        assert referring(Agent({}), print, "a hidden input") == ["ok", None, None]
        assert sys.stdout is shown
    assert shown.getvalue() == ""


@pytest.mark.parametrize("kind", ["random", "numpy", "torch"])
def test_a_generator_takes_the_state_that_it_is_sent(kind):
    state = {
        "random": random.getstate,
        "numpy": np.random.get_state,
        "torch": lambda: torch.get_rng_state().numpy(),
    }[kind]
    draw = {"random": random.random, "numpy": np.random.rand, "torch": lambda: torch.rand(1).item()}[kind]
    sent = pickle.dumps(state())
    first = draw()
    assert asked(Agent({}), "generator", kind, sent)[0] == "ok"
    assert draw() == first


@pytest.mark.parametrize("tensor", [torch.arange(6).reshape(2, 3).T, torch.empty(0, 2), torch.tensor(1.5)])
def test_a_tensor_is_rebuilt_from_its_bytes(tensor):
    name = str(tensor.dtype).removeprefix("torch.")
    found = tensor_from_array(tensor_bytes(tensor).numpy(), name, list(tensor.shape), "cpu", False)
    assert found.equal(tensor)
    assert found.dtype is tensor.dtype
