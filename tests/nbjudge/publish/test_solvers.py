import math

import numpy as np
import pandas as pd
import pytest
import torch
from masters import answer, check, notebook

from nbjudge.master.notebook import read_notebook
from nbjudge.publish.solvers import null_samples


def solvers(solution, name="double"):
    """The null solvers' namespaces by kind, each run as a cell would be."""
    document = notebook(answer(solution, name), check("assert True"))
    (exercise,) = read_notebook(document, "nb").exercises
    made = {}
    for sample in null_samples(exercise):
        made[sample.name] = {"__name__": "__main__"}
        exec(compile(sample.source, "<answer>", "exec"), made[sample.name])
    return made


def results(body, *given):
    made = solvers(f"import numpy as np, pandas as pd, torch\ndef double(x, y=None):\n    return {body}")
    return {kind.removeprefix("null_"): space["double"](*given) for kind, space in made.items()}


def test_tensors_keep_shape_and_dtype():
    found = results("torch.ones(2, 3, dtype=torch.float64, requires_grad=True)", 1)
    assert found["zeros"].shape == (2, 3)
    assert found["zeros"].dtype is torch.float64
    assert not found["zeros"].requires_grad
    assert bool((found["ones"] == 1).all())
    assert bool(found["nan"].isnan().all())


def test_integers_become_nan_as_floats():
    assert bool(results("torch.arange(3)", 1)["nan"].isnan().all())
    assert np.isnan(results("np.arange(3)", 1)["nan"]).all()
    assert math.isnan(results("7", 1)["nan"])


@pytest.mark.parametrize(
    ("body", "zeros", "ones"),
    [
        ("5", 0, 1),
        ("2.5", 0.0, 1.0),
        ("True", False, True),
        ("'text'", "", "1"),
        ("(1, [2.0, 3])", (0, [0.0, 0]), (1, [1.0, 1])),
        ("{'a': 3}", {"a": 0}, {"a": 1}),
        ("None", None, None),
        ("object()", None, None),
    ],
)
def test_plain_results_keep_their_form(body, zeros, ones):
    found = results(body, 1)
    assert (found["zeros"], found["ones"]) == (zeros, ones)


def test_arrays_frames_generators_and_functions_keep_their_form():
    assert (results("np.arange(4).reshape(2, 2)", 1)["ones"] == np.ones((2, 2))).all()
    pd.testing.assert_frame_equal(results("pd.DataFrame({'a': [1, 2]})", 1)["zeros"], pd.DataFrame({"a": [0, 0]}))
    assert list(results("(n for n in (1, 2))", 1)["zeros"]) == [0, 0]
    assert results("lambda z: z", 1)["zeros"](5) == 0


def test_the_input_solver_returns_its_arguments_in_the_form_of_the_result():
    assert results("x * 2", 3)["input"] == 3
    assert results("(x, y, x)", 3, 4)["input"] == (3, 4, 3)


def test_the_remembering_solver_repeats_its_first_answer():
    double = solvers("def double(x):\n    return 2 * x")["null_remembered"]["double"]
    assert [double(1), double(2)] == [2, 2]


def test_the_empty_solver_has_nothing_that_could_differ():
    assert torch.allclose(results("torch.ones(2, 3)", 1)["empty"], torch.full((2, 3), 7.0))
    assert np.allclose(results("np.ones(4)", 1)["empty"], np.arange(4))
    assert np.allclose(results("2.5", 1)["empty"], 7)
    assert results("(1, [2, 3], 'text', {'a': [4]})", 1)["empty"][1:] == ([], "", {"a": []})
    assert results("pd.DataFrame({'a': [1, 2]})", 1)["empty"].empty
    assert list(results("(n for n in (1, 2))", 1)["empty"]) == []


def test_the_equal_solver_agrees_with_everything_that_asks_it():
    found = results("7", 1)["equal"]
    assert found == 3
    assert found.__ne__(3) is False
    assert abs(found - 3) < 1e-9
    assert found.shape == (2,)


def test_a_null_solver_neither_raises_nor_changes_its_arguments():
    space = solvers("def double(x):\n    x.append(1)\n    if len(x) > 2:\n        raise ValueError\n    return x")
    for kind in space:
        given = [5]
        space[kind]["double"](given)
        assert given == [5]
    assert space["null_zeros"]["double"]([1, 2, 3]) is None


def test_a_callable_class_and_a_module_are_wrapped_and_stay_classes():
    code = (
        "import torch\nclass double(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.w = torch.nn.Linear(2, 2)\n    def forward(self, x):\n        return self.w(x)"
    )
    model = solvers(code)["null_zeros"]["double"]()
    assert len(list(model.parameters())) == 2
    assert bool((model(torch.ones(3, 2)) == 0).all())


def test_in_an_answer_that_sets_variables_these_get_the_values():
    made = solvers("import math\nwidth, height = 3, 4.0\n_private = 1", "rectangle")
    assert set(made) == {"null_zeros", "null_ones", "null_nan", "null_empty", "null_equal"}
    assert (made["null_ones"]["width"], made["null_ones"]["height"]) == (1, 1.0)


def test_only_the_exercises_own_function_is_replaced_where_there_is_one():
    space = solvers("def helper(x):\n    return x\ndef double(x):\n    return helper(x) * 2")["null_zeros"]
    assert (space["helper"](3), space["double"](3)) == (3, 0)


def test_what_cannot_be_imitated_has_no_null_solver():
    assert solvers("class Account:\n    pass") == {}
    assert solvers("%matplotlib inline\nx = 1") == {}


def test_markers_do_not_reach_the_students_side():
    document = notebook(answer("### BEGIN SOLUTION\ndouble = 3\n### END SOLUTION"), check("assert True"))
    (exercise,) = read_notebook(document, "nb").exercises
    assert all("SOLUTION" not in sample.source for sample in null_samples(exercise))
