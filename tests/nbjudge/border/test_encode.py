"""Plain values cross the border unchanged, as values of the exact base classes; objects stay behind."""

import collections
import enum
import math
from decimal import Decimal

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
import torch
from crossing import Stayed, crossed
from hypothesis import given, settings
from plain_values import ALIGNED, ARRAYS, FRAME, FRAMES, INDEXES, PLAIN, STRUCTURED, TENSORS, Typed

from nbjudge.border.bounds import MAX_DEPTH, CannotCross
from nbjudge.border.encode import encode

Point = collections.namedtuple("Point", "x y")


class Colour(enum.IntEnum):
    RED = 1


class MyList(list):
    pass


class MyStr(str):
    def __str__(self):
        return "a lie"

    def __getitem__(self, place):
        return "a lie"


class MyInt(int):
    def __int__(self):
        return 7

    def __index__(self):
        return 7


class MyFloat(float):
    pass


class MyTuple(tuple):
    def __iter__(self):
        return iter(["a lie"])


class MyDict(dict):
    def items(self):
        return [("a", "lie")]

    def __getitem__(self, key):
        return "a lie"


class Equal:
    def __eq__(self, other):
        return True

    __hash__ = None


class EqualInt(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class EqualList(list):
    def __eq__(self, other):
        return True

    __hash__ = None


def same(left, right):
    return type(left) is type(right) and left == right and repr(left) == repr(right)


@pytest.mark.parametrize("value", PLAIN, ids=lambda value: f"{type(value).__name__}-{repr(value)[:25]!a}")
def test_a_plain_value_arrives_as_it_was(value):
    assert same(crossed(value), value)


@pytest.mark.parametrize("value", [math.nan, np.float64("nan"), Decimal("NaN"), complex(math.nan, 1)])
def test_a_number_that_is_not_one_stays_so(value):
    found = crossed(value)
    assert type(found) is type(value)
    assert found != found


@pytest.mark.parametrize("value", [pd.NA, pd.NaT])
def test_missing_values_keep_their_identity(value):
    assert crossed(value) is value


@pytest.mark.parametrize("tensor", TENSORS.values(), ids=TENSORS)
def test_a_tensor_arrives_fresh_dense_and_equal(tensor):
    found = crossed(tensor)
    assert type(found) is torch.Tensor
    assert found.dtype is tensor.dtype
    assert found.shape == tensor.shape
    assert found.is_contiguous()
    assert not found.requires_grad
    assert found.to(torch.complex128).equal(tensor.to(torch.complex128))


def test_a_leaf_tensor_keeps_its_gradient_and_what_was_computed_keeps_its_flag():
    leaf = torch.tensor([1.0, 2.0], requires_grad=True)
    (leaf**2).sum().backward()
    found = crossed([leaf, leaf * 2])
    assert found[0].requires_grad
    assert found[0].grad.tolist() == [2.0, 4.0]
    assert found[1].requires_grad
    assert found[1].is_leaf
    assert found[1].grad is None


class Sly(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func is torch.Tensor.__eq__:
            return torch.tensor(True)
        return super().__torch_function__(func, types, args, kwargs or {})


@pytest.mark.parametrize(
    "tensor", [torch.ones(2).as_subclass(Sly), torch.nn.Parameter(torch.ones(2)), torch.nn.Buffer(torch.ones(2))]
)
def test_a_subclass_of_tensor_arrives_as_a_tensor(tensor):
    found = crossed(tensor)
    assert type(found) is torch.Tensor
    assert found.tolist() == [1.0, 1.0]
    assert found.requires_grad == isinstance(tensor, torch.nn.Parameter)


def test_a_tensor_that_is_not_dense_is_refused():
    with pytest.raises(CannotCross, match="dense"):
        crossed(torch.eye(3).to_sparse())


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_an_array_arrives_equal(array):
    found = crossed(array)
    assert type(found) is np.ndarray
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert found.flags.writeable
    np.testing.assert_array_equal(found, array)


def test_the_gaps_in_a_structured_type_are_closed():
    found = crossed(ALIGNED)
    assert found.dtype.itemsize == 9
    assert found.tolist() == ALIGNED.tolist()
    assert crossed(ALIGNED[0]).item() == (1, 2.5)


def test_arrays_of_objects_keep_their_shape_and_plain_elements():
    array = np.array([[1, "a"], [None, [2]]], dtype=object)
    found = crossed(array)
    assert found.dtype == object
    assert found.tolist() == array.tolist()
    stayed = crossed(np.array([Equal()], dtype=object))
    assert type(stayed[0]) is Stayed


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("dtype", [float, object])
def test_subclasses_of_ndarray_arrive_as_arrays(dtype):
    matrix = np.matrix([[1, 2], [3, 4]], dtype=dtype)
    found = crossed(matrix)
    assert type(found) is np.ndarray
    assert found.tolist() == [[1, 2], [3, 4]]
    records = crossed(STRUCTURED.view(np.recarray))
    assert type(records) is np.ndarray
    assert records.dtype.type is np.void


def test_a_masked_array_stays_behind():
    assert type(crossed(np.ma.masked_equal([1, 2], 2))) is Stayed


def test_polynomials_arrive_as_polynomials():
    found = crossed(np.poly1d([1, 2, 3], variable="z"))
    assert type(found) is np.poly1d
    assert (found.variable, found(2)) == ("z", 11)
    for kind in (np.polynomial.Polynomial, np.polynomial.Chebyshev):
        made = kind([1.0, 2.0, 3.0], domain=[0, 5])
        assert type(crossed(made)) is kind
        assert crossed(made) == made


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_frame_arrives_equal(frame):
    found = crossed(frame)
    assert type(found) is pd.DataFrame
    pd.testing.assert_frame_equal(found, frame, check_column_type=bool(len(frame.columns)))


@pytest.mark.parametrize("name", FRAME.columns)
def test_a_series_arrives_equal(name):
    pd.testing.assert_series_equal(crossed(FRAME[name]), FRAME[name])


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: type(index).__name__)
def test_an_index_arrives_equal(index):
    pd.testing.assert_index_equal(crossed(index), index, exact=True)


@pytest.mark.parametrize("value", [Point(1, [2]), Typed("a", 2.0)])
def test_a_named_tuple_keeps_its_names(value):
    found = crossed(value)
    assert found == value
    assert found._fields == value._fields
    assert type(found).__name__ == type(value).__name__
    assert type(found) is not type(value)


def test_what_torch_returns_keeps_its_names():
    found = crossed(torch.max(torch.tensor([[1.0, 3.0]]), 1))
    assert found.values.tolist() == [3.0]
    assert found.indices.tolist() == [1]


def test_a_named_tuple_with_names_that_python_refuses_has_numbered_ones():
    made = collections.namedtuple("Odd", ["class", "x", "x"], rename=True)
    assert crossed(made(1, 2, 3))._fields == ("_0", "x", "_2")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (MyList([1]), [1]),
        (MyStr("a"), "a"),
        (MyInt(3), 3),
        (MyInt(2**80), 2**80),
        (MyFloat(0.5), 0.5),
        (MyTuple((1, 2)), (1, 2)),
        (MyDict(a=1), {"a": 1}),
        (Colour.RED, 1),
        (collections.OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (collections.defaultdict(list, a=[1]), {"a": [1]}),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (torch.Size([2, 3]), (2, 3)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_subclass_arrives_as_its_base(value, plain):
    assert same(crossed(value), plain)


@pytest.mark.parametrize(
    "value",
    [
        Equal(),
        EqualInt(3),
        EqualList([1]),
        object(),
        len,
        Equal,
        (item for item in ()),
        iter([1]),
        {}.keys(),
        collections.deque([1]),
        memoryview(b"a"),
        torch.nn.Linear(1, 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_object_stays_behind(value):
    found = crossed([value])
    assert type(found[0]) is Stayed
    assert found[0].node == ["ref", type(value).__name__]


def test_a_class_that_lies_about_its_type_stays_behind():
    class Liar:
        def __init__(self, kind):
            self.kind = kind

        @property
        def __class__(self):
            return self.kind

    for kind in (torch.Tensor, np.ndarray, list, int, dict):
        assert type(crossed(Liar(kind))) is Stayed


def holding_itself():
    mapping = {}
    mapping["me"] = mapping
    frame = pd.Series([None], dtype=object)
    frame[0] = frame
    array = np.empty(1, dtype=object)
    array[0] = array
    nested = []
    nested.append((nested,))
    return {"list": nested, "dict": mapping, "series": frame, "array": array}


@pytest.mark.parametrize("value", holding_itself().values(), ids=holding_itself())
def test_a_value_that_contains_itself_cannot_cross(value):
    with pytest.raises(CannotCross, match="contains itself"):
        crossed(value)


def test_depth_is_bounded_on_both_sides_alike():
    value = 0
    for _ in range(MAX_DEPTH):
        value = [value]
    assert same(crossed(value), value)
    with pytest.raises(CannotCross, match="deep"):
        crossed([value])


def test_a_value_of_too_many_elements_cannot_cross(monkeypatch):
    monkeypatch.setattr("nbjudge.border.encode.MAX_NODES", 100)
    assert encode(list(range(90)), list)
    with pytest.raises(CannotCross, match="too many"):
        encode([list(range(50)), list(range(60))], list)


def test_an_integer_that_is_too_long_cannot_cross():
    with pytest.raises(CannotCross, match="too long"):
        crossed(10**4000)


def test_what_is_sent_is_a_copy():
    array, tensor, held = np.ones(3), torch.ones(3), [1]
    tree = [encode(value, list) for value in (array, tensor, held)]
    array[0] = tensor[0] = held[0] = 5
    assert repr(tree) == repr([encode(value, list) for value in (np.ones(3), torch.ones(3), [1])])


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.fractions()
    | st.decimals(allow_nan=False)
    | st.datetimes()
    | st.dates()
    | st.timedeltas()
)
KEYS = st.text() | st.integers() | st.booleans() | st.tuples(st.integers(), st.text())
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(KEYS, inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.sets(KEYS, max_size=4)
        | st.frozensets(KEYS, max_size=4)
        | st.builds(Typed, st.text(), inner)
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_any_nesting_of_plain_values_arrives_as_it_was(value):
    assert crossed(value) == value
