import pytest
from masters import check, notebook

from nbjudge.errors import CourseError
from nbjudge.master.notebook import read_notebook
from nbjudge.otter.cases import cases

HIDING = "assert f(1) == 2, 'see'\n### BEGIN HIDDEN TESTS\nassert f(7) == 8\n### END HIDDEN TESTS"


def of(source, points=2):
    (cell,) = read_notebook(notebook(check(source, points=points)), "n").cells
    return cases(cell)


def run(found, hidden=True, **names):
    """Call the cases as Otter does, one after the other; the points of those that came to their end."""

    class Case:  # Otter's decorator puts an object in the function's place
        def __init__(self, function):
            self.function = function

    class Score:  # stands where Otter's test file stands, two calls above the case
        value = None

        def update_score(self, points):
            self.value = points

        def run(self, case):
            return (lambda: case.function(names))()

    space, score, earned = {}, Score(), 0.0
    given = {"hidden" if case.hidden else "visible": case for case in found if hidden or not case.hidden}
    for name, case in given.items():
        exec(case.source, space)
        space[name] = Case(space[name])
    for name, case in given.items():
        try:
            score.run(space[name])
            earned += case.points
        except Exception:
            pass
    return earned if score.value is None else score.value


def test_what_is_visible_is_public_without_points_and_the_hidden_case_has_them_all():
    public, hidden = of(HIDING)
    assert (public.points, public.hidden) == (0, False)
    assert (hidden.points, hidden.hidden) == (2, True)
    assert "f(7)" not in public.source


def test_a_cell_that_hides_nothing_is_one_public_case_with_all_points():
    (case,) = of("assert f(1) == 2")
    assert (case.points, case.hidden) == (2, False)


def test_a_cell_that_shows_nothing_is_one_hidden_case():
    (case,) = of("### BEGIN HIDDEN TESTS\nassert f(7) == 8\n### END HIDDEN TESTS")
    assert (case.points, case.hidden) == (2, True)


@pytest.mark.parametrize(
    ("f", "points"), [(lambda x: x + 1, 2), (lambda x: 2, 0), (lambda x: 8, 0), (lambda x: 0 / 0, 0)]
)
def test_only_who_passes_both_parts_gets_points(f, points):
    assert run(of(HIDING), f=f) == points


def test_every_statement_is_executed_once_and_in_order():
    seen = []
    source = "see(1)\nx = 5\n### BEGIN HIDDEN TESTS\nsee(x)\n### END HIDDEN TESTS\nsee(3)"
    assert run(of(source), see=seen.append) == 2
    assert seen == [1, 5, 3]


def test_students_also_run_what_is_visible_after_a_hidden_part():
    seen = []
    source = "see(1)\n### BEGIN HIDDEN TESTS\nsee(2)\n### END HIDDEN TESTS\nsee(3)"
    run(of(source), hidden=False, see=seen.append)
    assert seen == [1, 3]


def test_a_test_may_bind_what_its_functions_and_comprehensions_read():
    source = "n = 3\ndef g():\n    return [n + i for i in range(n)]\nassert g() == [3, 4, 5]"
    assert run(of(source)) == 2


@pytest.mark.parametrize(
    ("last", "points"),
    [("1.5", 1.5), ("0", 0), ("True", 2), ("None", 2), ("f", 2), ("'1'", 2), ("1.5;", 2), ("3", 0), ("-1", 0)],
)
def test_a_number_as_the_last_expression_is_the_points(last, points):
    assert run(of(f"f = len\n{last}")) == points
    assert run(of(f"f = len\n### BEGIN HIDDEN TESTS\nf\n### END HIDDEN TESTS\n{last}")) == points


def test_points_that_a_call_gives_count():
    assert run(of("sum([0.5, 0.25])")) == 0.75
    assert run(of("print(1)"), print=lambda *_: None) == 2


@pytest.mark.parametrize("source", ["", "# only a comment", "'A docstring.'"])
def test_a_cell_without_statements_passes(source):
    assert run(of(source)) == 2


def test_a_test_worth_nothing_gives_nothing():
    assert run(of(HIDING, points=0), f=lambda x: x + 1) == 0


def test_unicode_and_quotes_come_through():
    source = '"Größe 📏."\nassert ñ == "\'\\"é\\n", f"{ñ} ≠ …"\nassert ñ, """\n€"""'
    found = of(source)
    assert "Größe 📏." in found[0].source
    assert run(found, ñ="'\"é\n") == 2
    assert run(found, ñ="") == 0


def test_decorators_and_statements_on_one_line_are_kept():
    source = "class A:\n    pass\n@call\ndef x():\n    return 1\na = 1; assert x == a; ä = 2; assert ä == 2"
    assert run(of(source), call=lambda function: function()) == 2


def test_a_test_that_is_not_python_is_refused_by_name():
    with pytest.raises(CourseError, match="cell test_double"):
        of("assert (")
