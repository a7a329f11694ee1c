from types import SimpleNamespace

from nbjudge.namespace import Namespace
from nbjudge.notebook import Cell, Role
from nbjudge.testcell import TestResult, run_test


def run(source):
    cell = Cell(0, "code", Role.TEST, source, "t", grade_id="t", points=2.0)
    student = SimpleNamespace(complaints=[], transcript=[], received=[], changes=False, deadline=0.0, fault="")
    return run_test(cell, Namespace(student), student, set(), 5.0)


HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS\n"


def test_a_visible_failure_stays_visible_when_a_hidden_part_binds_the_same_names_later():
    result = run("got = 1\nassert got == 2\n" + HIDDEN.format("got = 3"))
    assert isinstance(result, TestResult)
    assert result.visible
    assert result.points == 0.0
    assert result.statement == "assert got == 2"


def test_a_visible_statement_that_reads_what_a_hidden_one_bound_counts_as_hidden():
    assert not run("got = 1\n" + HIDDEN.format("want = 31337") + "assert got == want").visible


def test_a_hidden_failure_is_hidden():
    assert not run("got = 1\n" + HIDDEN.format("assert got == 2")).visible


def test_a_cell_that_runs_to_its_end_earns_its_points():
    assert run("got = 1\nassert got == 1\n" + HIDDEN.format("assert got > 0")).points == 2.0
