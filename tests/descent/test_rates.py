import math

import pytest
import torch

from descent.rates import plot_loss_by_rate, plot_smoothed_losses

RATES = [0.001, 0.01, 0.1, 1.0]
LOSSES = [9.0, 5.0, 3.0, 8.0]


def traces(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_the_losses_are_drawn_by_rate_and_by_exponent():
    left, right = traces(plot_loss_by_rate(RATES, torch.tensor(LOSSES)), "one step")
    assert list(left.x) == RATES
    assert list(right.x) == pytest.approx([-3, -2, -1, 0])
    assert list(left.y) == list(right.y) == LOSSES


def test_the_axes_say_what_they_show():
    layout = plot_loss_by_rate(RATES, LOSSES).layout
    assert layout.xaxis.title.text == "learning rate"
    assert "log10" in layout.xaxis2.title.text
    assert layout.yaxis.title.text == "loss"


def test_the_smoothed_losses_are_a_line_in_both_panels():
    lines = traces(plot_loss_by_rate(RATES, LOSSES, smoothed=[7.0, 6.0, 4.0, 5.0]), "smoothed")
    assert [list(line.y) for line in lines] == [[7.0, 6.0, 4.0, 5.0]] * 2


def test_each_name_stands_once_in_the_legend():
    figure = plot_loss_by_rate(RATES, LOSSES, smoothed=LOSSES)
    shown = [trace.name for trace in figure.data if trace.showlegend is not False]
    assert sorted(shown) == ["one step", "smoothed"]


def test_the_picked_rate_is_marked_in_both_panels():
    figure = plot_loss_by_rate(RATES, LOSSES, picked=0.01)
    assert [shape.x0 for shape in figure.layout.shapes] == pytest.approx([0.01, -2.0])
    assert [note.text for note in figure.layout.annotations] == ["0.01", "-2.00"]


def test_one_loss_is_needed_for_each_rate():
    with pytest.raises(ValueError, match="4 rates need 4 losses, not 3"):
        plot_loss_by_rate(RATES, LOSSES[:3])


@pytest.mark.parametrize("rate", [0.0, -0.1, math.nan])
def test_rates_without_a_logarithm_are_refused(rate):
    with pytest.raises(ValueError, match="above 0"):
        plot_loss_by_rate([rate], [1.0])


def test_a_mean_stands_at_the_last_step_of_its_window():
    figure = plot_smoothed_losses({"a": [0.5, 0.4, 0.3]}, window=1000)
    assert list(figure.data[0].x) == [1000, 2000, 3000]
    assert list(figure.data[0].y) == [0.5, 0.4, 0.3]


def test_curves_differ_in_more_than_their_colour():
    first, second = plot_smoothed_losses({"a": [0.5], "b": [0.4]}, window=10).data
    assert first.line.dash != second.line.dash
    assert first.marker.symbol != second.marker.symbol


def test_the_drop_is_marked():
    figure = plot_smoothed_losses({"a": [0.5, 0.4]}, window=1000, drop=1500)
    assert [shape.x0 for shape in figure.layout.shapes] == [1500]
    assert figure.layout.annotations[0].text == "the rate drops"


@pytest.mark.parametrize("figure", [plot_loss_by_rate(RATES, LOSSES), plot_smoothed_losses({"a": [1.0]}, 10)])
def test_figures_fit_a_laptop(figure):
    assert figure.layout.height <= 520
