"""A large class takes no more memory than a small one.

NBJUDGE_CLASS says how many submissions there are (default 200). With NBJUDGE_REAL_CLASS as many go through sandbox and
workers, whose memory is then looked at too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("flat_memory.py")
CASES = [("light", os.environ.get("NBJUDGE_CLASS", "200"))]
CASES += [("real", count) for count in os.environ.get("NBJUDGE_REAL_CLASS", "").split()]
GROWTH = 6.0  # MB from a quarter of the class to its end; in a large one the allocator has settled by then


@pytest.mark.slow
@pytest.mark.timeout(24 * 3600)
@pytest.mark.parametrize(("kind", "count"), CASES)
def test_memory_does_not_grow_with_the_class(kind: str, count: str, tiny: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), str(tiny), str(tmp_path), count, kind]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr
    *table, last = done.stdout.splitlines()
    print("\n".join(table))
    held = json.loads(last)
    assert held.keys() == ({"grader"} if kind == "light" else {"grader", "warm", "zygote"})
    for name, sizes in held.items():
        assert len(sizes) >= 20, sizes
        assert sizes[-1] - sizes[5] < GROWTH, f"{name}: {sizes}"
