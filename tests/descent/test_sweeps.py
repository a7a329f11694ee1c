import pytest
import torch

from descent import plot_accuracies, plot_accuracy_map, plot_sweep_losses

RATES = torch.linspace(0.001, 0.1, 5)


def test_accuracies_stand_above_their_rates():
    figure = plot_accuracies(RATES, torch.tensor([50.0, 60.0, 90.0, 95.0, 97.5]))
    (points,) = figure.data
    assert list(points.x) == RATES.tolist()
    assert list(points.y) == [50.0, 60.0, 90.0, 95.0, 97.5]
    assert figure.layout.xaxis.title.text == "learning rate"
    assert figure.layout.yaxis.title.text == "final accuracy (percent)"


@pytest.mark.parametrize("lowest", [2.0, 39.0, 97.0])
def test_every_accuracy_lies_within_the_axis(lowest):
    low, high = plot_accuracies([0.1, 0.2], torch.tensor([lowest, 100.0])).layout.yaxis.range
    assert low < lowest
    assert low <= 40
    assert high > 100


def test_several_runs_of_a_rate_stand_above_one_another():
    runs = torch.rand(3, 5) * 50 + 50
    (points,) = plot_accuracies(RATES, runs).data
    assert list(points.x) == RATES.tolist() * 3
    assert list(points.y) == runs.flatten().tolist()


def test_accuracies_may_stand_above_another_quantity():
    figure = plot_accuracies([10.0, 80.0], torch.tensor([50.0, 98.0]), xaxis="active share (percent)")
    assert figure.layout.xaxis.title.text == "active share (percent)"
    assert figure.layout.title.text == "Final accuracy by active share (percent)"


def test_a_map_has_a_row_for_each_start_from_one_at_the_top_and_a_column_for_each_rate():
    runs = torch.rand(3, 5) * 60 + 40
    figure = plot_accuracy_map(RATES, runs)
    (image,) = figure.data
    assert [list(row) for row in image.z] == runs.tolist()
    assert (list(image.x), list(image.y)) == (RATES.tolist(), [1, 2, 3])
    assert figure.layout.yaxis.autorange == "reversed"
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("learning rate", "start")
    assert "percent" in image.colorbar.title.text


def test_there_is_a_loss_curve_for_each_rate_from_epoch_one_on():
    losses = torch.rand(5, 20)
    figure = plot_sweep_losses(RATES, losses)
    curves = figure.data[:-1]
    for curve, row in zip(curves, losses, strict=True):
        assert list(curve.x) == list(range(1, 21))
        assert list(curve.y) == row.tolist()
    assert figure.layout.xaxis.title.text == "epoch"
    assert figure.layout.yaxis.title.text == "loss"


def test_curves_are_coloured_by_rate_and_a_bar_says_how():
    figure = plot_sweep_losses(RATES, torch.rand(5, 3))
    assert len({curve.line.color for curve in figure.data[:-1]}) == 5
    scale = figure.data[-1].marker
    assert (scale.cmin, scale.cmax) == (RATES[0].item(), RATES[-1].item())
    assert "learning" in scale.colorbar.title.text
    assert list(figure.data[-1].x) == [None]


def test_long_runs_are_thinned_but_keep_their_ends():
    losses = torch.rand(5, 4000)
    curve = plot_sweep_losses(RATES, losses).data[0]
    assert len(curve.x) == 250
    assert (curve.x[0], curve.x[-1]) == (1, 4000)
    assert (curve.y[0], curve.y[-1]) == (losses[0, 0].item(), losses[0, -1].item())


def test_one_rate_can_be_drawn():
    assert len(plot_sweep_losses([0.1], torch.rand(1, 4)).data) == 2


def test_heights_fit_a_laptop_and_titles_are_there():
    for figure in (
        plot_accuracies(RATES, torch.rand(5)),
        plot_accuracy_map(RATES, torch.rand(2, 5)),
        plot_sweep_losses(RATES, torch.rand(5, 3)),
    ):
        assert figure.layout.height <= 520
        assert figure.layout.title.text


def test_rates_and_results_must_match():
    with pytest.raises(ValueError, match=r"5 rates need that many accuracies, not shape \(1, 4\)"):
        plot_accuracies(RATES, torch.rand(4))
    with pytest.raises(ValueError, match=r"accuracies \(starts, 5\), not \(5, 4\)"):
        plot_accuracy_map(RATES, torch.rand(5, 4))
    with pytest.raises(ValueError, match=r"shape \(5, epochs\), not \(20, 5\)"):
        plot_sweep_losses(RATES, torch.rand(20, 5))
    with pytest.raises(ValueError, match="losses holds some"):
        plot_sweep_losses([0.1], torch.tensor([[0.5, torch.nan]]))
