"""Student's side of the border: values become trees of plain data.

Values travel as msgpack trees. Scalars stand for themselves; everything else is a list whose first element is
a one-word tag. An object that is not plain data is left where it is, and an opaque *ref* crosses instead.
:mod:`nbjudge.border.decode` is the other half; it trusts nothing of what is written here.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from nbjudge.border.bounds import MAX_DEPTH, MAX_INT_DIGITS, MAX_NODES, CannotCross, Tree
from nbjudge.border.writers import write_numpy, write_pandas, write_torch

Ref = Callable[[Any], list[Any]]


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
        # The latter is how C's own named tuples, torch.return_types among them, name theirs.
        fields = getattr(kind, "_fields", None) or getattr(kind, "__match_args__", None)
        items = [inner(item) for item in tuple.__iter__(value)]
        if isinstance(fields, tuple) and len(fields) == len(items):
            return ["named", kind.__name__, [str(field) for field in fields], items]
        return ["tuple", items]
    if kind is range:
        return ["range", inner(value.start), inner(value.stop), inner(value.step)]
    if kind in _SIMPLE:
        return _SIMPLE[kind](value)
    for module, write in _WRITERS.items():
        if module in sys.modules:
            tree = write(value, inner)
            if tree is not None:
                return tree
    for base, plain in _BASES.items():
        if issubclass(kind, base) and getattr(kind, "__eq__", None) is vars(base)["__eq__"]:
            return inner(plain(value))
    return ref(value)


_SEQUENCES: dict[type, str] = {list: "list", set: "set", frozenset: "frozenset", tuple: "tuple"}
_SIMPLE: dict[type, Callable[[Any], Tree]] = {
    complex: lambda v: ["complex", v.real, v.imag],
    bytearray: lambda v: ["bytearray", bytes(v)],
    Fraction: lambda v: ["fraction", _digits(v.numerator), _digits(v.denominator)],
    Decimal: lambda v: ["decimal", str(v)],
    datetime.datetime: lambda v: ["datetime", v.isoformat()],
    datetime.date: lambda v: ["date", v.isoformat()],
    datetime.timedelta: lambda v: ["timedelta", v.days, v.seconds, v.microseconds],
    type(Ellipsis): lambda v: ["ellipsis"],
}
# An instance of a subclass that compares like its base crosses as one of the base.
_BASES: dict[type, Callable[[Any], Any]] = {
    list: lambda v: list(list.__iter__(v)),
    int: int.__pos__,
    float: float.__pos__,
    str: str.__str__,
}


def _digits(number: int) -> str:
    if number.bit_length() > 3 * MAX_INT_DIGITS:
        raise CannotCross("the integer is too long")
    return str(number)


_WRITERS: dict[str, Callable[[Any, Callable[[Any], Tree]], Tree | None]] = {
    "numpy": write_numpy,
    "torch": write_torch,
    "pandas": write_pandas,
}
