"""nbgrader autogrades by a bench that is open already, as it does from the second submission on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from nbjudge.plugin import press
from nbjudge.pool.bench import Bench


@pytest.fixture(scope="module")
def desk(bench: Bench) -> Iterator[None]:
    """Let the plug-in find the session's bench where it would open one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", "")  # nbgrader_config.py adds to it
        patch.setattr(press, "open_bench", lambda *_: nullcontext(bench))
        patch.setattr(press, "_desks", {})
        yield
        for _, kept in press._desks.values():
            kept.close()
