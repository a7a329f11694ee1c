"""Values of every kind that can leave the student's side as plain data."""

import datetime
import math
import typing
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import torch


class Typed(typing.NamedTuple):
    name: str
    value: float


PLAIN = [
    None,
    True,
    False,
    0,
    -1,
    2**63 - 1,
    -(2**63),
    2**63,
    -(2**64),
    10**3000,
    0.0,
    -0.0,
    1e-320,
    math.inf,
    "",
    "ein Wört \U0001f600 \0",
    "\ud800",
    b"",
    b"\x00\xff",
    bytearray(b"ab"),
    1 - 2j,
    complex(math.inf, -0.0),
    ...,
    range(3, 30, -2),
    range(2**70, 2**70 + 5),
    Fraction(10**30, 7),
    Decimal("1.10"),
    Decimal("-Infinity"),
    datetime.date(2024, 2, 29),
    datetime.datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=datetime.UTC),
    datetime.timedelta(-3, 5, 7),
    [],
    (),
    {},
    set(),
    frozenset({1, (2, 3)}),
    [1, [2, (3, {4: {5}})], {"a": [None, ...]}],
    {1: "a", "b": 2, (1, 2): 3, None: 4, 1.5: 5, frozenset({1}): 6, Decimal("1.7"): 7},
    np.float32(1.5),
    np.int8(-3),
    np.bool_(True),
    np.complex64(1 + 2j),
    np.str_("text"),
    np.str_(""),
    np.bytes_(b""),
    np.datetime64("2024-02-29T01:02"),
    np.timedelta64(5, "ms"),
    np.float16(0.1),
    np.longdouble(1) / 3,
    np.dtype("<f4"),
    np.dtype([("a", "<i4"), ("b", "<f8", (2, 2))]),
    torch.float32,
    torch.bfloat16,
    torch.device("cpu"),
    pd.Timestamp("2024-02-29 01:02:03.123456789"),
    pd.Timestamp("2024-02-29 01:02", tz="UTC"),
]


TENSORS = {
    "matrix": torch.arange(6.0).reshape(2, 3),
    "transposed": torch.arange(6.0).reshape(2, 3).T,
    "every second column": torch.arange(12).reshape(3, 4)[:, ::2],
    "expanded": torch.tensor([1.0, 2.0]).expand(3, 2),
    "an axis of length one with an odd stride": torch.arange(8.0).as_strided((3, 1), (1, 7)),
    "0-dim": torch.tensor(3.5),
    "0-dim view": torch.arange(4)[2],
    "empty": torch.empty(0),
    "empty with shape": torch.empty(3, 0, 2, dtype=torch.int16),
    "bool": torch.tensor([True, False]),
    "complex": torch.tensor([1 + 2j, -1j]),
    "conjugated": torch.tensor([1 + 2j, -1j]).conj(),
    "negative view": torch.tensor([1 + 2j]).conj().imag,
    "flipped": torch.arange(3).flip(0),
} | {
    str(dtype): torch.tensor([0, 1, 100]).to(dtype)
    for dtype in (
        torch.bfloat16,
        torch.float16,
        torch.float64,
        torch.uint8,
        torch.int8,
        torch.uint16,
        torch.float8_e5m2,
    )
}


STRUCTURED = np.array([(1, 2.5, "a")], dtype=[("i", "<i2"), ("f", "<f8"), ("s", "<U3")])


ALIGNED = np.array([(1, 2.5)], dtype=np.dtype([("i", "i1"), ("f", "f8")], align=True))


ARRAYS = {
    "matrix": np.arange(6.0).reshape(2, 3),
    "Fortran order": np.asfortranarray(np.arange(6).reshape(2, 3)),
    "strided": np.arange(12)[::-3],
    "broadcast": np.broadcast_to(np.float32(3), (2, 2)),
    "0-dim": np.array(3),
    "empty": np.empty((0, 3)),
    "empty text": np.array([], dtype=str),
    "big-endian": np.arange(3, dtype=">i4"),
    "bool": np.array([True, False]),
    "text": np.array(["a", "\U0001f600b"]),
    "bytes": np.array([b"a", b"bc"]),
    "dates": np.array(["2024-01-01", "NaT"], dtype="M8[D]"),
    "spans": np.array([1, 2], dtype="m8[25s]"),
    "half": np.array([0.1], dtype=np.float16),
    "complex": np.array([1j]),
    "structured": STRUCTURED,
    "a field of arrays": np.zeros(2, dtype=[("m", "f4", (2, 3)), ("inner", [("a", "i1")])]),
}


FRAME = pd.DataFrame(
    {
        "i": np.array([1, 2], dtype="int8"),
        "f": [0.5, None],
        "s": ["a", None],
        "o": [[1], "b"],
        "b": [True, False],
        "d": pd.to_datetime(["2024-01-01", None]),
        "z": pd.to_datetime(["2024-01-01", "2024-07-01"]).tz_localize("Europe/Berlin"),
        "t": pd.to_timedelta([1, 2], unit="h"),
        "n": pd.array([1, None], dtype="Int64"),
        "q": pd.array([True, None], dtype="boolean"),
        "c": pd.Categorical(["x", "y"], categories=["z", "y", "x"], ordered=True),
    },
    index=["first", "second"],
)


FRAMES = {
    "all kinds of columns": FRAME,
    "no columns": pd.DataFrame(index=[3, 4]),
    "no rows": FRAME.iloc[:0],
    "twice the same name": pd.DataFrame([[1, 2.5]], columns=["a", "a"], index=pd.Index([7], name="n")),
    "grouped": pd.DataFrame(
        {("a", 1): [1, 2], ("a", 2): [3, 4]}, index=pd.MultiIndex.from_tuples([(1, "x"), (2, "y")])
    ),
    "dates as index": pd.DataFrame({"v": [1.0, 2.0]}, index=pd.DatetimeIndex(["2024-01-01", "2024-01-03"], name="day")),
    "repeated rows": pd.DataFrame({"v": [1, 2, 3], "w": [4, 5, 6]}, index=[0, 0, 1]),
}


INDEXES = [
    pd.RangeIndex(1, 9, 3, name="r"),
    pd.Index([1.5, 2.5]),
    pd.Index(["a", "b"], name="n"),
    pd.Index([1, "b", None], dtype=object),
    pd.MultiIndex.from_product([[1, 2], ["a"]], names=["x", None]),
    pd.MultiIndex.from_tuples([], names=["x", "y"]),
    pd.CategoricalIndex(["b", "a"], categories=["b", "a", "c"]),
    pd.DatetimeIndex(["2024-01-01", "2024-01-04"], tz="UTC"),
]
