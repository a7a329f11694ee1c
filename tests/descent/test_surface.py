from functools import partial

import numpy as np
import pytest
from torch.optim import SGD

from descent import animate_path, fancy, minimise, peaks, plot_contours, plot_surface, rosenbrock, valley
from descent.heights import heights
from descent.style import STEPS
from descent.surface import floor_of

SQUARE = (-5, 5), (-5, 5)
SPAN = 8.2 + 1.6493  # of fancy on the square, about


@pytest.fixture(scope="module")
def walk():
    return minimise(fancy, (-4, 4), partial(SGD, lr=0.5), steps=20)


@pytest.fixture(scope="module")
def moving(walk):
    return animate_path(fancy, walk, *SQUARE, title="Down")


def lines(traces):
    """The traces that draw whole paths: on the surface, then on the floor."""
    return [trace for trace in traces if trace.type == "scatter3d" and trace.mode == "lines+markers"]


def dots(traces):
    return [trace for trace in traces if trace.type == "scatter3d" and trace.mode == "markers"]


def test_the_contours_lie_flat_below_all_of_the_surface():
    surface, floor = plot_surface(fancy, *SQUARE).data
    assert np.array_equal(surface.z, heights(fancy, *SQUARE).z)
    assert np.unique(floor.z).size == 1
    assert floor.z.max() < surface.z.min()
    assert np.array_equal(floor.surfacecolor, surface.surfacecolor)


def test_contours_are_borders_between_bands_of_one_colour():
    scale = plot_surface(fancy, *SQUARE).data[1].colorscale
    edges = [edge for edge, _ in scale]
    assert edges == sorted(edges)
    assert len(scale) == 2 * len({colour for _, colour in scale})
    assert all(a[1] == b[1] for a, b in zip(scale[::2], scale[1::2], strict=True))


def test_a_point_is_marked_on_the_surface_and_on_the_floor():
    figure = plot_surface(peaks, (-3, 3), (-3, 3), point=(0.228, -1.626))
    above, below = dots(figure.data)
    assert (above.x[0], above.y[0]) == (below.x[0], below.y[0]) == (0.228, -1.626)
    assert above.z[0] == pytest.approx(-1.6378, abs=0.1)
    assert below.z[0] == pytest.approx(floor_of(heights(peaks, (-3, 3), (-3, 3))), abs=0.1)


def test_a_path_lies_on_the_surface_and_on_the_projected_contours(walk):
    figure = plot_surface(fancy, *SQUARE, path=walk)
    above, below = lines(figure.data)
    for trace in (above, below):
        assert np.allclose(np.stack([trace.x, trace.y], axis=1), walk.points)
        assert list(trace.marker.color) == list(range(21))
        assert tuple(colour for _, colour in trace.marker.colorscale) == STEPS
    lifted = above.z - walk.values.numpy()
    assert (lifted > 0).all()
    assert (lifted < 0.02 * SPAN).all()
    assert np.ptp(below.z) == 0
    assert 0 < below.z[0] - figure.data[1].z.max() < 0.02 * SPAN


def test_the_title_says_how_the_path_ends(walk):
    assert "20 steps to −1.428" in plot_surface(fancy, *SQUARE, path=walk, title="Down").layout.title.text
    assert plot_surface(fancy, *SQUARE, title="Down").layout.title.text == "Down"


def test_surface_and_contours_agree_on_the_shades(walk):
    flat = plot_contours(fancy, *SQUARE).data[0]
    assert np.array_equal(plot_surface(fancy, *SQUARE).data[0].surfacecolor, flat.z)


def test_there_is_a_frame_for_each_step_and_a_place_on_the_slider_for_each_frame(moving):
    names = [frame.name for frame in moving.frames]
    assert names == [str(step) for step in range(21)]
    assert [step.args[0][0] for step in moving.layout.sliders[0].steps] == names


def test_the_first_frame_is_the_start_and_is_what_the_figure_shows(moving, walk):
    first = moving.frames[0]
    for trace in first.data:
        assert (list(trace.x), list(trace.y)) == ([-4], [4])
    for place, trace in zip(first.traces, first.data, strict=True):
        shown = moving.data[place]
        assert [list(shown[axis]) for axis in "xyz"] == [list(trace[axis]) for axis in "xyz"]
        assert shown.mode == trace.mode


def test_every_frame_ends_at_its_iterate_and_the_last_at_the_last(moving, walk):
    for step, frame in enumerate(moving.frames):
        for trace in lines(frame.data):
            assert len(trace.x) == step + 1
        for trace in frame.data:
            assert (trace.x[-1], trace.y[-1]) == pytest.approx(tuple(walk.points[step].tolist()))
        above, below = dots(frame.data)
        assert above.z[0] == pytest.approx(walk.values[step].item(), abs=0.02 * SPAN)
        assert below.z[0] < moving.data[0].z.min()


def test_frames_move_the_path_and_leave_the_land(moving):
    assert {frame.traces for frame in moving.frames} == {(2, 3, 4, 5)}
    assert [moving.data[place].type for place in (0, 1)] == ["surface", "surface"]


def test_it_can_be_played_and_paused(moving):
    assert [button.method for button in moving.layout.updatemenus[0].buttons] == ["animate", "animate"]


def test_a_long_path_has_a_hundred_frames_and_both_its_ends():
    path = minimise(valley, (-4.5, -2.0), partial(SGD, lr=0.01), steps=1234)
    names = [int(frame.name) for frame in animate_path(valley, path, *SQUARE).frames]
    assert len(names) == 101
    assert (names[0], names[-1]) == (0, 1234)
    assert len(animate_path(valley, path, *SQUARE).frames[-1].data[0].x) == 1235


def test_what_leaves_the_map_is_not_drawn_and_is_said():
    path = minimise(valley, (-4.5, -2.0), partial(SGD, lr=3.0), steps=90)
    figure = animate_path(valley, path, *SQUARE, title="Too fast")
    assert "leaves the plot at step 1, ends at" in figure.layout.title.text
    last = figure.frames[-1].data[0]
    assert np.isfinite(last.x).tolist() == [True] + [False] * 90
    assert np.isfinite(last.z).tolist() == [True] + [False] * 90
    assert figure.layout.scene.xaxis.range == (-5, 5)
    assert figure.layout.scene.zaxis.range[1] < 100


def test_heights_are_written_only_beside_the_surface():
    ticks = plot_surface(valley, *SQUARE).layout.scene.zaxis.tickvals
    assert 3 <= len(ticks) <= 7
    assert min(ticks) >= 0
    assert max(ticks) <= 95


@pytest.mark.parametrize(("x", "y"), [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_one_looks_over_the_lowest_quarter_of_the_land(x, y):
    figure = plot_surface(lambda a, b: -(x * a + 2 * y * b), *SQUARE)
    eye = figure.layout.scene.camera.eye
    assert (np.sign(eye.x), np.sign(eye.y)) == (x, y)


def test_a_lowest_value_of_next_to_nothing_is_written_as_zero():
    scale = plot_surface(rosenbrock, (-2.4, 2.5), (-2.5, 3.5)).data[0].colorbar
    assert scale.ticktext[0] == "0"
    assert "e" not in "".join(scale.ticktext)


def test_axes_are_named_and_the_figure_fits_a_laptop(moving):
    scene = plot_surface(valley, *SQUARE, axes=("w1", "w2")).layout.scene
    assert (scene.xaxis.title.text, scene.yaxis.title.text) == ("w1", "w2")
    assert moving.layout.height <= 520


@pytest.mark.parametrize("point", [(7, 0), (0,), (0, 0, 0), (float("nan"), 0)])
def test_a_point_off_the_map_is_refused(point):
    with pytest.raises(ValueError, match=r"an x within \(-5, 5\) and a y within"):
        plot_surface(valley, *SQUARE, point=point)
