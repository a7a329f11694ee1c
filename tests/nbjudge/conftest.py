"""One open sandbox and pool for all tests of a session that judge for real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nbjudge.bench import PRELOAD, Bench
from nbjudge.pool import Pool
from nbjudge.sandbox import Sandbox


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with Pool(2, PRELOAD) as pool, Sandbox(PRELOAD) as sandbox:
        yield Bench(sandbox, pool)
