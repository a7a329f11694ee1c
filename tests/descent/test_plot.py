import math

import numpy as np
import pytest
import torch

from descent import OnesAndSevens, plot_images, plot_losses, plot_weights

CURVES = {
    "train, batch 500": [0.12, 0.07, 0.05],
    "test, batch 500": [0.11, 0.08, 0.06],
    "train, batch 13,007": [0.7, 0.5, 0.4],
    "test, batch 13,007": [0.5, 0.4, 0.3],
}


def sheet(figure):
    """The pixels of an image figure."""
    return np.asarray(figure.data[0].z, dtype=float)


def test_each_curve_is_drawn_from_epoch_one_on():
    figure = plot_losses(CURVES)
    assert [trace.name for trace in figure.data] == list(CURVES)
    for trace, values in zip(figure.data, CURVES.values(), strict=True):
        assert list(trace.x) == [1, 2, 3]
        assert list(trace.y) == values


def test_train_and_test_of_one_run_share_a_colour_and_test_is_dashed():
    lines = [trace.line for trace in plot_losses(CURVES).data]
    assert lines[0].color == lines[1].color
    assert lines[2].color == lines[3].color
    assert lines[0].color != lines[2].color
    assert [line.dash for line in lines] == ["solid", "dash", "solid", "dash"]


def test_losses_may_be_tensors():
    figure = plot_losses({"train": list(torch.tensor([0.5, 0.25]))})
    assert list(figure.data[0].y) == [0.5, 0.25]


@pytest.mark.parametrize(("log", "kind"), [(False, "linear"), (True, "log")])
def test_the_buttons_switch_the_axis_and_begin_at_the_one_in_use(log, kind):
    figure = plot_losses(CURVES, log=log)
    menu = figure.layout.updatemenus[0]
    assert figure.layout.yaxis.type == kind
    assert menu.buttons[menu.active].args[0]["yaxis.type"] == kind
    assert [button.args[0]["yaxis.type"] for button in menu.buttons] == ["linear", "log"]


@pytest.mark.parametrize(
    ("values", "dtick"), [([0.6, 0.04], "D2"), ([1.0, 0.9], None), ([1e4, 1e-4], None), ([0.0, math.inf], None)]
)
def test_a_log_axis_of_a_few_decades_is_numbered_at_1_2_and_5(values, dtick):
    figure = plot_losses({"train": values}, log=True)
    linear, log = figure.layout.updatemenus[0].buttons
    assert figure.layout.yaxis.dtick == dtick
    assert log.args[0]["yaxis.dtick"] == dtick
    assert linear.args[0]["yaxis.dtick"] is None


def test_axes_and_title_are_named():
    figure = plot_losses(CURVES, title="Two batch sizes", yaxis="cross-entropy")
    assert figure.layout.xaxis.title.text == "epoch"
    assert figure.layout.yaxis.title.text == "cross-entropy"
    assert figure.layout.title.text == "Two batch sizes"
    assert plot_losses(CURVES).layout.title.text == "Loss by epoch"


def test_every_image_stands_in_the_grid_where_it_should():
    images = OnesAndSevens(train=False).data[:8]
    pixels = sheet(plot_images(images, columns=3))
    assert np.count_nonzero(~np.isnan(pixels)) == 8 * 28 * 28
    for i, image in enumerate(images):
        top, left = 3 + (i // 3) * 31, 3 + (i % 3) * 31
        assert np.array_equal(pixels[top : top + 28, left : left + 28], image.numpy())


def test_captions_stand_above_their_images():
    images = torch.rand(5, 1, 28, 28)
    figure = plot_images(images, captions=list("abcde"), columns=2)
    pixels = sheet(figure)
    for note, image in zip(figure.layout.annotations, images, strict=True):
        top, left = int(note.y + 0.5), int(note.x - 13.5)
        assert np.allclose(pixels[top : top + 28, left : left + 28], image[0])
        assert note.yanchor == "bottom"
    assert [note.text for note in figure.layout.annotations] == list("abcde")


def test_long_captions_are_wrapped_and_get_the_room_they_need():
    short = plot_images(torch.rand(2, 28, 28), captions=["one", "seven"])
    long = plot_images(torch.rand(2, 28, 28), captions=["one", "seven, P(one) 0.95"])
    assert [note.text for note in long.layout.annotations] == ["one", "seven,<br>P(one) 0.95"]
    assert len(sheet(long)) > len(sheet(short)) > len(sheet(plot_images(torch.rand(2, 28, 28))))


def test_fewer_images_than_columns_leave_no_empty_columns():
    assert sheet(plot_images(torch.rand(2, 28, 28))).shape == (34, 65)


def test_images_and_captions_must_match():
    with pytest.raises(ValueError, match="2 images need 2 captions, not 1"):
        plot_images(torch.rand(2, 28, 28), captions=["one"])
    with pytest.raises(ValueError, match="no images"):
        plot_images(torch.rand(0, 28, 28))


def test_images_are_drawn_upright_with_square_pixels():
    for figure in (plot_images(torch.rand(2, 28, 28)), plot_weights(torch.ones(785))):
        assert figure.layout.yaxis.autorange == "reversed"
        assert figure.layout.yaxis.scaleanchor == "x"


def test_weights_are_shown_in_place_with_colours_symmetric_about_zero():
    theta = torch.linspace(-1, 3, 785)
    figure = plot_weights(theta)
    heatmap = figure.data[0]
    assert np.allclose(sheet(figure), theta[:-1].reshape(28, 28))
    assert heatmap.zmin == -heatmap.zmax
    assert heatmap.zmax == pytest.approx(theta[:-1].max().item())
    assert heatmap.colorscale[2] == (0.5, "#FFFFFF")
    assert "bias 3" in figure.layout.title.text


def test_weights_that_are_all_zero_can_be_drawn():
    assert plot_weights(torch.zeros(785)).data[0].zmax == 1


def test_weights_take_a_parameter_that_wants_gradients():
    assert sheet(plot_weights(torch.ones(785, requires_grad=True))).shape == (28, 28)


def test_weights_without_a_bias_are_refused():
    with pytest.raises(ValueError, match="784 entries, expected 785"):
        plot_weights(torch.ones(784))


def test_every_figure_fits_a_laptops_screen():
    many = plot_images(torch.rand(60, 28, 28), captions=["one"] * 60)
    for figure in (many, plot_losses(CURVES), plot_weights(torch.ones(785))):
        assert figure.layout.height <= 600
