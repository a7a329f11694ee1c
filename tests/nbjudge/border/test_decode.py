"""Whatever tree a hostile process sends, the judge gets a value or CannotCross: nothing else, and not at length."""

import struct

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
import torch
from crossing import Stayed
from hypothesis import HealthCheck, given, settings
from plain_values import ARRAYS, FRAMES, INDEXES, PLAIN, TENSORS, Typed

from nbjudge.border.bounds import MAX_BYTES, MAX_DEPTH, MAX_NODES, CannotCross
from nbjudge.border.decode import _READERS, decode
from nbjudge.border.encode import encode

EIGHT = bytes(8)
NUMBERS = ["array", "<f8", [1], EIGHT]
RANGE = ["range", 0, 1, 1, None]


def tensor(dtype="float32", shape=(2,), data=EIGHT, requires_grad=False, device="cpu", grad=None):
    return ["tensor", dtype, list(shape) if isinstance(shape, tuple) else shape, data, requires_grad, device, grad]


def nested(depth):
    tree = None
    for _ in range(depth):
        tree = ["list", [tree]]
    return tree


MALFORMED = {
    "an empty node": [],
    "a node without a tag": [3],
    "a tag that nobody knows": ["exec", "1"],
    "a tag of a megabyte": ["x" * 2**20],
    "a tag that is no string": [["list"], []],
    "a mapping": {"a": 1},
    "a tag alone": ["list"],
    "a list of bytes": ["list", b"abc"],
    "a list of a string": ["list", "abc"],
    "a dict of single items": ["dict", [[1]]],
    "a dict of triples": ["dict", [[1, 2, 3]]],
    "a dict with a list as key": ["dict", [[["list", []], 1]]],
    "a dict with an array as key": ["dict", [[NUMBERS, 1]]],
    "a set of lists": ["set", [["list", []]]],
    "a frozenset of dicts": ["frozenset", [["dict", []]]],
    "a frame as key": ["dict", [[["frame", RANGE, RANGE, []], 1]]],
    "nesting beyond the limit": nested(MAX_DEPTH + 1),
    "an integer that is no number": ["int", "ten"],
    "an integer that is a number": ["int", 10],
    "an integer that is too long": ["int", "9" * 100_000],
    "a fraction of zero": ["fraction", "1", "0"],
    "a fraction of floats": ["fraction", "1.5", "2"],
    "a decimal of words": ["decimal", "three"],
    "a decimal with a hostile exponent": ["decimal", "1e999999999"],
    "a decimal with a hostile negative exponent": ["decimal", "1e-999999999"],
    "a complex of lists": ["complex", [], 1],
    "a range without steps": ["range", 0, 5, 0],
    "a range of floats": ["range", 0.0, 5, 1],
    "a range that is too long": ["range", 0, 2**62, 1],
    "a range that is too long backwards": ["range", 2**62, 0, -3],
    "a date that isn't one": ["date", "2024-02-30"],
    "a date in words": ["date", "today"],
    "a datetime of a number": ["datetime", 5],
    "a time span beyond all bounds": ["timedelta", 10**12, 0, 0],
    "a time span of floats": ["timedelta", 0.5, 0, 0],
    "a bytearray of a size": ["bytearray", 2**40],
    "a record with too few items": ["named", "p", ["x", "y"], [1]],
    "a record with fields of a string": ["named", "p", "xy", [1, 2]],
    "a record with a field of a megabyte": ["named", "p", ["x" * 2**20], [1]],
    "a record with a million fields": ["named", "p", ["x"] * 10**6, [1]],
    "names that are the same to Python's parser": ["named", "p", ["\ufb01", "fi"], [1, 2]],
    "a negative size": ["array", "<f8", [-1], EIGHT],
    "two negative sizes": ["array", "<f8", [-1, -1], EIGHT],
    "a size of a float": ["array", "<f8", [1.0], EIGHT],
    "a size of true": ["array", "<f8", [True], EIGHT],
    "a shape of a string": ["array", "<f8", "1", EIGHT],
    "a shape that is too large for its data": ["array", "<f8", [2**40], EIGHT],
    "a huge shape with an empty axis": ["array", "<f8", [0, 2**30], b""],
    "a shape beyond all numbers with an empty axis": ["array", "|u1", [0, 2**63, 2**63], b""],
    "too many axes": ["array", "<f8", [1] * 33, EIGHT],
    "data that is no bytes": ["array", "<f8", [1], "12345678"],
    "data that is none": ["array", "<f8", [0], None],
    "objects as addresses": ["array", "|O", [1], EIGHT],
    "objects in a structure": ["array", [["a", "|O", []]], [1], EIGHT],
    "a text type of addresses": ["array", "T", [1], bytes(16)],
    "elements without size": ["array", "|V0", [2**40], b""],
    "a void of a gigabyte": ["array", "|V999999999", [0], b""],
    "a void that doesn't fit": ["array", "V1000000", [1], EIGHT],
    "a list of types in one string": ["array", "i4,f4", [1], EIGHT],
    "a shape in the type": ["array", "(2,)f4", [1], EIGHT],
    "a type that Python would have to evaluate": ["array", "(1 2)i4", [1], EIGHT],
    "a type of an unknown unit": ["array", "<M8[parsec]", [1], EIGHT],
    "a type with a hostile multiple": ["array", "<M8[999999999999s]", [1], EIGHT],
    "a type of a megabyte": ["array", "<f8" * 2**18, [1], EIGHT],
    "repeated field names": ["array", [["a", "<f4", []], ["a", "<f4", []]], [1], EIGHT],
    "a field without a type": ["array", [["a"]], [1], EIGHT],
    "a field of a billion numbers": ["array", [["a", "<f8", [10**9]]], [0], b""],
    "a field of a negative number of numbers": ["array", [["a", "<f8", [-1]]], [1], EIGHT],
    "no fields at all": ["array", [], [1], b""],
    "characters that don't exist": ["array", "<U1", [1], b"\xff\xff\xff\x7f"],
    "big-endian characters that don't exist": ["array", ">U1", [1], b"\x7f\xff\xff\xff"],
    "characters that don't exist in a field": ["array", [["a", "<U1", []]], [1], b"\xff\xff\xff\x7f"],
    "a truth value of two": ["array", "|b1", [2], b"\x01\x02"],
    "a truth value of two in a field": ["array", [["a", "|b1", [2]]], [1], b"\x01\x02"],
    "a scalar truth value of two": ["scalar", "|b1", b"\x02"],
    "a scalar of two": ["scalar", "<f4", EIGHT],
    "a scalar of nothing": ["scalar", "<f4", b""],
    "a type of objects": ["dtype", "|O"],
    "too few objects": ["objects", [2], [1]],
    "objects with a huge shape": ["objects", [0, 2**40], []],
    "objects with a negative shape": ["objects", [-1], [1]],
    "a polynomial of a string": ["poly1d", "abc", "x"],
    "a polynomial of objects": ["poly1d", ["objects", [1], [["ref", 1]]], "x"],
    "a polynomial of a matrix": ["poly1d", ["array", "<f4", [1, 2], EIGHT], "x"],
    "a polynomial of an unknown kind": ["polynomial", "os", NUMBERS, NUMBERS, NUMBERS],
    "a polynomial with half a domain": ["polynomial", "Legendre", NUMBERS, NUMBERS, NUMBERS],
    "a quantized tensor": tensor("qint8", (8,)),
    "a tensor of less than bytes": tensor("quint4x2", (8,)),
    "a tensor of bits": tensor("bits8", (8,)),
    "a tensor of an unknown type": tensor("float33"),
    "a tensor with a method's name as type": tensor("frombuffer"),
    "a tensor that is too large": tensor(shape=(2**62,)),
    "a tensor with a huge and an empty axis": tensor(shape=(0, 2**40), data=b""),
    "a tensor with a hostile axis": tensor(shape=(0, 2**63), data=b""),
    "a tensor of negative size": tensor(shape=(-2, -1)),
    "a tensor without data": tensor(data=None),
    "a tensor of truth values of seven": tensor("bool", (8,), b"\x07" * 8),
    "an integer tensor with a gradient": tensor("int32", requires_grad=True),
    "a gradient that is no tensor": tensor(requires_grad=True, grad=3),
    "a gradient of another shape": tensor(requires_grad=True, grad=tensor(shape=(1, 2))),
    "a gradient of another type": tensor(requires_grad=True, grad=tensor("float64", (1,))),
    "a device of a megabyte": tensor(device="x" * 2**20),
    "an unknown device": ["torch.device", "toaster"],
    "an unknown torch type": ["torch.dtype", "load"],
    "a series of a single number": ["series", ["float64", 3.5], ["range", 0, 10**6, 1, None], None],
    "a series of too few numbers": ["series", ["float64", NUMBERS], ["range", 0, 2, 1, None], None],
    "a series of a dict": ["series", ["float64", ["dict", [[1, 2]]]], RANGE, None],
    "a series of a matrix": ["series", ["float32", ["array", "<f4", [1, 2], EIGHT]], RANGE, None],
    "a series of an object": ["series", ["object", ["ref", 1]], RANGE, None],
    "a series with a list as name": ["series", ["float64", NUMBERS], RANGE, ["list", []]],
    "a column with a file as time zone": ["series", ["datetime64[ns, dateutil//dev/zero]", NUMBERS], RANGE, None],
    "a column with a path as time zone": ["series", ["datetime64[ns, A/../../etc/passwd]", NUMBERS], RANGE, None],
    "a column of an extension's type": ["series", ["string[pyarrow]", ["list", ["a"]]], RANGE, None],
    "a column of words for numbers": ["series", ["int64", ["list", ["a"]]], RANGE, None],
    "a category without its codes": ["series", ["category", NUMBERS, RANGE, False], RANGE, None],
    "a category's code that is too large": [
        "series",
        ["category", ["array", "|i1", [1], b"\x07"], RANGE, False],
        RANGE,
        None,
    ],
    "an index of an unknown kind": ["index", ["tree", 1]],
    "an index that is too long": ["index", ["range", 0, 2**62, 1, None]],
    "an index without steps": ["index", ["range", 0, 5, 0, None]],
    "an index with a list as name": ["index", ["range", 0, 5, 1, ["list", []]]],
    "ragged rows": ["index", ["multi", [["tuple", [1, 2]], ["tuple", [1]]], [None, None]]],
    "rows that are none": ["index", ["multi", [1, 2], [None]]],
    "rows of lists": ["index", ["multi", [["tuple", [["list", []], 1]]], [None, None]]],
    "more names than columns": ["index", ["multi", [["tuple", [1, 2]]], [None]]],
    "a frame with more names than columns": ["frame", ["range", 0, 2, 1, None], RANGE, []],
    "a frame with columns of unequal length": ["frame", ["range", 0, 1, 1, None], RANGE, [["int64", ["list", [1, 2]]]]],
    "a time in words": ["timestamp", "the day after"],
    "a time beyond all bounds": ["timestamp", "999999-01-01"],
    "a reference to nothing": ["list", [["ref"]]],
}


def refusing(node):
    if len(node) != 2:
        raise IndexError
    return Stayed(node)


@pytest.mark.parametrize("tree", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_reply_is_refused(tree):
    with pytest.raises(CannotCross):
        decode(tree, refusing)


@pytest.mark.parametrize("name", ["class", "\ud800", "a b", "__import__('os')", "1", "", "x=1):pass #"])
def test_a_hostile_name_of_a_record_or_field_is_replaced(name):
    record = decode(["named", name, [name, "fine"], [1, 2]], refusing)
    assert record == (1, 2)
    assert record._fields == ("_0", "fine")
    assert type(record).__name__ == "record"


def test_time_zones_that_pandas_knows_are_kept():
    tree = [
        "series",
        ["datetime64[us, Europe/Berlin]", ["list", [["timestamp", "2024-01-01T00:00+01:00"]]]],
        RANGE,
        None,
    ]
    assert str(decode(tree, refusing).dtype) == "datetime64[us, Europe/Berlin]"


def test_the_number_of_elements_is_bounded():
    with pytest.raises(CannotCross, match="many"):
        decode(["list", [None] * (MAX_NODES + 1)], refusing)


@pytest.mark.parametrize(
    "node",
    [
        lambda i: ["named", f"r{i}", [], []],
        lambda i: ["array", "|u1", [0], b""],
        lambda i: tensor(shape=(0,), data=b""),
        lambda i: ["index", RANGE],
        lambda i: ["timestamp", "2024-01-01"],
    ],
    ids=["classes", "arrays", "tensors", "indexes", "times"],
)
def test_a_short_reply_cannot_become_a_large_one(node, monkeypatch):
    # Each of these takes far more memory than its text: it counts as more than one element.
    monkeypatch.setattr("nbjudge.border.reading.MAX_NODES", 50_000)
    with pytest.raises(CannotCross, match="many"):
        decode(["list", [node(i) for i in range(6_000)]], refusing)


def test_the_same_record_class_is_built_once():
    rows = decode(["list", [["named", "row", ["a"], [i]] for i in range(5_000)]], refusing)
    assert len({type(row) for row in rows}) == 1
    assert [row.a for row in rows[:3]] == [0, 1, 2]


def test_a_bytes_limit_holds_for_one_array():
    with pytest.raises(CannotCross, match="large"):
        decode(["array", "|u1", [MAX_BYTES + 1], bytes(MAX_BYTES + 1)], refusing)


def test_arrays_and_tensors_own_their_memory():
    data = struct.pack("<2f", 1, 2)
    array = decode(["array", "<f4", [2], data], refusing)
    made = decode(tensor(data=data), refusing)
    array[0] = made[0] = 9
    assert data == struct.pack("<2f", 1, 2)
    assert decode(["array", "<f4", [2], data], refusing)[0] == 1


def test_a_process_that_raises_while_it_dereferences_is_not_believed():
    def deref(node):
        raise KeyError

    with pytest.raises(CannotCross):
        decode(["ref", 1], deref)


def test_an_interrupt_is_not_taken_for_a_malformed_reply():
    def deref(node):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decode(["ref", 1], deref)


WORDS = st.sampled_from(
    [*_READERS, "ref", "<f8", "|b1", "float32", "int64", "object", "category", "multi", "plain", "cpu", "a", "x"]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | WORDS
    | st.text(max_size=5)
    | st.binary(max_size=16)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.builds(lambda tag, rest: [tag, *rest], st.sampled_from([*_READERS, "ref"]), st.lists(inner, max_size=6))
        | st.lists(inner, max_size=4).map(lambda found: ["list", found])
    ),
    max_leaves=25,
)
VALID = [
    encode(value, lambda item: ["ref", 1])
    for value in [*PLAIN, *TENSORS.values(), *ARRAYS.values(), *FRAMES.values(), *INDEXES, Typed("a", 1.0), object()]
] + [encode([FRAMES["grouped"], {"a": torch.ones(2, requires_grad=True)}, np.poly1d([1, 2])], list)]


def places(tree, here=()):
    """The paths of all nodes of a tree."""
    yield here
    if type(tree) is list:
        for position, part in enumerate(tree):
            yield from places(part, (*here, position))


def put(tree, path, node):
    if not path:
        return node
    return [put(part, path[1:], node) if position == path[0] else part for position, part in enumerate(tree)]


def is_plain_or_refused(tree):
    try:
        value = decode(tree, refusing)
    except CannotCross:
        return True
    kinds = (torch.Tensor, np.ndarray, pd.DataFrame, pd.Series, list, dict)
    return isinstance(repr(value), str) and all(type(value) is kind or not isinstance(value, kind) for kind in kinds)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TREES)
def test_any_tree_is_a_value_or_refused(tree):
    assert is_plain_or_refused(tree)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_change_to_an_honest_tree_gives_a_value_or_is_refused(data):
    tree = data.draw(st.sampled_from(VALID))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(tree))))
        tree = put(tree, path, data.draw(LEAVES | st.lists(LEAVES, max_size=3) | st.sampled_from(VALID)))
    assert is_plain_or_refused(tree)
