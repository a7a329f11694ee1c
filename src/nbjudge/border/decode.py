"""The judge's side of the border: trees of plain data become fresh values of the exact base classes.

The tree comes from a hostile process. Nothing here imports by name, unpickles, or calls what the tree says;
every size is checked against the bytes that came before anything is allocated.
"""

from __future__ import annotations

import collections
import datetime
import keyword
import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import torch

from nbjudge.border import arrays, frames
from nbjudge.border.bounds import MAX_INT_DIGITS, CannotCross, Tree
from nbjudge.border.reading import Deref, Reading, items, span, text, whole

_RECORD_COST = 1000  # of a named tuple's class, in plain nodes


def decode(tree: Tree, deref: Deref) -> Any:
    """Build the value that a tree stands for; ``deref`` makes the proxy of an opaque ref.

    Raises CannotCross for anything that is not exactly of the agreed form, and no other Exception.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Reading(_READERS, deref)(tree)
    except CannotCross:
        raise
    except Exception as error:
        raise CannotCross(f"the reply is malformed ({type(error).__name__})") from None


def _integer(node: Tree) -> int:
    return int(text(node, MAX_INT_DIGITS + 1))


def _decimal(node: list[Any], read: Reading) -> Decimal:
    found = Decimal(text(node[1], MAX_INT_DIGITS))
    # A short text can stand for a number that would take all memory as an integer.
    if found.is_finite() and abs(found.adjusted()) > MAX_INT_DIGITS:
        raise CannotCross("the reply's decimal number is too long")
    return found


def _named(node: list[Any], read: Reading) -> Any:
    _, name, fields, values = node
    if len(items(fields)) > 1000:
        raise CannotCross("the reply's record has too many fields")
    key = (text(name, 100), *(text(field, 100) for field in fields))
    if key not in read.records:
        read.spend(_RECORD_COST)
        safe = name if name.isidentifier() and not keyword.iskeyword(name) else "record"
        read.records[key] = collections.namedtuple(safe, fields, rename=True)
    return read.records[key](*[read(item) for item in items(values)])


def _bytearray(node: list[Any], read: Reading) -> bytearray:
    if type(node[1]) is not bytes:
        raise CannotCross("the reply is malformed")
    return bytearray(node[1])


_READERS: dict[str, Callable[[list[Any], Reading], Any]] = {
    "int": lambda n, read: _integer(n[1]),
    "list": lambda n, read: [read(item) for item in items(n[1])],
    "tuple": lambda n, read: tuple([read(item) for item in items(n[1])]),
    "set": lambda n, read: {read(item) for item in items(n[1])},
    # By way of a set, which is built step by step: one that takes for ever can be stopped.
    "frozenset": lambda n, read: frozenset({read(item) for item in items(n[1])}),
    "dict": lambda n, read: {read(key): read(item) for key, item in items(n[1])},
    "named": _named,
    "complex": lambda n, read: complex(float(n[1]), float(n[2])),
    "range": lambda n, read: span(read(n[1]), read(n[2]), read(n[3])),
    "bytearray": _bytearray,
    "fraction": lambda n, read: Fraction(_integer(n[1]), _integer(n[2])),
    "decimal": _decimal,
    "datetime": lambda n, read: datetime.datetime.fromisoformat(text(n[1], 60)),
    "date": lambda n, read: datetime.date.fromisoformat(text(n[1], 60)),
    "timedelta": lambda n, read: datetime.timedelta(whole(n[1]), whole(n[2]), whole(n[3])),
    "ellipsis": lambda n, read: ...,
    "array": arrays.array,
    "scalar": arrays.scalar,
    "objects": arrays.objects,
    "dtype": lambda n, read: arrays.dtype(n[1]),
    "poly1d": arrays.poly1d,
    "polynomial": arrays.polynomial,
    "tensor": arrays.tensor,
    "torch.dtype": lambda n, read: arrays.torch_dtype(n[1]),
    "torch.device": lambda n, read: torch.device(text(n[1], 20)),
    "frame": frames.frame,
    "series": frames.series,
    "index": lambda n, read: frames.index(n[1], read),
    "timestamp": frames.timestamp,
    "missing": frames.missing,
}
