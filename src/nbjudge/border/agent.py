"""The student's side of the judge: answers requests inside the student's kernel, on its main thread.

Everything here runs next to hostile code and may be tampered with; the judge believes none of it. It is only
there so that honest code can be called.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import mmap
import os
import pickle
import random
import signal
import socket
import sys
import types
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nbjudge.border.bounds import CannotCross, Tree
from nbjudge.border.encode import encode
from nbjudge.border.operations import OPERATIONS
from nbjudge.border.wire import Unsendable, WireError, receive, send


class Agent:
    """Holds the objects that stayed behind and acts on them when asked."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.objects: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}  # id(object) -> its number; objects keeps it alive
        self.files: list[int] = []  # that came with the request: the bytes of large arrays

    def answer(self, request: list[Any], files: Sequence[int] = ()) -> list[Any]:
        """Perform one request and return the reply: its nonce, a status, and a value or an exception."""
        nonce, verb, *rest = request
        self.files = list(files)
        try:
            with _quiet():
                value, after = getattr(self, f"do_{verb}")(*rest)
                tree = encode(value, self.ref)
            return [nonce, "ok", tree, after]
        except CannotCross as error:
            return [nonce, "cannot", str(error), None]
        except BaseException as error:
            return [nonce, "error", self.describe(error), None]
        finally:
            for file in files:
                os.close(file)

    def do_get(self, name: str) -> tuple[Any, Tree]:
        """The value bound to a name, in a list; an empty list when there is none."""
        return ([self.namespace[name]] if name in self.namespace else []), None

    def do_names(self) -> tuple[Any, Tree]:
        """All bound names."""
        return [name for name in self.namespace if isinstance(name, str)], None

    def do_bind(self, pickled: bytes) -> tuple[Any, Tree]:
        """Bind names to values that the judge sends."""
        self.namespace.update(self.load(pickled))
        return None, None

    def do_unbind(self, name: str) -> tuple[Any, Tree]:
        """Delete a name."""
        del self.namespace[name]
        return None, None

    def do_call(self, number: int, pickled: bytes, changes: bool) -> tuple[Any, Tree]:
        """Call an object; with ``changes`` the arguments are sent back as they are afterwards."""
        args, kwargs = self.load(pickled)
        value = self.objects[number](*args, **kwargs)
        return value, encode([args, kwargs], self.ref) if changes else None

    def do_operate(self, name: str, pickled: bytes) -> tuple[Any, Tree]:
        """Apply one of OPERATIONS."""
        return OPERATIONS[name](*self.load(pickled)), None

    def do_generator(self, kind: str, pickled: bytes) -> tuple[Any, Tree]:
        """Put a random generator into the state that the test cell's own has."""
        state = self.load(pickled)
        if kind == "random":
            random.setstate(state)
        elif kind == "numpy" and "numpy" in sys.modules:
            sys.modules["numpy"].random.set_state(state)
        elif kind == "torch" and "torch" in sys.modules:
            torch = sys.modules["torch"]
            torch.set_rng_state(torch.from_numpy(state.copy()))
        return None, None

    def do_file(self, name: str, content: bytes) -> tuple[Any, Tree]:
        """Write a file of the assignment into the working directory."""
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return None, None

    def load(self, pickled: bytes) -> Any:
        """Unpickle what the judge sent; its references become the objects themselves."""
        # Mapped as a copy of one's own, made only of the pages that are written to.
        arrays = [mmap.mmap(file, 0, access=mmap.ACCESS_COPY) for file in self.files]
        unpickler = pickle.Unpickler(io.BytesIO(pickled), buffers=arrays)
        unpickler.persistent_load = self.here  # type: ignore[method-assign]
        return unpickler.load()

    def here(self, which: int | str) -> Any:
        """The object of a number, or the class that a released cell has defined under a name."""
        return self.objects[which] if isinstance(which, int) else self.namespace[which]

    def number(self, value: Any) -> int:
        """The number of an object that stays here, the same one each time."""
        if id(value) not in self.numbers:
            self.numbers[id(value)] = len(self.objects) + 1
            self.objects[len(self.objects) + 1] = value
        return self.numbers[id(value)]

    def ref(self, value: Any) -> Tree:
        """What crosses in place of an object: its number, its kind and its class's name."""
        bases = self.bases(value) if _is_exception(value) else None
        # Only of what has one for sure: an object's own __getattr__ may answer with anything.
        name = value.__name__ if issubclass(type(value), _NAMED) else ""
        return ["ref", self.number(value), kind_of(value), type(value).__name__, str(name)[:100], bases]

    def bases(self, error: type) -> list[Any]:
        """An exception class's ancestors: builtin ones by name, others by number and name."""
        return [
            base.__name__ if base.__module__ == "builtins" else [self.number(base), base.__name__]
            for base in error.__mro__
        ]

    def describe(self, error: BaseException) -> list[Any]:
        """An exception as its class's bases and its message."""
        try:
            message = str(error)
        except BaseException:
            message = ""
        args: Tree = None
        attributes: Tree = None
        with contextlib.suppress(BaseException):
            given = list(error.args)
            if isinstance(error, OSError) and error.filename is not None:
                given.append(error.filename)
            plain = all(arg is None or type(arg) in (str, bytes, int, float, bool) for arg in given)
            if plain and len(given) <= 8 and len(repr(given)) < 4000:
                args = encode(given, self.ref)
        with contextlib.suppress(BaseException):
            attributes = encode({str(key): item for key, item in vars(error).items()}, self.ref)
        return [self.bases(type(error)), str.__str__(message)[:2000], args, attributes]


_NAMED = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType)


def _is_exception(value: Any) -> bool:
    return issubclass(type(value), type) and issubclass(value, BaseException)


def kind_of(value: Any) -> str:
    """One word for what sort of object stays behind."""
    # By the real type: a class can lie about its instances' __class__.
    kind = type(value)
    if issubclass(kind, types.ModuleType):
        return "module"
    if _is_exception(value):
        return "exception"
    if issubclass(kind, type):
        return "class"
    if callable(value):
        return "function" if kind is types.FunctionType else "callable"
    return "object"


def tensor_from_array(array: Any, dtype: str, shape: list[int], device: str, requires_grad: bool) -> Any:
    """Rebuild a tensor that the judge sent as an array of its bytes."""
    import torch

    kind = getattr(torch, dtype)
    own = array if array.flags.writeable else array.copy()
    flat = torch.from_numpy(own).view(kind) if array.size else torch.empty(0, dtype=kind)
    tensor = flat.reshape(shape).to(device)
    return tensor.requires_grad_(True) if requires_grad else tensor


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    # What a call prints would show hidden inputs to the student; SIGINT must reach the call and nothing else.
    out, err = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = io.StringIO()
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        sys.stdout, sys.stderr = out, err


def serve(sock: socket.socket, namespace: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
    """Answer the judge's requests on ``loop``, between the kernel's cells."""
    agent = Agent(namespace)

    def readable() -> None:
        try:
            files: list[int] = []
            request = receive(sock, files=files)
            reply = agent.answer(request, files)
            try:
                send(sock, reply)
            except Unsendable as error:
                send(sock, [reply[0], "cannot", str(error), None])
        except WireError:
            loop.remove_reader(sock)

    loop.add_reader(sock, readable)
