"""One open sandbox and pool, and one published tiny course, for all tests of a session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny import ASSIGNMENT, write_course

from nbjudge.master.course import Course
from nbjudge.pool.bench import Bench
from nbjudge.pool.pool import Pool
from nbjudge.pool.usual import USUAL
from nbjudge.publish.release import build_release, publish
from nbjudge.sandbox.sandbox import Sandbox


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with Pool(2, USUAL) as pool, Sandbox(USUAL) as sandbox:
        yield Bench(sandbox, pool)


@pytest.fixture(scope="session")
def published_tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course, published without its gate; tests work on copies."""
    root = write_course(tmp_path_factory.mktemp("tiny") / "course")
    found = Course.find(root)
    publish(found, build_release(found, ASSIGNMENT, root.parent / "staging"))
    return root


@pytest.fixture
def tiny(published_tiny: Path, tmp_path: Path) -> Path:
    """A copy of the published tiny course."""
    return Path(shutil.copytree(published_tiny, tmp_path / "course"))
