"""Animated figures in a real browser: what is drawn after play, after pause and at both ends of the slider."""

import json
import sys
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch.optim import SGD

from descent import animate_descent, animate_path, hilly, minimise, plot_contours

TOOLS = Path(__file__).parents[2] / "tools"
pytestmark = pytest.mark.slow

# The last point that each moving trace draws now, read from the page's own data; the slider's place; its handles.
STATE = """
const place = document.getElementById("figure");
const last = trace => Array.from([trace.x, trace.y], values => values[values.length - 1]);
return {
  points: place._fullData.filter(trace => trace.type.startsWith("scatter")).map(last),
  lengths: place._fullData.filter(trace => trace.type.startsWith("scatter")).map(trace => trace.x.length),
  active: place.layout.sliders[0].active || 0,
  label: place.querySelector(".slider-label").textContent,
};
"""
HANDLES = """
const middle = box => [box.x + box.width / 2, box.y + box.height / 2];
const place = document.getElementById("figure");
const boxes = selector => Array.from(place.querySelectorAll(selector), item => item.getBoundingClientRect());
const rail = boxes(".slider-rail-touch-rect")[0];
return {
  buttons: boxes(".updatemenu-button").map(middle),
  grip: middle(boxes(".slider-grip-rect")[0]),
  rail: [rail.x, rail.x + rail.width],
};
"""


@pytest.fixture(scope="module")
def painter():
    sys.path.insert(0, str(TOOLS))
    try:
        from render_figures import Painter
    finally:
        sys.path.remove(str(TOOLS))
    with Painter() as painter:
        yield painter


@pytest.fixture(scope="module")
def path():
    return minimise(hilly, (-12.0, 10.0), partial(SGD, lr=0.01, momentum=0.6), steps=12)


def surface_figure(path):
    return animate_path(hilly, path, (-14, 0), (-6, 12)), path.points.tolist()


def curve_figure(path):
    places = [0.0, 1.0, 1.8, 2.3, 2.6, 2.8, 2.9, 2.95]
    return animate_descent(lambda w: (w - 3) ** 2, places), [[w, (w - 3) ** 2] for w in places]


@pytest.fixture(params=[surface_figure, curve_figure], ids=["surface", "curve"])
def shown(request, painter, path):
    """An animated figure on the page, and where it should be at each step."""
    figure, places = request.param(path)
    painter.draw(json.loads(figure.to_json()))
    return painter.browser, places


def state(browser):
    return browser.run(STATE)


def moving(browser):
    """The ends of the traces that a path is drawn with: the last ones of the figure."""
    return [point for point, _ in zip(reversed(state(browser)["points"]), range(2), strict=False)]


def slide(browser, end):
    handles = browser.run(HANDLES)
    low, high = handles["rail"]
    browser.drag(handles["grip"], (low - 20 if end == "left" else high + 20, handles["grip"][1]))
    browser.run("await new Promise(done => setTimeout(done, 600));")


def wait_for(browser, step):
    """Wait until the slider stands at this step or further on, and what it stands at is drawn."""
    browser.run(
        f"const state = () => {{ {STATE} }};"
        "while (state().active < given[0]) await new Promise(done => setTimeout(done, 50));"
        "await new Promise(done => setTimeout(done, 400));",
        step,
    )


def assert_at(browser, places, step):
    now = state(browser)
    assert now["active"] == step
    assert now["label"].endswith(f" {step}")
    for point in moving(browser):
        assert point == pytest.approx(places[step], abs=1e-4)
    assert step + 1 in now["lengths"]


def test_it_opens_at_the_start(shown):
    browser, places = shown
    assert_at(browser, places, 0)


def test_the_slider_reaches_the_last_iterate_and_comes_back_to_the_start(shown):
    browser, places = shown
    slide(browser, "right")
    assert_at(browser, places, len(places) - 1)
    slide(browser, "left")
    assert_at(browser, places, 0)


def test_play_goes_on_to_the_last_iterate(shown):
    browser, places = shown
    play, _ = browser.run(HANDLES)["buttons"]
    browser.click(*play)
    wait_for(browser, len(places) - 1)
    assert_at(browser, places, len(places) - 1)


def test_pause_stops_on_the_way_and_play_goes_on_from_there(painter):
    places = [3 - 3 * 0.9**step for step in range(100)]  # long enough for a slow machine to pause in time
    painter.draw(json.loads(animate_descent(lambda w: (w - 3) ** 2, places).to_json()))
    browser = painter.browser
    play, pause = browser.run(HANDLES)["buttons"]
    browser.click(*play)
    wait_for(browser, 2)
    browser.click(*pause)
    browser.run("await new Promise(done => setTimeout(done, 1000));")
    first = state(browser)
    browser.run("await new Promise(done => setTimeout(done, 1000));")
    assert state(browser) == first
    assert 2 <= first["active"] < 99
    browser.click(*play)
    wait_for(browser, first["active"] + 1)
    assert state(browser)["active"] < 99


def test_a_picture_of_a_map_has_both_dark_and_pale_places(painter, path):
    png = painter.paint(json.loads(plot_contours(hilly, (-14, 0), (-6, 12), path).to_json()))
    assert png.startswith(b"\x89PNG")
    picture = Image.open(BytesIO(png)).convert("L")
    assert picture.size == (900, 500)
    grey = torch.tensor(list(picture.tobytes()))
    assert (grey < 60).sum() > 300  # the path, its marks and the words
    assert (grey > 200).float().mean() > 0.5
