"""A child process in which hostile input is tried: it may neither crash, hang nor take much memory."""

from __future__ import annotations

import os
import pickle
import resource
import signal
from collections.abc import Callable, Iterable
from typing import Any

MIB = 2**20


class Late(BaseException):
    """It took too long; no handler of Exception may swallow that."""


def tried(judge: Callable[[Any], str], inputs: Iterable[Any], seconds: float = 5.0) -> tuple[dict[str, int], float]:
    """How often ``judge`` gave each answer, and by how many MiB the process grew at its largest.

    Raises AssertionError naming the first input for which it raised, hung for ``seconds``, or died.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reader)
            with os.fdopen(writer, "wb") as pipe:
                pickle.dump(_try_all(judge, inputs, seconds), pipe)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    os.waitpid(pid, 0)
    assert data, "the process died"
    failure, counts, grown = pickle.loads(data)
    assert not failure, failure
    return counts, grown


def _try_all(judge: Callable[[Any], str], inputs: Iterable[Any], seconds: float) -> tuple[str, dict[str, int], float]:
    def late(*_: object) -> None:
        raise Late

    counts: dict[str, int] = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    signal.signal(signal.SIGALRM, late)
    for number, one in enumerate(inputs):
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            answer = judge(one)
        except BaseException as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            return f"input {number}: {type(error).__name__}: {str(error)[:500]}; input: {one!r:.2000}", counts, 0
        counts[answer] = counts.get(answer, 0) + 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / MIB
    return "", counts, grown
