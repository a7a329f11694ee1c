import math

import pytest
import torch

from descent import animate_descent, plot_descents, plot_gradients
from descent.curves import LONGEST_ARROW

PATH = [0.75, -0.5, 0.25, -0.125]


def square(w):
    return w * w


def test_the_curve_is_that_of_the_loss_over_the_range():
    curve = plot_gradients(square, [1.0], (-2.0, 2.0)).data[0]
    assert (curve.x[0], curve.x[-1]) == (-2.0, 2.0)
    assert list(curve.y) == pytest.approx([w * w for w in curve.x])


def test_arrows_point_with_the_sign_of_the_gradient_and_are_as_long_as_it_is_large():
    weights = [-2.0, -1.0, 0.5, 1.5]
    figure = plot_gradients(square, torch.tensor(weights), (-5.0, 5.0))
    lengths = [arrow.x - arrow.ax for arrow in figure.layout.annotations]
    assert [length / (2 * w) for length, w in zip(lengths, weights, strict=True)] == pytest.approx(
        [LONGEST_ARROW * 10 / 4] * 4
    )
    assert [arrow.ax for arrow in figure.layout.annotations] == weights
    assert all(arrow.y == arrow.ay == arrow.ax**2 for arrow in figure.layout.annotations)
    assert all((arrow.xref, arrow.axref) == ("x", "x") for arrow in figure.layout.annotations)


def test_where_the_gradient_is_zero_there_is_no_arrow():
    figure = plot_gradients(square, [0.0], (-1.0, 1.0))
    assert not figure.layout.annotations
    assert list(figure.data[1].x) == [0.0]


def test_the_slider_begins_at_the_start_and_ends_at_the_last_iterate():
    figure = animate_descent(square, PATH)
    (slider,) = figure.layout.sliders
    frames = {frame.name: frame for frame in figure.frames}
    assert len(slider.steps) == len(frames) == len(PATH)
    first, last = (frames[step.args[0][0]] for step in (slider.steps[0], slider.steps[-1]))
    assert list(first.data[0].x) == PATH[:1]
    assert list(last.data[0].x) == PATH
    assert (first.data[1].x, last.data[1].x) == ((0.75,), (-0.125,))
    assert [step.label for step in slider.steps] == ["0", "1", "2", "3"]
    assert (slider.active or 0) == 0


def test_each_frame_shows_the_path_up_to_its_epoch_on_the_curve():
    for number, frame in enumerate(animate_descent(square, torch.tensor(PATH)).frames):
        passed, here = frame.data
        assert list(passed.x) == PATH[: number + 1]
        assert list(passed.y) == [w * w for w in PATH[: number + 1]]
        assert (here.x, here.y) == ((PATH[number],), (PATH[number] ** 2,))
        assert list(frame.traces) == [1, 2]


def test_before_anything_moves_the_start_is_shown():
    figure = animate_descent(square, PATH)
    assert list(figure.data[1].x) == list(figure.data[2].x) == PATH[:1]


def test_it_can_be_played_and_paused():
    play, pause = animate_descent(square, PATH).layout.updatemenus[0].buttons
    assert play.args[0] is None
    assert list(pause.args[0]) == [None]


def test_without_a_range_the_curve_is_a_little_wider_than_the_path():
    low, high = animate_descent(square, PATH).layout.xaxis.range
    assert -1 < low < -0.5
    assert 0.75 < high < 1
    low, high = animate_descent(square, [2.0]).layout.xaxis.range
    assert low < 2 < high


def test_paths_stand_side_by_side_on_the_same_axes():
    figure = plot_descents(square, {"bounces": [0.75, -0.75], "creeps": [0.75, 0.74]}, (-1.0, 1.0))
    assert [note.text for note in figure.layout.annotations] == ["bounces", "creeps"]
    assert [list(trace.x) for trace in figure.data[1::3]] == [[0.75, -0.75], [0.75, 0.74]]
    assert [list(trace.x) for trace in figure.data[2::3]] == [[-0.75], [0.74]]
    assert [trace.xaxis for trace in figure.data[::3]] == ["x", "x2"]
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range == (-1.0, 1.0)
    assert figure.layout.yaxis2.matches == "y"


def test_axes_are_named_and_heights_fit_a_laptop():
    for figure in (
        plot_gradients(square, [1.0], (-1.0, 1.0), xaxis="x", yaxis="x²"),
        animate_descent(square, PATH, xaxis="x", yaxis="x²"),
        plot_descents(square, {"a": PATH, "b": PATH}, xaxis="x", yaxis="x²"),
    ):
        assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("x", "x²")
        assert figure.layout.title.text
        assert figure.layout.height <= 520


def test_a_path_that_diverged_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match=r"the path holds some\. Did it diverge\?"):
        animate_descent(square, [1.0, math.inf])
    with pytest.raises(ValueError, match="'far' holds some"):
        plot_descents(square, {"far": [1.0, math.nan]})


def test_nothing_to_plot_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="the path is empty"):
        animate_descent(square, [])
    with pytest.raises(ValueError, match="There are no paths"):
        plot_descents(square, {})
    with pytest.raises(ValueError, match="weights is empty"):
        plot_gradients(square, [], (0.0, 1.0))
    with pytest.raises(ValueError, match=r"range \(1.0, 1.0\) is empty"):
        plot_gradients(square, [1.0], (1.0, 1.0))
