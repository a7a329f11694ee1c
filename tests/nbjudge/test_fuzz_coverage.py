"""Atheris looks for inputs that crash the judge's reading side, led by which lines they reach."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.notebooks import STARTS, encoded
from fuzz.replies import framed, packed
from test_fuzz_border import MESSAGES

HERE = Path(__file__).parent
RUNS = 10_000


def fuzz(target: str, corpus: Path, seeds: list[bytes]) -> subprocess.CompletedProcess[str]:
    """A run of the fuzzer in a process of its own; crashing inputs are left in the corpus' parent."""
    pytest.importorskip("atheris", reason="atheris has no wheel for this system")
    corpus.mkdir()
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    command = [sys.executable, "-m", "fuzz.coverage", target, str(RUNS), str(corpus)]
    environment = {"PYTHONPATH": str(HERE), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        command, cwd=corpus.parent, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.mark.slow
def test_no_reply_crashes_the_judge(tmp_path: Path) -> None:
    seeds = [bytes([number % 9, number % 5]) + packed(message)[11:] for number, message in enumerate(MESSAGES)]
    seeds += [bytes([number % 9, 0]) + framed(packed(message)) for number, message in enumerate(MESSAGES[::7])]
    done = fuzz("replies", tmp_path / "corpus", seeds)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "stat::number_of_executed_units: " in done.stderr


@pytest.mark.slow
def test_no_notebook_crashes_the_reader(tmp_path: Path) -> None:
    done = fuzz("notebooks", tmp_path / "corpus", [encoded(start) for start in STARTS])
    assert done.returncode == 0, done.stderr[-3000:]
    assert "stat::number_of_executed_units: " in done.stderr


@pytest.mark.slow
def test_a_crash_would_be_found(tmp_path: Path) -> None:
    done = fuzz("crash", tmp_path / "corpus", [b"?"])
    assert done.returncode != 0
    assert "KeyError" in done.stderr + done.stdout
