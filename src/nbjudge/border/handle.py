"""Opaque handles: objects that stay on the student's side and can be called, indexed and asked from here.

A handle never lets the student's code decide a comparison with a value of the judge's: ``handle == 3`` or
``handle - expected`` would hand the expected value over and believe the answer. Such an operation is refused,
and a refusal fails the test cell even when its code catches the exception.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbjudge.border.student import Student

_ASKED_DUNDERS = {"__name__", "__qualname__", "__dict__", "__annotations__"}


class Handle:
    """Stands for one object of the student's; the same object always has the same handle."""

    __slots__ = ("__weakref__", "_class_name", "_kind", "_name", "_number", "_student")
    __array_ufunc__ = None  # NumPy must not take a handle for an array

    def __init__(self, student: Student, number: int, kind: str, class_name: str, name: str) -> None:
        for slot, value in zip(
            ("_student", "_number", "_kind", "_class_name", "_name"),
            (student, number, kind, class_name, name),
            strict=True,
        ):
            object.__setattr__(self, slot, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object on the student's side, under the student's time limit."""
        return self._student.call(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__") and name not in _ASKED_DUNDERS:
            raise AttributeError(f"an object of the submission is not asked for {name}")
        return self._student.operate("getattr", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._student.operate("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        self._student.operate("delattr", self, name)

    def __iter__(self) -> Iterator[Any]:
        iterator = self._student.operate("iter", self)
        if not isinstance(iterator, Handle):
            if type(iterator) not in (list, tuple):
                raise self._student.refuse("iter() of an object of the submission gave no iterator")
            return iter(iterator)
        return iterator if iterator is self else _steps(iterator)

    def __next__(self) -> Any:
        return self._student.operate("next", self)

    def __contains__(self, item: Any) -> bool:
        # Compared here: the student's side must not learn what is looked for, nor answer for it.
        return any(item is found or item == found for found in self)

    def __deepcopy__(self, memo: Any) -> Any:
        return self._student.operate("deepcopy", self)

    def __exit__(self, *exception: object) -> None:
        self._student.operate("exit", self)

    def __repr__(self) -> str:
        if self._kind in ("function", "class"):
            return f"<{self._kind} {self._name} of the submission>"
        if self._kind == "object":
            return str(_typed(self._student, "repr", str, self))
        return f"<{self._class_name} object of the submission>"

    def __hash__(self) -> int:
        return int(self._number)

    def __reduce__(self) -> Any:
        raise self._student.refuse("an object of the submission cannot be pickled here")


# An object's documentation is its own, not this class's.
Handle.__doc__ = property(lambda self: self._student.operate("getattr", self, "__doc__"))  # type: ignore[assignment]


def _steps(iterator: Handle) -> Iterator[Any]:
    try:
        while True:
            yield iterator._student.operate("next", iterator)
    except StopIteration:
        return


def _typed(student: Student, operation: str, kind: type, *operands: Any) -> Any:
    value = student.operate(operation, *operands)
    possible = operation != "len" or (type(value) is int and 0 <= value <= sys.maxsize)
    if type(value) is not kind or not possible:
        raise student.refuse(f"{operation}() of an object of the submission gave no {kind.__name__}")
    return value


def _asking(operation: str, kind: type | None = None) -> Callable[..., Any]:
    def method(self: Handle, *operands: Any) -> Any:
        if kind is not None:
            return _typed(self._student, operation, kind, self, *operands)
        return self._student.operate(operation, self, *operands)

    return method


def _between_handles(operation: str, swapped: bool = False) -> Callable[..., Any]:
    def method(self: Handle, other: Any) -> Any:
        if not isinstance(other, Handle):
            if operation in ("eq", "ne") and other is None:
                return operation == "ne"
            raise self._student.refuse(
                "the submission gave an object of a class of its own where a plain value (a number, a list, "
                "an array, a tensor) was expected"
            )
        return self._student.operate(operation, *((other, self) if swapped else (self, other)))

    return method


_BINARY = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and_", "or_", "xor"]
for _name in _BINARY:
    _dunder = _name.rstrip("_")
    setattr(Handle, f"__{_dunder}__", _between_handles(_name))
    setattr(Handle, f"__r{_dunder}__", _between_handles(_name, swapped=True))
for _name in ["eq", "ne", "lt", "le", "gt", "ge"]:
    setattr(Handle, f"__{_name}__", _between_handles(_name))
for _name in ["neg", "pos", "abs", "invert", "getitem", "setitem", "delitem", "enter", "copy", "round"]:
    setattr(Handle, f"__{_name}__", _asking(_name))
for _name, _kind in {
    "len": int,
    "bool": bool,
    "int": int,
    "float": float,
    "complex": complex,
    "index": int,
    "str": str,
    "format": str,
}.items():
    setattr(Handle, f"__{_name}__", _asking(_name, _kind))
