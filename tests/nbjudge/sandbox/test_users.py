"""A user's files in the folders that all share, where others' come and go."""

import os
import threading
from contextlib import contextmanager

import pytest

from nbjudge.sandbox import users

NOBODY = 54_321  # owns nothing here
MIB = 1 << 20


@pytest.fixture
def shared(tmp_path, monkeypatch):
    places = [tmp_path / "one", tmp_path / "two"]
    for place in places:
        place.mkdir()
    monkeypatch.setattr(users, "SHARED", (*map(str, places), str(tmp_path / "not there")))
    return places


@contextmanager
def coming_and_going(place):
    """Somebody makes and removes files all the time."""
    over = threading.Event()

    def work():
        while not over.is_set():
            paths = [place / f"other-{number}" for number in range(20)]
            for path in paths:
                path.touch()
            for path in paths:
                path.unlink()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join()


def test_others_files_that_vanish_meanwhile_stop_neither_counting_nor_removing(shared):
    with coming_and_going(shared[0]):
        for _ in range(300):
            assert users.stored(NOBODY, MIB) == 0
            users.remove_files(NOBODY)


def test_all_that_a_user_left_is_removed_and_nothing_else(shared, tmp_path):
    (shared[0] / "deep" / "deeper").mkdir(parents=True)
    (shared[0] / "deep" / "deeper" / "file").touch()
    (shared[1] / "-rf").touch()
    (shared[1] / "link").symlink_to(tmp_path / "mine")
    (tmp_path / "mine").touch()
    users.remove_files(NOBODY)
    assert len([*shared[0].iterdir(), *shared[1].iterdir()]) == 3
    users.remove_files(os.getuid())
    assert not [*shared[0].iterdir(), *shared[1].iterdir()]
    assert (tmp_path / "mine").exists()


def test_what_a_user_stores_is_counted_in_every_shared_folder(shared):
    (shared[0] / "folder").mkdir()
    (shared[0] / "folder" / "file").write_bytes(b"x" * MIB)
    (shared[1] / "file").write_bytes(b"x" * MIB)
    assert 2 * MIB <= users.stored(os.getuid(), 10 * MIB) < 2.1 * MIB
    assert MIB <= users.stored(os.getuid(), MIB // 2) < 1.1 * MIB
