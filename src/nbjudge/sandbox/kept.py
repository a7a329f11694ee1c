"""Something that takes seconds to open, kept open between its uses."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Opens a context manager at its first use and closes it when nobody has used it for ``idle`` seconds.

    A thread of its own does both, because bubblewrap dies with the thread that started it; any thread may use it.
    It is closed when the program ends.
    """

    def __init__(self, opening: Callable[[], AbstractContextManager[T]], idle: float) -> None:
        self._opening, self._idle = opening, idle
        self._changed = threading.Condition()
        self._opened: Future[T] | None = None
        self._users = 0
        self._wanted_until = 0.0  # in time.monotonic()
        self._closing = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def use(self) -> Iterator[T]:
        """What is kept, open as long as the block runs. Raises what opening it raises."""
        thing = self.take()
        try:
            yield thing
        finally:
            self.give_back()

    def take(self) -> T:
        """What is kept, open until it is given back. Raises what opening it raises."""
        with self._changed:
            self._users += 1
            if self._opened is None:
                self._opened, self._closing = Future(), False
                self._thread = threading.Thread(target=self._keep, args=(self._opened,), daemon=True)
                self._thread.start()
            opened = self._opened
        try:
            return opened.result()
        except BaseException:
            self.give_back()
            raise

    def give_back(self) -> None:
        """Say that one who took it needs it no longer."""
        with self._changed:
            self._users -= 1
            self._wanted_until = time.monotonic() + self._idle
            self._changed.notify_all()

    def close(self) -> None:
        """Close it as soon as nobody uses it, and wait for that; the next use opens it again."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _keep(self, opened: Future[T]) -> None:
        atexit.register(self._end)
        try:
            with self._opening() as thing:
                opened.set_result(thing)
                self._wait()
        except BaseException as error:
            with self._changed:
                self._opened = None
            if opened.done():
                raise
            opened.set_exception(error)
        finally:
            atexit.unregister(self._end)

    def _wait(self) -> None:
        """Return when it is to be closed; whoever comes after that opens a new one."""
        with self._changed:
            while self._users or not self._closing:
                left = None if self._users else self._wanted_until - time.monotonic()
                if left is not None and left <= 0:
                    break
                self._changed.wait(left)
            self._opened = None

    def _end(self) -> None:
        """The program ends: nobody can use it any more."""
        with self._changed:
            self._users = 0
        self.close()
