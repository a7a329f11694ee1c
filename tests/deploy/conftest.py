"""A class on JupyterHub for tests: the very one that `make hub` starts."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "deploy" / "jupyterhub"), str(ROOT / "tests" / "nbjudge")]

from hub import CannotRun, Hub, missing  # noqa: E402


@pytest.fixture(scope="module")
def start_hub():
    """Start a class that ends with the module. On a laptop it may be impossible; in CI it has to work."""
    running = []

    def start(**options):
        says = missing()
        if says and not os.environ.get("CI"):
            pytest.skip(says)
        try:
            hub = Hub(**options).__enter__()
        except CannotRun as error:
            pytest.fail(str(error), pytrace=False)
        running.append(hub)
        return hub

    yield start
    for hub in running:
        hub.close()
