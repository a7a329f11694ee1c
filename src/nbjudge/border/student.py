"""The student's side as the judge sees it: requests that go out, plain data and handles that come back."""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbjudge.border.bounds import CannotCross
from nbjudge.border.copyback import copy_back
from nbjudge.border.decode import decode
from nbjudge.border.handle import Handle
from nbjudge.border.outgoing import pickled
from nbjudge.border.raised import Raised
from nbjudge.border.wire import Unsendable, WireError, WireTimeout, receive, send

MAX_REQUESTS = 200_000
MAX_HANDLES = 500_000  # in one process of a student's
GRACE = 2.0  # seconds an interrupted call has to come back


class Unreachable(BaseException):
    """The student's side broke the protocol, died or ran out of time: no reply that could be judged.

    Not an Exception, so that a test cell's ``except Exception`` cannot take it for the student's error.
    """


class Refusal(TypeError):
    """A test would have compared or computed with an object that only the student's side can see."""


@dataclass
class Student:
    """A connection to the agent in the student's kernel.

    ``call_seconds`` bounds each request; ``late`` notes that one ran out of it. After ``fault`` is set, nothing
    that this side says counts any more. ``classes`` are the judge's copies of classes that released cells define,
    by id, with their names: each means the student's copy when it crosses. ``complaints`` are reasons why the test
    cell being judged cannot pass, whatever its code makes of them. ``transcript`` holds what came back from calls
    and operations, in order; ``received`` every value that crossed, so that a test can tell its own numbers from
    the student's.
    """

    sock: socket.socket
    interrupt: Callable[[], None]
    call_seconds: float = 30.0
    fault: str = ""
    late: bool = False
    complaints: list[str] = field(default_factory=list)
    transcript: list[Any] = field(default_factory=list)
    received: list[Any] = field(default_factory=list)
    changes: bool = False
    classes: dict[int, tuple[type, str]] = field(default_factory=dict)
    before_call: Callable[[], None] | None = None
    deadline: float = float("inf")  # of the test cell that is being judged, in time.monotonic() seconds
    _handles: dict[int, Handle] = field(default_factory=dict)
    raised: Raised = field(default_factory=Raised)
    _requests: int = 0

    def reconnect(self, sock: socket.socket, interrupt: Callable[[], None]) -> None:
        """Go on with a fresh process; handles of the old one are dead from now on."""
        self.sock, self.interrupt, self.fault = sock, interrupt, ""
        self._handles.clear()
        self.raised.clear()

    def get(self, name: str) -> list[Any]:
        """The value of a name, in a list; an empty list when the name is unbound."""
        found = self._ask("get", name)
        if type(found) is not list or len(found) > 1:
            self._fail("the submission's process sent a malformed reply")
        return list(found)

    def names(self) -> list[str]:
        """The names bound on the student's side."""
        found = self._ask("names")
        if type(found) is not list or not all(type(name) is str for name in found):
            self._fail("the submission's process sent a malformed reply")
        return list(found)

    def bind(self, values: dict[str, Any]) -> None:
        """Bind names on the student's side to values made here (or to handles)."""
        with pickled(self, values) as (content, files):
            self._exchange("bind", content, files=files)

    def unbind(self, name: str) -> None:
        """Delete a name; NameError when it is unbound."""
        try:
            self._ask("unbind", name)
        except KeyError:
            raise NameError(f"name {name!r} is not defined") from None

    def call(self, handle: Handle, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call an object of the student's with copies of the arguments."""
        if self.before_call is not None:
            self.before_call()
        with pickled(self, (args, kwargs)) as (content, files):
            value, after = self._exchange("call", self.check(handle), content, self.changes, files=files)
        if self.changes:
            copy_back([args, kwargs], after)
        self.transcript.append(value)
        return value

    def operate(self, operation: str, *operands: Any) -> Any:
        """Apply one of the agent's operations to objects of the student's."""
        with pickled(self, operands) as (content, files):
            value, _ = self._exchange("operate", operation, content, files=files)
        self.transcript.append(value)
        return value

    def set_generator(self, kind: str, state: bytes) -> None:
        """Put a random generator ("random", "numpy" or "torch") into a pickled state."""
        self._ask("generator", kind, state)

    def put_file(self, name: str, content: bytes) -> None:
        """Write a file into the student's working directory."""
        self._ask("file", name, content)

    def check(self, handle: Handle) -> int:
        """The number of a handle that is still alive; Unreachable for one of an ended process."""
        if self._handles.get(handle._number) is not handle:
            self.complaints.append("an object of the submission's was lost when its process ended")
            raise Unreachable(self.complaints[-1])
        return int(handle._number)

    def refuse(self, why: str) -> Refusal:
        """Note that a test cannot be decided, whatever its cell does with the exception."""
        self.complaints.append(why)
        return Refusal(why)

    def _ask(self, verb: str, *rest: Any) -> Any:
        return self._exchange(verb, *rest)[0]

    def _exchange(self, verb: str, *rest: Any, files: Sequence[int] = ()) -> tuple[Any, Any]:
        if self.fault:
            raise Unreachable(self.fault)
        self._requests += 1
        if self._requests > MAX_REQUESTS:
            self._fail("the test asked the submission too many questions")
        nonce = secrets.token_bytes(8)
        reply = self._reply([nonce, verb, *rest], files)
        if type(reply) is not list or len(reply) != 4 or reply[0] != nonce:
            self._fail("the submission's process sent a reply that nobody asked for")
        _, status, tree, after = reply
        if status not in ("ok", "error", "cannot"):
            self._fail("the submission's process sent a malformed reply")
        if status == "cannot":
            raise self.refuse("the result is too large, nested too deeply, or not plain data")
        try:
            if status == "error":
                error = self.raised.error(tree, self._deref)
            else:
                value = decode(tree, self._deref)
                # Only a test that says so lets a call change its arguments.
                after = decode(after, self._deref) if verb == "call" and self.changes else None
        except CannotCross as reason:
            raise self.refuse("the result is of a kind that cannot be judged") from reason
        if status == "error":
            self.transcript.append([type(error).__name__, str(error)])
            raise error
        self.received.extend(value if verb == "get" and type(value) is list else [value])
        return value, after

    def _reply(self, request: list[Any], files: Sequence[int]) -> Any:
        limit = min(time.monotonic() + self.call_seconds, self.deadline)
        try:
            send(self.sock, request, limit, files)
            return receive(self.sock, limit)
        except Unsendable:
            raise self.refuse("what the test passes is too large to be sent") from None
        except WireTimeout:
            self.late = True
            try:
                self.interrupt()
                receive(self.sock, time.monotonic() + GRACE)
            except (WireTimeout, WireError, OSError):
                self._fail("the submission's code did not come back in time and could not be interrupted")
            self.complaints.append("the submission's code did not come back in time")
            raise Unreachable(self.complaints[-1]) from None
        except WireError:
            self._fail("the submission's process ended or broke its connection")

    def _fail(self, why: str) -> Any:
        self.fault = why
        raise Unreachable(why)

    def _deref(self, node: list[Any]) -> Any:
        _, number, kind, class_name, name, bases = node
        if type(number) is not int or not all(type(text) is str for text in (kind, class_name, name)):
            raise CannotCross("the reply is malformed")
        if kind == "module":
            raise CannotCross(f"{name[:100]} is a module")
        if kind == "exception":
            return self.raised.kind(bases)
        if number not in self._handles:
            if len(self._handles) >= MAX_HANDLES or not 0 < number < 2**60:
                raise CannotCross("the reply holds too many objects")
            self._handles[number] = Handle(self, number, kind, class_name[:100], name[:100])
        return self._handles[number]
