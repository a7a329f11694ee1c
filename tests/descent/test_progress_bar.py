import io

import pytest

from descent.progress_bar import is_live, progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by a second each time it is read."""
    seconds = iter(range(10_000))
    monkeypatch.setattr("time.monotonic", lambda: next(seconds))


def test_the_items_come_unchanged_and_in_order():
    assert list(progress([3, 1, 2], "items", io.StringIO())) == [3, 1, 2]


def test_its_length_is_that_of_the_items():
    assert len(progress(range(7), "items", io.StringIO())) == 7


def test_it_can_be_gone_through_twice():
    items = progress([1, 2], "items", io.StringIO())
    assert list(items) == list(items) == [1, 2]


@pytest.mark.usefixtures("clock")
def test_in_a_terminal_one_line_is_drawn_over_itself():
    out = Terminal()
    list(progress(range(4), "training", out))
    drawn = out.getvalue()
    assert drawn.count("\n") == 1
    assert drawn.endswith("\n")
    lines = drawn.rstrip("\n").split("\r")[1:]
    assert [line.split("%")[0].split()[-1] for line in lines] == ["25", "50", "75", "100"]
    assert all(line.startswith("training ") for line in lines)
    assert len({len(line) for line in lines[1:]}) == 1


@pytest.mark.usefixtures("clock")
def test_in_a_log_there_is_a_line_every_ten_seconds_and_at_the_end():
    out = io.StringIO()
    list(progress(range(35), "training", out))
    lines = out.getvalue().splitlines()
    assert "\r" not in out.getvalue()
    assert 3 <= len(lines) <= 4
    assert "100%" in lines[-1]


def test_a_fast_loop_prints_one_line():
    out = io.StringIO()
    list(progress(range(100), "training", out))
    assert len(out.getvalue().splitlines()) == 1
    assert "100 of 100" in out.getvalue()


@pytest.mark.usefixtures("clock")
def test_the_time_left_is_judged_by_the_items_done():
    out = Terminal()
    list(progress(range(4), "training", out))
    first = out.getvalue().split("\r")[1]
    assert "1 of 4, about 6 s left" in first  # the second look at the clock in a loop is 2 s after the start


def test_a_loop_that_is_left_says_how_far_it_came():
    out = io.StringIO()
    for item in progress(range(10), "training", out):
        if item == 4:
            break
    assert "5 of 10" in out.getvalue()


def test_a_zip_that_ends_with_its_other_part_has_all():
    out = io.StringIO()
    for _ in zip(range(10), progress(range(10), "training", out), strict=False):
        pass
    assert "10 of 10" in out.getvalue()


def test_nothing_to_do_is_all_done():
    out = io.StringIO()
    assert list(progress([], "training", out)) == []
    assert "100%" in out.getvalue()


def test_a_generator_is_refused_because_its_end_is_unknown():
    with pytest.raises(TypeError, match="make a list of this generator"):
        progress((i for i in range(3)), "training")


def test_it_prints_to_the_standard_output(capsys):
    list(progress(range(3), "training"))
    assert "training" in capsys.readouterr().out


def test_a_notebooks_output_is_drawn_over():
    class OutStream(io.StringIO):
        __module__ = "ipykernel.iostream"

    assert is_live(OutStream())
    assert not is_live(io.StringIO())
