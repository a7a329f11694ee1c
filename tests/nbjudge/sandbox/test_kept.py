"""Something slow to open is opened once for many uses, and closed when nobody needs it."""

import threading
from contextlib import contextmanager

import pytest

from nbjudge.sandbox.kept import Kept

LONG = 3600.0
PATIENCE = 20.0


class Thing:
    """Counts what is opened and closed, and by which thread."""

    def __init__(self):
        self.opened, self.closed, self.threads = 0, threading.Semaphore(0), set()

    @contextmanager
    def open(self):
        self.opened += 1
        self.threads.add(threading.current_thread())
        try:
            yield self.opened
        finally:
            self.threads.add(threading.current_thread())
            self.closed.release()


@pytest.fixture
def thing():
    return Thing()


def test_it_is_opened_at_the_first_use_and_kept_for_the_next(thing):
    kept = Kept(thing.open, LONG)
    assert thing.opened == 0
    for _ in range(3):
        with kept.use() as number:
            assert number == 1
    assert not thing.closed.acquire(blocking=False)
    kept.close()
    assert thing.closed.acquire(blocking=False)


def test_unused_it_is_closed_and_the_next_use_opens_it_again(thing):
    kept = Kept(thing.open, 0.0)
    for number in (1, 2):
        with kept.use() as found:
            assert found == number
        assert thing.closed.acquire(timeout=PATIENCE)
    kept.close()


def test_one_thread_of_its_own_opens_and_closes_it(thing):
    kept = Kept(thing.open, LONG)
    with kept.use():
        pass
    kept.close()
    assert len(thing.threads) == 1
    assert threading.current_thread() not in thing.threads


def test_closing_waits_for_those_who_use_it(thing):
    kept = Kept(thing.open, 0.0)
    with kept.use():
        closer = threading.Thread(target=kept.close)
        closer.start()
        closer.join(0.2)
        assert closer.is_alive()
        assert not thing.closed.acquire(blocking=False)
    closer.join(PATIENCE)
    assert thing.closed.acquire(timeout=PATIENCE)


def test_many_threads_at_once_share_one(thing):
    kept, together, found = Kept(thing.open, LONG), threading.Barrier(8), []

    def work():
        together.wait(PATIENCE)
        with kept.use() as number:
            found.append(number)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    kept.close()
    assert found == [1] * 8


def test_whoever_asks_is_told_why_it_cannot_be_opened_and_may_ask_again():
    trouble = ["no sandbox", "still none"]

    @contextmanager
    def opening():
        if trouble:
            raise OSError(trouble.pop(0))
        yield "open"

    kept = Kept(opening, LONG)
    for what in ("no sandbox", "still none"):
        with pytest.raises(OSError, match=what), kept.use():
            pass
    with kept.use() as found:
        assert found == "open"
    kept.close()


def test_an_error_of_its_user_does_not_close_it(thing):
    kept = Kept(thing.open, LONG)
    with pytest.raises(ValueError, match="mine"), kept.use():
        raise ValueError("mine")
    with kept.use() as number:
        assert number == 1
    kept.close()
