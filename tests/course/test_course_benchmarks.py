"""The course's benchmarks measure what they say: the same training, and the masters' own solutions."""

import subprocess
import sys

import pytest
import torch
from cells import ROOT

FOLDER = ROOT / "benchmarks" / "course"


@pytest.fixture
def benchmarks(monkeypatch):
    """Lets the benchmarks' modules be imported by their short names."""
    monkeypatch.syspath_prepend(str(FOLDER))
    yield
    for name in ("digits", "finder", "landscapes", "notebook", "sweep", "timing"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("benchmarks")
def test_the_batch_trains_what_the_loop_trains():
    import sweep

    rates = torch.tensor([0.001, 0.05, 0.1, 0.5])
    loop, batch = sweep.one_by_one(rates, 40), sweep.batched(rates, 40, torch.device("cpu"))
    assert loop.shape == batch.shape == (4, 40)
    assert torch.allclose(loop, batch, rtol=1e-4, atol=1e-6)
    assert loop[:, -1].max() - loop[:, -1].min() > 0.05


@pytest.mark.usefixtures("benchmarks")
def test_all_ways_to_train_on_the_digits_reach_98_percent():
    import digits

    for way in digits.ways().values():
        assert float(way().split()[-2]) > 98


@pytest.mark.usefixtures("benchmarks")
def test_a_solution_that_is_not_there_is_named():
    from notebook import solution

    with pytest.raises(LookupError, match="has no cell no_such_cell"):
        solution("logistic-regression", "train", "no_such_cell")


@pytest.mark.usefixtures("benchmarks")
def test_speeds_are_relative_to_the_first_way():
    from timing import compare

    rows = compare("nothing", {"first": lambda: "a", "second": lambda: "b"}, runs=3)
    assert [row.outcome for row in rows] == ["a", "b"]
    assert rows[0].speed == 1.0
    assert rows[1].speed > 0


@pytest.mark.slow
def test_the_table_has_a_row_for_each_way():
    command = [sys.executable, FOLDER, "--runs", "1", "--epochs", "3"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for way in ("one by one", "batched", "SGDClassifier", "NumPy", "the solution", "plot_surface", "animate_path"):
        assert way in out
    assert "load of the machine" in out
