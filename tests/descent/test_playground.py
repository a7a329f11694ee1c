import sys

import nbformat
import pytest
import torch
from nbclient import NotebookClient
from nbclient.output_widget import OutputWidget

from descent import minimise, peaks, playground, rastrigin, rosenbrock
from descent.playground import LANDSCAPES, OPTIMIZERS, WITH_MOMENTUM, plot_walk, walk

STARTS = {"peaks": (peaks, (-0.4, 1.2)), "Rosenbrock": (rosenbrock, (2, -2)), "Rastrigin": (rastrigin, (-2.45, -2.45))}


def title(outputs):
    """The title of the only map in a box."""
    (shown,) = outputs
    return shown["data"]["application/vnd.plotly.v1+json"]["layout"]["title"]["text"]


@pytest.fixture
def controls():
    """The playground's controls by their names, and the box that holds the map."""
    box = playground("Rastrigin", "Adam", steps=5)
    *rows, output = box.children
    return {control.description: control for row in rows for control in row.children}, output


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_each_name_runs_its_own_optimizer_with_the_settings_given(landscape, name):
    fn, start = STARTS[landscape]
    extra = {"momentum": 0.4} if name in WITH_MOMENTUM else {}
    kind = getattr(torch.optim, name)
    known = minimise(fn, start, lambda params: kind(params, lr=0.02, weight_decay=0.3, **extra), steps=12)
    path = walk(landscape, name, steps=12, lr=0.02, momentum=0.4, weight_decay=0.3)
    assert torch.equal(path.points.nan_to_num(), known.points.nan_to_num())


def test_no_two_names_run_the_same_optimizer():
    ends = [
        tuple(walk("Rastrigin", name, steps=5, lr=0.02, weight_decay=0.5).points[-1].tolist()) for name in OPTIMIZERS
    ]
    assert len(set(ends)) == len(OPTIMIZERS)


@pytest.mark.parametrize("name", WITH_MOMENTUM)
def test_momentum_makes_a_difference_where_there_is_any(name):
    still, moved = (walk("peaks", name, steps=5, momentum=momentum).points[-1] for momentum in (0.0, 0.9))
    assert not torch.equal(still, moved)


def test_momentum_carries_sgd_out_of_the_shallow_hollow_beside_the_peaks():
    assert walk("peaks", "SGD").points[-1].tolist() == pytest.approx([-1.347, 0.2045], abs=0.01)
    assert walk("peaks", "SGD", momentum=0.9).points[-1].norm() > 3


def test_weight_decay_carries_adam_over_the_egg_box():
    path = walk("Rastrigin", "Adam", steps=50, lr=0.19322, weight_decay=9.982)
    assert path.points[-1].tolist() == pytest.approx([-0.055, -0.055], abs=0.001)


def test_the_map_shows_the_walk_and_its_title_the_settings():
    figure = plot_walk("Rastrigin", "RMSprop", steps=7, lr=0.05, momentum=0.5)
    path = walk("Rastrigin", "RMSprop", steps=7, lr=0.05, momentum=0.5)
    (drawn,) = (trace for trace in figure.data if trace.type == "scatter" and trace.mode == "lines+markers")
    assert drawn.x.tolist() == pytest.approx(path.points[:, 0].tolist())
    assert figure.layout.title.text == "RMSprop on Rastrigin, rate 0.05, momentum 0.5"
    assert "momentum" not in plot_walk("peaks", "Adam", steps=1, momentum=0.5).layout.title.text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"landscape": "Himmelblau"}, "no landscape called 'Himmelblau' in the playground; there is peaks, Rosenbrock"),
        ({"optimizer": "adam"}, "no optimizer called 'adam' in the playground; there is SGD, RMSprop"),
        ({"lr": -1.0}, "lr has to be a finite number, 0 or more, not -1.0"),
        ({"momentum": float("nan")}, "momentum has to be a finite number"),
        ({"weight_decay": -0.1}, "weight_decay has to be"),
        ({"steps": 0}, "takes 1 to 1000 steps, not 0"),
        ({"steps": 10**7}, "takes 1 to 1000 steps"),
    ],
)
def test_settings_without_sense_are_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        playground(**settings)


def test_the_controls_begin_at_the_settings_given(controls):
    known, _ = controls
    assert {name: control.value for name, control in known.items()} == {
        "landscape": "Rastrigin",
        "optimizer": "Adam",
        "steps": 5,
        "lr": pytest.approx(0.1),
        "momentum": 0,
        "weight decay": 0,
    }
    assert list(known["optimizer"].options) == list(OPTIMIZERS)


def test_moving_a_control_draws_the_map_anew(controls, monkeypatch):
    monkeypatch.setattr("plotly.io.renderers.default", "plotly_mimetype")
    known, output = controls
    drawn = []
    output.observe(lambda change: drawn.append(title(change["new"])), names="outputs")
    known["optimizer"].value = "AdamW"
    known["lr"].value = 0.5
    known["landscape"].value = "Rosenbrock"
    assert drawn == [
        "AdamW on Rastrigin, rate 0.1",
        "AdamW on Rastrigin, rate 0.5",
        "AdamW on Rosenbrock, rate 0.5",
    ]


@pytest.mark.slow
def test_what_runs_a_notebook_is_asked_for_nothing_in_the_middle_of_a_cell(monkeypatch):
    asked = []
    monkeypatch.setattr(OutputWidget, "send", lambda widget, data=None, *rest: asked.append(data))
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell("from descent.playground import playground\n\nplayground('peaks', 'SGD')")
    ]
    client = NotebookClient(notebook)
    client.execute()
    (shown,) = (state["outputs"] for state in client.widget_state.values() if "outputs" in state)
    assert title(shown) == "SGD on peaks, rate 0.1"
    assert asked == []


def test_momentum_can_be_moved_only_where_it_means_something(controls):
    known, _ = controls
    assert known["momentum"].disabled
    known["optimizer"].value = "SGD"
    assert not known["momentum"].disabled


def test_without_widgets_there_is_the_map_and_a_word_on_arguments(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    figure = playground("Rosenbrock", "Adam", steps=9, lr=0.2)
    assert figure.layout.title.text == "Adam on Rosenbrock, rate 0.2"
    assert "playground('Rastrigin', 'Adam')" in capsys.readouterr().out
