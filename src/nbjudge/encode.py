"""Student's side of the border: values become trees of plain data.

Values travel as msgpack trees. Scalars stand for themselves; everything else is a list whose first element is
a one-word tag. An object that is not plain data is left where it is, and an opaque *ref* crosses instead.
:mod:`nbjudge.decode` is the other half; it trusts nothing of what is written here.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

MAX_DEPTH = 60
MAX_NODES = 2_000_000
MAX_BYTES = 256 * 2**20
MAX_INT_DIGITS = 4000

Ref = Callable[[Any], list[Any]]
Tree = Any


class CannotCross(Exception):
    """A value that is too deep, too large or malformed for the border."""


class _Budget:
    """Counts nodes and depth while a value is walked."""

    def __init__(self) -> None:
        self.nodes = 0

    def step(self, depth: int) -> None:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise CannotCross("the value is nested too deeply (or contains itself)")
        if self.nodes > MAX_NODES:
            raise CannotCross("the value has too many elements")


def encode(value: Any, ref: Ref) -> Tree:
    """Turn a value into a tree; ``ref`` gives the tree of an object that has to stay behind.

    Raises CannotCross when the value is too deep or too large.
    """
    return _encode(value, ref, _Budget(), 0)


def _encode(value: Any, ref: Ref, budget: _Budget, depth: int) -> Tree:
    budget.step(depth)
    kind = type(value)
    if value is None or kind in (bool, float, str, bytes):
        return value
    if kind is int:
        return value if -(2**63) <= value < 2**63 else ["int", _digits(value)]

    def inner(item: Any) -> Tree:
        return _encode(item, ref, budget, depth + 1)

    if kind in _SEQUENCES:
        return [_SEQUENCES[kind], [inner(item) for item in value]]
    if issubclass(kind, dict):
        return ["dict", [[inner(key), inner(item)] for key, item in dict.items(value)]]
    if issubclass(kind, tuple):
        fields = getattr(kind, "_fields", None)
        items = [inner(item) for item in tuple.__iter__(value)]
        if isinstance(fields, tuple) and len(fields) == len(items):
            return ["named", kind.__name__, [str(field) for field in fields], items]
        return ["tuple", items]
    if kind in _SIMPLE:
        return _SIMPLE[kind](value)
    for module, write in _WRITERS.items():
        if module in sys.modules:
            tree = write(value, inner)
            if tree is not None:
                return tree
    if issubclass(kind, list) and kind.__eq__ is list.__eq__:
        return ["list", [inner(item) for item in list.__iter__(value)]]
    return ref(value)


_SEQUENCES: dict[type, str] = {list: "list", set: "set", frozenset: "frozenset", tuple: "tuple"}
_SIMPLE: dict[type, Callable[[Any], Tree]] = {
    complex: lambda v: ["complex", v.real, v.imag],
    range: lambda v: ["range", v.start, v.stop, v.step],
    bytearray: lambda v: ["bytearray", bytes(v)],
    Fraction: lambda v: ["fraction", _digits(v.numerator), _digits(v.denominator)],
    Decimal: lambda v: ["decimal", str(v)],
    datetime.datetime: lambda v: ["datetime", v.isoformat()],
    datetime.date: lambda v: ["date", v.isoformat()],
    datetime.timedelta: lambda v: ["timedelta", v.days, v.seconds, v.microseconds],
    type(Ellipsis): lambda v: ["ellipsis"],
}


def _digits(number: int) -> str:
    if number.bit_length() > 3 * MAX_INT_DIGITS:
        raise CannotCross("the integer is too long")
    return str(number)


def _write_numpy(value: Any, inner: Callable[[Any], Tree]) -> Tree | None:
    np = sys.modules["numpy"]
    if isinstance(value, np.ndarray):
        if type(value) is not np.ndarray and isinstance(value, np.ma.MaskedArray):
            return None
        if value.dtype.hasobject:
            return ["objects", list(value.shape), [inner(item) for item in value.ravel().tolist()]]
        plain = np.ascontiguousarray(value)
        return ["array", _dtype(plain.dtype), list(value.shape), plain.tobytes()]
    if isinstance(value, np.generic) and not value.dtype.hasobject:
        return ["scalar", _dtype(value.dtype), value.tobytes()]
    if isinstance(value, np.dtype):
        return ["dtype", _dtype(value)]
    if type(value) is np.poly1d:
        return ["poly1d", inner(value.coeffs), str(value.variable)]
    polynomials = np.polynomial
    if type(value) in tuple(getattr(polynomials, name) for name in _POLYNOMIALS):
        return [
            "polynomial",
            type(value).__name__,
            inner(value.coef),
            inner(value.domain),
            inner(value.window),
        ]
    return None


_POLYNOMIALS = ("Polynomial", "Chebyshev", "Legendre", "Hermite", "HermiteE", "Laguerre")


def _dtype(dtype: Any) -> Any:
    return dtype.str if dtype.names is None else [[name, _dtype(dtype[name])] for name in dtype.names]


def _write_torch(value: Any, inner: Callable[[Any], Tree]) -> Tree | None:
    torch = sys.modules["torch"]
    if isinstance(value, torch.Tensor):
        if value.layout is not torch.strided or value.is_quantized or value.device.type == "meta":
            raise CannotCross(f"a tensor of layout {value.layout} stays on its side: return a dense one")
        grad = value.grad if value.is_leaf and value.requires_grad else None
        return [
            "tensor",
            str(value.dtype).removeprefix("torch."),
            list(value.shape),
            tensor_bytes(value).numpy().tobytes(),
            bool(value.requires_grad),
            value.device.type,
            None if grad is None else inner(torch.Tensor.detach(grad)),
        ]
    if isinstance(value, torch.dtype):
        return ["torch.dtype", str(value).removeprefix("torch.")]
    if isinstance(value, torch.device):
        return ["torch.device", str(value)]
    return None


def tensor_bytes(tensor: Any) -> Any:
    """A dense tensor's elements in order, as a 1-D uint8 tensor on the CPU."""
    torch = sys.modules["torch"]
    plain = torch.Tensor.detach(tensor).cpu().resolve_conj().resolve_neg()
    if not plain.is_contiguous() or plain.stride()[-1:] not in ((), (1,)):
        # contiguous() would keep the odd stride of an axis of length one.
        plain = torch.empty(plain.shape, dtype=plain.dtype).copy_(plain)
    return plain.reshape(-1).view(torch.uint8) if plain.numel() else torch.empty(0, dtype=torch.uint8)


def _write_pandas(value: Any, inner: Callable[[Any], Tree]) -> Tree | None:
    pd = sys.modules["pandas"]
    if not hasattr(pd, "DataFrame"):
        return None  # a half-imported or replaced module
    if isinstance(value, pd.DataFrame):
        columns = [_column(value.iloc[:, i], inner) for i in range(value.shape[1])]
        return ["frame", _index(value.columns, inner), _index(value.index, inner), columns]
    if isinstance(value, pd.Series):
        return ["series", _column(value, inner), _index(value.index, inner), inner(value.name)]
    if isinstance(value, pd.Index):
        return ["index", _index(value, inner)]
    if isinstance(value, pd.Timestamp):
        return ["timestamp", value.isoformat()]
    if value is pd.NA or value is pd.NaT:
        return ["missing", "NA" if value is pd.NA else "NaT"]
    return None


def _column(series: Any, inner: Callable[[Any], Tree]) -> Tree:
    np = sys.modules["numpy"]
    if isinstance(series.dtype, np.dtype) and not series.dtype.hasobject:
        return [str(series.dtype), inner(series.to_numpy())]
    return [str(series.dtype), inner(list(series))]


def _index(index: Any, inner: Callable[[Any], Tree]) -> Tree:
    pd = sys.modules["pandas"]
    if isinstance(index, pd.RangeIndex):
        return ["range", index.start, index.stop, index.step, inner(index.name)]
    if isinstance(index, pd.MultiIndex):
        return ["multi", [inner(tuple(row)) for row in index], [inner(name) for name in index.names]]
    return ["plain", _column(index.to_series(), inner), inner(index.name)]


_WRITERS: dict[str, Callable[[Any, Callable[[Any], Tree]], Tree | None]] = {
    "numpy": _write_numpy,
    "torch": _write_torch,
    "pandas": _write_pandas,
}
