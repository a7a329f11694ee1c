import math

import pytest
import torch

from descent import blobs, plot_fit, plot_points, proportional_data


def test_the_data_are_points_and_each_line_has_its_slope_and_intercept():
    x, y = proportional_data()
    figure = plot_fit(x, y, {"through zero": 2.0, "above": (0.5, 3.0)})
    through, above, data = figure.data
    assert list(data.x) == x.tolist()
    assert list(data.y) == y.tolist()
    assert list(through.y) == [2 * end for end in through.x]
    assert list(above.y) == [0.5 * end + 3 for end in above.x]
    assert through.x[0] == 0
    assert through.x[1] > 9.1
    assert [trace.name for trace in figure.data] == ["through zero", "above", "data"]


def test_a_line_may_be_a_tensor_that_wants_a_gradient():
    slope = torch.tensor(2.0, requires_grad=True)
    assert plot_fit([1.0], [2.0], {"fit": slope}).data[0].y[0] == 0


def test_lines_differ_in_colour_and_in_dash():
    lines = plot_fit([1.0], [2.0], {"a": 1, "b": 2, "c": 3}).data[:3]
    assert len({line.line.color for line in lines}) == len({line.line.dash for line in lines}) == 3


def test_points_need_both_coordinates_and_finite_ones():
    with pytest.raises(ValueError, match="x has 2 entries and y has 1"):
        plot_fit([1.0, 2.0], [1.0], {})
    with pytest.raises(ValueError, match="y holds some"):
        plot_fit([1.0], [math.nan], {})
    with pytest.raises(ValueError, match="x is empty"):
        plot_fit([], [], {})


def test_each_label_has_its_points_a_colour_and_a_symbol():
    X, t = blobs(points=7)
    figure = plot_points(X, t, names=["left", "right"])
    for number, trace in enumerate(figure.data):
        assert list(trace.x) == X[t == number][:, 0].tolist()
        assert list(trace.y) == X[t == number][:, 1].tolist()
    assert [trace.name for trace in figure.data] == ["left", "right"]
    assert [trace.name for trace in plot_points(X, t).data] == ["0", "1"]
    assert len({trace.marker.color for trace in figure.data}) == 2
    assert len({trace.marker.symbol for trace in figure.data}) == 2


def test_labelled_points_are_drawn_to_one_scale_and_named():
    figure = plot_points(*blobs(points=3), title="Blobs")
    assert figure.layout.yaxis.scaleanchor == "x"
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("x₁", "x₂")
    assert figure.layout.title.text == "Blobs"
    assert figure.layout.height <= 520


def test_points_of_another_shape_and_missing_names_are_refused():
    X, t = blobs(points=3)
    with pytest.raises(ValueError, match=r"not \(6, 2\) and 5"):
        plot_points(X, t[:5])
    with pytest.raises(ValueError, match=r"not \(2, 6\) and 6"):
        plot_points(X.T, t)
    with pytest.raises(ValueError, match="2 labels need 2 names, not 1"):
        plot_points(X, t, names=["left"])
