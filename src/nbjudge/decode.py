"""The judge's side of the border: trees of plain data become fresh values of the exact base classes.

The tree comes from a hostile process. Nothing here imports by name, unpickles, or calls what the tree says;
every size is checked against the bytes that came before anything is allocated.
"""

from __future__ import annotations

import collections
import datetime
import keyword
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import torch

from nbjudge.encode import MAX_BYTES, MAX_DEPTH, MAX_INT_DIGITS, MAX_NODES, CannotCross, Tree

Deref = Callable[[list[Any]], Any]

_FAULTS = (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError, RuntimeError)
_FAULTS += (ZeroDivisionError, InvalidOperation, MemoryError, NotImplementedError)  # type: ignore[assignment]


def decode(tree: Tree, deref: Deref) -> Any:
    """Build the value that a tree stands for; ``deref`` makes the proxy of an opaque ref.

    Raises CannotCross for anything that is not exactly of the agreed form.
    """
    budget = [MAX_NODES]

    def inner(node: Tree, depth: int) -> Any:
        budget[0] -= 1
        if depth > MAX_DEPTH or budget[0] < 0:
            raise CannotCross("the reply is nested too deeply or has too many elements")
        if node is None or type(node) in (bool, int, float, str, bytes):
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise CannotCross("the reply is malformed")
        if node[0] == "ref":
            return deref(node)
        read = _READERS.get(node[0])
        if read is None:
            raise CannotCross(f"the reply holds an unknown kind of value: {node[0][:40]!r}")
        return read(node, lambda item: inner(item, depth + 1))

    try:
        return inner(tree, 0)
    except CannotCross:
        raise
    except _FAULTS as error:
        raise CannotCross(f"the reply is malformed ({type(error).__name__})") from None


Inner = Callable[[Tree], Any]


def _items(node: Tree) -> list[Any]:
    if type(node) is not list:
        raise CannotCross("the reply is malformed")
    return node


def _whole(node: Tree, least: int = -(2**63)) -> int:
    if type(node) is not int or node < least:
        raise CannotCross("the reply is malformed")
    return node


def _text(node: Tree, longest: int = 10_000) -> str:
    if type(node) is not str or len(node) > longest:
        raise CannotCross("the reply is malformed")
    return node


def _integer(node: Tree) -> int:
    return int(_text(node, MAX_INT_DIGITS + 1))


def _named(node: list[Any], inner: Inner) -> Any:
    _, name, fields, items = node
    if not _text(name, 100).isidentifier() or keyword.iskeyword(name):
        name = "record"
    record = collections.namedtuple(name, [_text(field, 100) for field in _items(fields)])  # type: ignore[misc]
    return record(*[inner(item) for item in _items(items)])


def _shape(node: Tree, itemsize: int, data: bytes) -> tuple[int, ...]:
    shape = tuple(_whole(size, 0) for size in _items(node))
    count = 1
    for size in shape:
        count *= size
    if len(shape) > 32 or type(data) is not bytes or count * itemsize != len(data) or len(data) > MAX_BYTES:
        raise CannotCross("the reply's shape does not fit its data")
    return shape


def _dtype(node: Tree) -> np.dtype[Any]:
    if type(node) is list:
        pairs = [(_text(name, 100), _dtype(inner)) for name, inner in node]
        return np.dtype(pairs)
    dtype = np.dtype(_text(node, 40))
    if dtype.hasobject or dtype.itemsize == 0:
        raise CannotCross("the reply holds an array of objects")
    return dtype


def _array(node: list[Any], inner: Inner) -> np.ndarray[Any, Any]:
    dtype = _dtype(node[1])
    shape = _shape(node[2], dtype.itemsize, node[3])
    return np.frombuffer(bytearray(node[3]), dtype=dtype).reshape(shape)


def _scalar(node: list[Any], inner: Inner) -> Any:
    dtype = _dtype(node[1])
    _shape([], dtype.itemsize, node[2])
    return np.frombuffer(node[2], dtype=dtype)[0]


def _objects(node: list[Any], inner: Inner) -> np.ndarray[Any, Any]:
    items = [inner(item) for item in _items(node[2])]
    shape = tuple(_whole(size, 0) for size in _items(node[1]))
    flat = np.empty(len(items), dtype=object)
    for position, item in enumerate(items):
        flat[position] = item
    return flat.reshape(shape)


_TORCH_DTYPES = {str(d).removeprefix("torch."): d for d in vars(torch).values() if isinstance(d, torch.dtype)}


def _tensor(node: list[Any], inner: Inner) -> torch.Tensor:
    _, name, shape, data, requires_grad, device, grad = node
    dtype = _TORCH_DTYPES[_text(name, 20)]
    sizes = _shape(shape, dtype.itemsize, data)
    tensor = torch.frombuffer(bytearray(data), dtype=dtype) if data else torch.empty(0, dtype=dtype)
    tensor = tensor.reshape(sizes)
    if _text(device, 10) == "cuda" and torch.cuda.is_available():
        tensor = tensor.to("cuda")
    if requires_grad is True:
        tensor.requires_grad_(True)
        if grad is not None:
            tensor.grad = inner(grad)
    return tensor


def _column(node: Tree, inner: Inner) -> tuple[Any, str]:
    dtype, values = _items(node)
    return inner(values), _text(dtype, 100)


def _series(node: Tree, inner: Inner, **about: Any) -> Any:
    values, dtype = _column(node, inner)
    return pd.Series(values, dtype=dtype, **about)


def _index(node: Tree, inner: Inner) -> Any:
    kind = _items(node)[0]
    if kind == "range":
        return pd.RangeIndex(_whole(node[1]), _whole(node[2]), _whole(node[3]), name=inner(node[4]))
    if kind == "multi":
        rows = [inner(row) for row in _items(node[1])]
        return pd.MultiIndex.from_tuples(rows, names=[inner(name) for name in _items(node[2])])
    values, dtype = _column(node[1], inner)
    return pd.Index(values, dtype=dtype, name=inner(node[2]))


def _frame(node: list[Any], inner: Inner) -> Any:
    index = _index(node[2], inner)
    columns = [_series(column, inner, index=index) for column in _items(node[3])]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=index)
    frame.columns = _index(node[1], inner)
    return frame


def _polynomial(node: list[Any], inner: Inner) -> Any:
    name = _text(node[1], 20)
    if name not in ("Polynomial", "Chebyshev", "Legendre", "Hermite", "HermiteE", "Laguerre"):
        raise CannotCross("the reply holds an unknown polynomial")
    return getattr(np.polynomial, name)(inner(node[2]), domain=inner(node[3]), window=inner(node[4]))


_READERS: dict[str, Callable[[list[Any], Inner], Any]] = {
    "int": lambda n, inner: _integer(n[1]),
    "list": lambda n, inner: [inner(item) for item in _items(n[1])],
    "tuple": lambda n, inner: tuple([inner(item) for item in _items(n[1])]),
    "set": lambda n, inner: {inner(item) for item in _items(n[1])},
    "frozenset": lambda n, inner: frozenset([inner(item) for item in _items(n[1])]),
    "dict": lambda n, inner: {inner(key): inner(item) for key, item in _items(n[1])},
    "named": _named,
    "complex": lambda n, inner: complex(float(n[1]), float(n[2])),
    "range": lambda n, inner: range(_whole(n[1]), _whole(n[2]), _whole(n[3])),
    "bytearray": lambda n, inner: bytearray(n[1]) if type(n[1]) is bytes else _items(None),
    "fraction": lambda n, inner: Fraction(_integer(n[1]), _integer(n[2])),
    "decimal": lambda n, inner: Decimal(_text(n[1], MAX_INT_DIGITS)),
    "datetime": lambda n, inner: datetime.datetime.fromisoformat(_text(n[1], 60)),
    "date": lambda n, inner: datetime.date.fromisoformat(_text(n[1], 60)),
    "timedelta": lambda n, inner: datetime.timedelta(_whole(n[1]), _whole(n[2]), _whole(n[3])),
    "ellipsis": lambda n, inner: ...,
    "array": _array,
    "scalar": _scalar,
    "objects": _objects,
    "dtype": lambda n, inner: _dtype(n[1]),
    "poly1d": lambda n, inner: np.poly1d(inner(n[1]), variable=_text(n[2], 10)),
    "polynomial": _polynomial,
    "tensor": _tensor,
    "torch.dtype": lambda n, inner: _TORCH_DTYPES[_text(n[1], 20)],
    "torch.device": lambda n, inner: torch.device(_text(n[1], 20)),
    "frame": _frame,
    "series": lambda n, inner: _series(n[1], inner, index=_index(n[2], inner), name=inner(n[3])),
    "index": lambda n, inner: _index(n[1], inner),
    "timestamp": lambda n, inner: pd.Timestamp(_text(n[1], 60)),
    "missing": lambda n, inner: pd.NA if n[1] == "NA" else pd.NaT,
}
