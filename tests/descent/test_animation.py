import plotly.graph_objects as go
import pytest

from descent import add_animation


@pytest.fixture
def figure():
    return go.Figure([go.Scatter(x=[0, 1], y=[0, 1]), go.Scatter(x=[0], y=[0])])


def dots(count):
    return [[go.Scatter(x=[place], y=[place])] for place in range(count)]


def test_the_sliders_places_are_the_frames_in_order(figure):
    add_animation(figure, dots(4), [1])
    names = [frame.name for frame in figure.frames]
    assert names == ["0", "1", "2", "3"]
    assert [step.args[0] for step in figure.layout.sliders[0].steps] == [(name,) for name in names]
    assert [step.label for step in figure.layout.sliders[0].steps] == names
    assert [frame.data[0].x for frame in figure.frames] == [(0,), (1,), (2,), (3,)]
    assert {frame.traces for frame in figure.frames} == {(1,)}


def test_frames_may_have_names_of_their_own(figure):
    add_animation(figure, dots(2), [1], label="epoch", names=["0", "50"])
    assert [frame.name for frame in figure.frames] == ["0", "50"]
    assert figure.layout.sliders[0].currentvalue.prefix == "epoch "


def test_one_button_plays_from_where_the_slider_stands_and_one_pauses(figure):
    play, pause = add_animation(figure, dots(3), [1]).layout.updatemenus[0].buttons
    assert play.args[0] is None
    assert play.args[1]["fromcurrent"]
    assert play.args[1]["frame"]["duration"] > 0
    assert pause.args[0] == (None,)
    assert pause.args[1]["mode"] == "immediate"


def test_slider_and_buttons_lie_below_the_plot_and_beside_one_another(figure):
    add_animation(figure, dots(3), [1])
    slider, buttons = figure.layout.sliders[0], figure.layout.updatemenus[0]
    assert slider.y == buttons.y == 0
    assert buttons.x < slider.x
    assert slider.x + slider.len <= 1


def test_a_flat_plot_keeps_room_for_the_title_of_its_axis(figure):
    scene = go.Figure([go.Surface(z=[[0, 1], [1, 0]]), go.Scatter3d(x=[0], y=[0], z=[0])])
    add_animation(scene, [[go.Scatter3d(x=[0], y=[0], z=[0])]], [1])
    add_animation(figure, dots(2), [1])
    assert figure.layout.sliders[0].pad.t >= scene.layout.sliders[0].pad.t + 30


@pytest.mark.parametrize(
    ("frames", "names", "said"),
    [
        ([], None, "at least one frame"),
        (dots(2), ["a"], "2 frames need as many names"),
        (dots(2), ["a", "a"], "all different"),
        ([[*dots(1)[0], *dots(1)[0]]], None, "Frame 0 has 2 traces for 1 places"),
    ],
)
def test_frames_that_do_not_fit_are_refused(figure, frames, names, said):
    with pytest.raises(ValueError, match=said):
        add_animation(figure, frames, [1], names=names)
