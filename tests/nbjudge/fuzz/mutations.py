"""Damage to bytes and to JSON-like trees, drawn from a seeded generator."""

from __future__ import annotations

import copy
import random
from typing import Any

# Bytes that mean something to msgpack, JSON or a text encoding, and numbers at the edge of a type.
WORDS = (
    b"\xc1",
    b"\xdd\xff\xff\xff\xff",
    b"\xdc\xff\xff",
    b"\xc6\xff\xff\xff\xff",
    b"\xdb\x7f\xff\xff\xff",
    b"\xdf\xff\xff\xff\xff",
    b"\xd3\x80" + bytes(7),
    b"\xcf" + b"\xff" * 8,
    b"\xcb\x7f\xf8" + bytes(6),
    b"\xc7\xff\x01",
    b"\xd9\x03ref",
    b"\xa3ref",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b",",
    b"\\ud800",
    b"\\u0000",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"NaN",
    b"1e999",
    b"-",
    b"9" * 400,
    b"\x00",
    b"null",
    b"[" * 300,
    b'{"a":' * 300,
)
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**63 - 1,
    -(2**63),
    0.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "x" * 5000,
    "\ud800",
    "\x00",
    [],
    {},
    [[]],
    [None] * 50,
    {"a": {}},
    ["a\n", "b"],
    "../../x",
    "__class__",
)


def damaged_bytes(data: bytes, draw: random.Random) -> bytes:
    """A copy of ``data`` with one to six changes: bits, inserted words, cuts, copies of parts."""
    held = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 3, 6))):
        at = draw.randrange(len(held) + 1)
        end = min(len(held), at + draw.choice((1, 1, 2, 4, 16, 64, 1000)))
        kind = draw.randrange(6)
        if kind == 0 and at < len(held):
            held[at] ^= 1 << draw.randrange(8)
        elif kind == 1:
            held[at:at] = draw.choice(WORDS)
        elif kind == 2:
            held[at:end] = draw.choice(WORDS)
        elif kind == 3:
            del held[at:end]
        elif kind == 4:
            held[at:at] = held[at:end] * draw.choice((1, 2, 20))
        else:
            held[at:end] = draw.randbytes(end - at)
    return bytes(held if draw.random() > 0.1 else held[: draw.randrange(len(held) + 1)])


def damaged_tree(tree: Any, draw: random.Random) -> Any:
    """A copy of a tree of lists and dictionaries with one to four nodes changed, lost, moved or doubled."""
    tree = copy.deepcopy(tree)
    for _ in range(draw.choice((1, 1, 2, 4))):
        spots = list(_spots(tree))
        if not spots:
            return draw.choice(ODD)
        holder, key = draw.choice(spots)
        kind = draw.randrange(5)
        if kind == 0:
            del holder[key]
        elif kind == 1:
            other, place = draw.choice(spots)
            holder[key] = copy.deepcopy(other[place])
        elif kind == 2 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind == 3 and isinstance(holder, dict):
            holder[draw.choice(("", "x", "cells", "source", key + "s"))] = holder.pop(key)
        else:
            holder[key] = copy.deepcopy(draw.choice(ODD))
    return tree


def _spots(tree: Any) -> Any:
    """Each (container, key) below a tree; without recursion, since trees may be deep."""
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            yield holder, key
            waiting.append(holder[key])
