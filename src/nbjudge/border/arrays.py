"""Arrays and tensors that came over the border, built from their bytes and of the exact base classes."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import torch

from nbjudge.border.bounds import MAX_BYTES, MAX_NODES, CannotCross, Tree
from nbjudge.border.reading import Reading, items, text, whole

# Only element types whose every bit pattern is safe to look at: not objects (addresses), nor quantized ones.
_DTYPE = re.compile(r"[<>|=]?([?biufc]\d{0,2}|[SUV]\d{0,9}|[mM]8(\[\d{0,9}[a-zA-Z]{1,2}\])?)")
_TORCH_DTYPES: dict[str, torch.dtype] = {
    name: getattr(torch, name)
    for name in (
        "bool uint8 int8 int16 int32 int64 uint16 uint32 uint64 float16 bfloat16 float32 float64 "
        "complex32 complex64 complex128 float8_e4m3fn float8_e5m2"
    ).split()
}
_POLYNOMIALS = ("Polynomial", "Chebyshev", "Legendre", "Hermite", "HermiteE", "Laguerre")
_COST = 10  # of an array or tensor object beyond its bytes, in plain nodes


def dtype(node: Tree) -> np.dtype[Any]:
    """A NumPy element type: its short name, or the fields of a structured one."""
    if type(node) is list:
        if len(node) > 1000:
            raise CannotCross("the reply holds an array with too many fields")
        return np.dtype([(text(name, 100), dtype(of), _shape(shape)) for name, of, shape in node])
    if not _DTYPE.fullmatch(text(node, 40)):
        raise CannotCross("the reply holds an array of an unknown type")
    return np.dtype(node)


def array(node: list[Any], read: Reading) -> np.ndarray[Any, Any]:
    """``["array", dtype, shape, bytes]``."""
    read.spend(_COST)
    kind = dtype(node[1])
    shape = _fitting(node[2], kind.itemsize, node[3])
    found = np.frombuffer(bytearray(node[3]), dtype=kind).reshape(shape)
    _check(found)
    return found


def scalar(node: list[Any], read: Reading) -> Any:
    """``["scalar", dtype, bytes]``."""
    kind = dtype(node[1])
    _fitting([], kind.itemsize, node[2])
    if kind.kind in "SU" and kind.itemsize == 0:
        return np.zeros((), kind)[()]
    found = np.frombuffer(node[2], dtype=kind)
    _check(found)
    return found[0]


def objects(node: list[Any], read: Reading) -> np.ndarray[Any, Any]:
    """``["objects", shape, items]``: an array of Python objects."""
    found = [read(item) for item in items(node[2])]
    shape = _shape(node[1])
    if math.prod(max(size, 1) for size in shape) > MAX_NODES:
        raise CannotCross("the reply's shape is too large")
    flat = np.empty(len(found), dtype=object)
    for position, item in enumerate(found):
        flat[position] = item
    return flat.reshape(shape)


def tensor(node: list[Any], read: Reading) -> torch.Tensor:
    """``["tensor", dtype, shape, bytes, requires_grad, device, grad]``."""
    read.spend(_COST)
    _, name, shape, data, requires_grad, device, grad = node
    kind = torch_dtype(name)
    sizes = _fitting(shape, kind.itemsize, data)
    if kind is torch.bool and data and max(data) > 1:
        raise CannotCross("the reply holds truth values that are neither true nor false")
    flat = torch.frombuffer(bytearray(data), dtype=kind) if data else torch.empty(0, dtype=kind)
    found = flat.reshape(sizes)
    if text(device, 10) == "cuda" and torch.cuda.is_available():
        found = found.to("cuda")
    if requires_grad is True:
        found.requires_grad_(True)
        if grad is not None:
            found.grad = read(grad)
    return found


def torch_dtype(node: Tree) -> torch.dtype:
    """A tensor's element type, by its name."""
    if text(node, 20) not in _TORCH_DTYPES:
        raise CannotCross("the reply holds a tensor of an unknown type")
    return _TORCH_DTYPES[node]


def poly1d(node: list[Any], read: Reading) -> np.poly1d:
    """``["poly1d", coefficients, variable]``."""
    return np.poly1d(_numbers(read(node[1])), variable=text(node[2], 10))


def polynomial(node: list[Any], read: Reading) -> Any:
    """``["polynomial", class, coefficients, domain, window]``."""
    name = text(node[1], 20)
    if name not in _POLYNOMIALS:
        raise CannotCross("the reply holds an unknown polynomial")
    coefficients, domain, window = (_numbers(read(part)) for part in node[2:])
    return getattr(np.polynomial, name)(coefficients, domain=domain, window=window)


def _numbers(found: Any) -> np.ndarray[Any, Any]:
    if type(found) is not np.ndarray or found.dtype.kind not in "biufc" or found.ndim != 1:
        raise CannotCross("the reply's polynomial is malformed")
    return found


def _shape(node: Tree) -> tuple[int, ...]:
    shape = tuple(whole(size, 0) for size in items(node))
    if len(shape) > 32:
        raise CannotCross("the reply's array has too many axes")
    return shape


def _fitting(node: Tree, itemsize: int, data: bytes) -> tuple[int, ...]:
    shape = _shape(node)
    if type(data) is not bytes or math.prod(shape) * itemsize != len(data):
        raise CannotCross("the reply's shape does not fit its data")
    # An empty array must not stand for a huge one either: a sum over its empty axis would be one.
    if math.prod(max(size, 1) for size in shape) * max(itemsize, 1) > MAX_BYTES:
        raise CannotCross("the reply's shape is too large")
    return shape


def _check(found: np.ndarray[Any, Any]) -> None:
    """Refuse elements that no honest array has: truth values above one, characters that don't exist."""
    kind = found.dtype
    if kind.subdtype is None and kind.names:
        for name in kind.names:
            _check(found[name])
    elif found.size and kind.kind == "b":
        if found.view(np.uint8).max() > 1:
            raise CannotCross("the reply holds truth values that are neither true nor false")
    elif found.size and kind.kind == "U" and kind.itemsize:
        codes = np.ascontiguousarray(found).reshape(-1).view(np.dtype("u4").newbyteorder(kind.byteorder))
        if codes.max() > 0x10FFFF:
            raise CannotCross("the reply holds characters that don't exist")
