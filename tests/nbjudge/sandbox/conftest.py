"""One sandbox for all tests that need only an open one: to start it takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nbjudge.sandbox.sandbox import Sandbox

PRELOAD = ("json", "no_such_module", "fractions", "numpy", "plotly.graph_objects")


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBJUDGE_TEST_SECRET", "hidden")
        with Sandbox(PRELOAD) as opened:
            yield opened
