import math
from functools import partial

import numpy as np
import pytest
import torch
from torch.optim import SGD, Adam

from descent import Path, hilly, minimise, plot_contours, plot_panels, rosenbrock, valley
from descent.contours import LEVELS
from descent.heights import heights
from descent.style import COLOURS, STEPS

HILLS = (-14, 0), (-6, 12)
SQUARE = (-5, 5), (-5, 5)


@pytest.fixture(scope="module")
def escape():
    return minimise(hilly, (-12.0, 10.0), partial(SGD, lr=0.01, momentum=0.6), steps=25)


@pytest.fixture(scope="module")
def divergence():
    return minimise(valley, (-4.5, -2.0), partial(SGD, lr=3.0), steps=90)


def walks(figure):
    """The traces that draw whole paths."""
    return [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "lines+markers"]


def marks(figure, symbol):
    """The places marked with a symbol, those that only explain it in the legend left out."""
    single = [trace for trace in figure.data if trace.type == "scatter" and trace.marker.symbol == symbol]
    return [(trace.x[0], trace.y[0]) for trace in single if trace.mode == "markers" and trace.x[0] is not None]


def test_the_map_is_the_function_in_shades_and_hovering_tells_its_values():
    (land,) = plot_contours(valley, *SQUARE).data
    known = heights(valley, *SQUARE)
    assert np.array_equal(land.customdata, known.z)
    assert np.array_equal(land.z, known.shade(known.z))
    assert (land.zmin, land.zmax) == (0, 1)


def test_the_scale_of_the_map_is_written_in_values():
    (land,) = plot_contours(valley, *SQUARE).data
    assert land.colorbar.ticktext[0] == "0"
    assert land.colorbar.ticktext[-1] == "95"  # 25 + 25 + 45


@pytest.mark.parametrize(
    ("fn", "ranges", "start", "lowest"),
    [
        (hilly, HILLS, (-12.0, 10.0), -106.8),
        (rosenbrock, ((-2.5, 2.5), (-2.5, 3.5)), (2.0, -2.0), 0.0),
        (valley, SQUARE, (-4.5, -2.0), 0.0),
    ],
)
def test_contours_ring_the_basin_and_lie_across_the_way_down(fn, ranges, start, lowest):
    land = plot_contours(fn, *ranges).data[0]
    known = heights(fn, *ranges)
    spec = land.contours
    levels = [known.value(shade) for shade in np.arange(spec.start, spec.end + spec.size / 2, spec.size)]
    assert len(levels) == LEVELS
    assert sum(lowest < level < float(fn(*torch.tensor(start))) for level in levels) >= 5
    within = (known.z < levels[0]).mean()
    assert 0 < within < 0.2


def test_a_path_is_drawn_whole_and_coloured_by_step(escape):
    figure = plot_contours(hilly, *HILLS, escape)
    (walk,) = walks(figure)
    assert np.allclose(np.stack([walk.x, walk.y], axis=1), escape.points)
    assert list(walk.marker.color) == list(range(26))
    axis = figure.layout[walk.marker.coloraxis]
    assert (axis.cmin, axis.cmax) == (0, 25)
    assert tuple(colour for _, colour in axis.colorscale) == STEPS
    assert axis.colorbar.title.text == "step"


def test_start_and_end_are_marked_and_explained(escape):
    figure = plot_contours(hilly, *HILLS, escape)
    assert marks(figure, "circle-open") == [(-12, 10)]
    assert marks(figure, "x") == [tuple(escape.points[-1].tolist())]
    assert [trace.name for trace in figure.data if trace.showlegend is None][-2:] == ["start", "end"]


def test_the_legend_says_how_each_path_ends(escape):
    stuck = minimise(hilly, (-12.0, 10.0), partial(SGD, lr=0.01), steps=30)
    figure = plot_contours(hilly, *HILLS, {"plain": stuck, "momentum": escape})
    assert [walk.name for walk in walks(figure)] == ["plain: 30 steps to 85.79", "momentum: 25 steps to −104.8"]
    assert figure.layout.coloraxis.cmax == 30


def test_several_paths_differ_in_colour_and_in_shape(escape):
    figure = plot_contours(hilly, *HILLS, {"one": escape, "two": escape, "three": escape})
    assert [walk.line.color for walk in walks(figure)] == list(COLOURS[:3])
    assert len({walk.marker.symbol for walk in walks(figure)}) == 3


def test_a_path_that_diverges_leaves_the_axes_alone(divergence):
    assert not divergence.points[-1].isfinite().all()
    figure = plot_contours(valley, *SQUARE, divergence)
    (walk,) = walks(figure)
    drawn = np.stack([walk.x, walk.y])
    assert np.nanmax(np.abs(drawn)) < 1e5
    assert drawn[:, 0].tolist() == [-4.5, -2]
    assert (figure.layout.xaxis.range, figure.layout.yaxis.range) == ((-5, 5), (-5, 5))
    assert "leaves the plot at step 1, ends at " in walk.name
    assert marks(figure, "x") == []


def test_a_map_without_paths_has_no_scale_of_steps():
    figure = plot_contours(valley, *SQUARE, title="A valley", axes=("w1", "w2"))
    assert not figure.layout.coloraxis.showscale
    assert figure.layout.title.text == "A valley"
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("w1", "w2")


@pytest.mark.parametrize("count", [1, 3, 4, 6, 8])
def test_panels_share_axes_and_steps_and_fit_a_laptop(count, escape):
    figure = plot_panels({f"run {number}": escape for number in range(count)}, hilly, *HILLS)
    assert len(walks(figure)) == count
    assert len({walk.xaxis for walk in walks(figure)}) == count
    names = [axis for axis in figure.layout.to_plotly_json() if axis.startswith(("xaxis", "yaxis"))]
    ranges = {axis: figure.layout[axis].range for axis in names}
    assert {ranges[axis] for axis in names if axis[0] == "x"} == {(-14, 0)}
    assert {ranges[axis] for axis in names if axis[0] == "y"} == {(-6, 12)}
    assert sum(bool(trace.showscale) for trace in figure.data if trace.type == "contour") == 1
    assert figure.layout.height <= 520


def test_a_panels_title_says_how_its_path_ends(divergence):
    calm = minimise(valley, (-4.5, -2.0), partial(Adam, lr=0.6), steps=70)
    figure = plot_panels({"SGD 3": divergence, "Adam 0.6": calm}, valley, *SQUARE, title="Two optimizers")
    first, second = (note.text for note in figure.layout.annotations)
    assert first.startswith("SGD 3<br>")
    assert "leaves the plot at step 1" in first
    assert "70 steps to 0.0044" in second
    assert figure.layout.coloraxis.cmax == 90


def test_panels_need_a_path():
    with pytest.raises(ValueError, match="at least one path"):
        plot_panels({}, valley, *SQUARE)


def test_a_path_of_another_function_is_refused():
    line = Path(torch.zeros(3, 1), torch.zeros(3), torch.zeros(2))
    with pytest.raises(ValueError, match=r"shape \(steps \+ 1, 2\), not \(3, 1\)"):
        plot_contours(valley, *SQUARE, line)


def test_a_range_is_asked_for_in_words():
    with pytest.raises(ValueError, match="y_range has to be two numbers"):
        plot_contours(valley, (-5, 5), (5, -math.inf))
