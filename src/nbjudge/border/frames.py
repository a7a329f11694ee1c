"""pandas values that came over the border: frames, series and indexes, column by column."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from nbjudge.border.bounds import CannotCross, Tree
from nbjudge.border.reading import Reading, items, span, text

# pandas looks up what a type's name says, time zones even among files: only these names reach it.
_DTYPE = re.compile(
    r"object|str|string|bool|boolean|int\d{1,2}|uint\d{1,2}|U?Int\d{1,2}|[fF]loat\d{1,3}|complex\d{2,3}|"
    r"(datetime64|timedelta64)\[(s|ms|us|ns)\]|datetime64\[(s|ms|us|ns), [A-Z][A-Za-z_]*([/+-][A-Za-z0-9_:+-]+){0,3}\]"
)
_COST = 100  # of a pandas object beyond its values, in plain nodes


def frame(node: list[Any], read: Reading) -> Any:
    """``["frame", columns' index, index, columns]``."""
    rows = index(node[2], read)
    columns = [_series(column, read, rows) for column in items(node[3])]
    read.spend(_COST)
    found = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=rows)
    found.columns = index(node[1], read)
    return found


def series(node: list[Any], read: Reading) -> Any:
    """``["series", column, index, name]``."""
    return _series(node[1], read, index(node[2], read), name=read(node[3]))


def index(node: Tree, read: Reading) -> Any:
    """``["range", start, stop, step, name]``, ``["multi", rows, names]`` or ``["plain", column, name]``."""
    read.spend(_COST)
    kind = items(node)[0]
    if kind == "range":
        return pd.RangeIndex(span(*node[1:4]), name=read(node[4]))
    if kind == "multi":
        rows = [read(row) for row in items(node[1])]
        if not all(type(row) is tuple and len(row) == len(node[2]) for row in rows):
            raise CannotCross("the reply's index is malformed")
        return pd.MultiIndex.from_tuples(rows, names=[read(name) for name in items(node[2])])
    return pd.Index(_values(node[1], read), name=read(node[2]))


def timestamp(node: list[Any], read: Reading) -> Any:
    """``["timestamp", ISO 8601]``."""
    read.spend(_COST)
    return pd.Timestamp(text(node[1], 60))


def missing(node: list[Any], read: Reading) -> Any:
    """``["missing", "NA" or "NaT"]``."""
    return pd.NA if node[1] == "NA" else pd.NaT


def _series(node: Tree, read: Reading, rows: Any, **about: Any) -> Any:
    read.spend(_COST)
    values = _values(node, read)
    # pandas would repeat a single value for every row.
    if len(values) != len(rows):
        raise CannotCross("the reply's columns do not fit their index")
    return pd.Series(values, index=rows, **about)


def _values(node: Tree, read: Reading) -> Any:
    """``[dtype, values]``, or ``["category", codes, categories' index, ordered]``."""
    if items(node)[0] == "category":
        _, codes, categories, ordered = node
        return pd.Categorical.from_codes(_flat(read(codes)), index(categories, read), ordered=ordered is True)
    name, values = node
    if not _DTYPE.fullmatch(text(name, 60)):
        raise CannotCross("the reply holds a column of an unknown type")
    return pd.array(_flat(read(values)), dtype=name) if name != "object" else _objects(_flat(read(values)))


def _flat(values: Any) -> Any:
    if not (type(values) is list or (type(values) is np.ndarray and values.ndim == 1)):
        raise CannotCross("the reply's column is malformed")
    return values


def _objects(values: Any) -> np.ndarray[Any, Any]:
    found = np.empty(len(values), dtype=object)
    for position, value in enumerate(values):
        found[position] = value
    return found
