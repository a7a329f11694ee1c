import pytest
from masters import answer, notebook

from nbjudge.errors import CourseError
from nbjudge.master.notebook import read_notebook
from nbjudge.otter.prompts import with_prompt

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
FUNCTION = "def f(x):\n    ### BEGIN SOLUTION\n    return x + 1\n    ### END SOLUTION"


def made(source, released):
    (cell,) = read_notebook(notebook(answer(source)), "n").cells
    return with_prompt(cell, released, "n, cell double")


def stripped(source):
    """What Otter makes of a source for students: solutions go, prompts stay."""
    shown, inside = [], False
    for line in source.split("\n"):
        if line.strip().startswith("# BEGIN SOLUTION"):
            inside = True
        elif line.strip() == "# END SOLUTION":
            inside = False
        elif not inside and not line.endswith(("# BEGIN PROMPT", "# END PROMPT")):
            shown.append(line)
    return "\n".join(shown)


@pytest.mark.parametrize(
    ("source", "released"),
    [
        (FUNCTION, "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"),
        ("x = 1\n### BEGIN SOLUTION\ny = 2\n### END SOLUTION\nz = 3", f"x = 1\n{STUB}\nz = 3"),
        (f"{FUNCTION}\n{FUNCTION.replace('f(', 'g(')}", "def f(x):\n    ...\ndef g(x):\n    ..."),
        ("x = 1", STUB),  # no markers: nbgrader clears the whole cell
        (FUNCTION, "def f(x):"),  # a course whose stub is empty
        (
            'def ƒ():\n    """π."""\n    ### BEGIN SOLUTION\n    return "é"\n    ### END SOLUTION',
            'def ƒ():\n    """π."""\n    ...',
        ),
    ],
)
def test_taking_the_solution_out_gives_the_release(source, released):
    assert stripped(made(source, released)) == released


def test_the_solution_still_runs_with_the_prompts_beside_it():
    space = {}
    exec(made(FUNCTION, "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"), space)
    assert space["f"](1) == 2


def test_a_stub_with_triple_quotes_gets_the_other_ones():
    assert "'''" in made("x = 1", 'x = """…"""')


@pytest.mark.parametrize(
    ("source", "released", "what"),
    [
        ("x = (\n### BEGIN SOLUTION\n1\n### END SOLUTION\n)", "x = (\n...\n)", "part of an expression"),
        ("x = 1", "\"\"\"a\"\"\"\n'''b'''", "triple quotes"),
        ("x = 1\n### BEGIN SOLUTION\ny = 2\n### END SOLUTION\nz = 3", "x = 1", "replaced by one stub"),
    ],
)
def test_what_otter_cannot_express_is_refused_with_the_place(source, released, what):
    with pytest.raises(CourseError, match=what) as error:
        made(source, released)
    assert "n, cell double" in str(error.value)
