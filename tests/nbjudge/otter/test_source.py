import copy
import json

from golden import kept, made
from masters import DOUBLE, check, notebook, plain, question
from tiny import ASSIGNMENT, NOTEBOOK, released

from nbjudge.master.notebook import read_notebook
from nbjudge.otter.source import otter_source


def sources(*cells, files=()):
    document = notebook(*cells)
    return [cell["source"] for cell in otter_source(read_notebook(document, "n"), document, files)["cells"]]


def test_the_conversion_gives_the_golden_source(converted):
    assert json.loads(made(converted)["source.ipynb"]) == json.loads(kept()["source.ipynb"])


def test_the_conversion_is_pure(converted):
    (master,), document = converted.master(ASSIGNMENT).notebooks, released(converted.root, NOTEBOOK)
    before = copy.deepcopy(document)
    first, second = otter_source(master, document), otter_source(master, document)
    assert first == second
    assert document == before


def test_a_notebook_without_tests_keeps_its_questions():
    found = sources(question("Because.", points=1))
    assert '# BEGIN QUESTION\nname: "why"\nmanual: true\npoints: 1' in found
    assert "*Your answer to `why` is read by a person (1 point).*" in found
    assert "# BEGIN TESTS" not in found


def test_a_task_comes_with_its_mark_scheme_as_the_solution():
    found = sources(DOUBLE.cells[-1])
    assert found.index("# BEGIN SOLUTION") < found.index("Draw it.\n\nA line through the origin.")


def test_every_test_cell_is_a_question_with_its_name_and_points():
    found = sources(check("assert 1", "first", 0), check("assert 2", "second-one", 2.5))
    assert found.count("# BEGIN TESTS") == 2
    assert '# BEGIN QUESTION\nname: "second-one"' in found
    assert any("points: 2.5\nhidden: false" in source for source in found)
    assert any("points: 0\nhidden: false" in source for source in found)


def test_files_go_with_the_notebook():
    assert 'files: ["a b.csv", "data/ü.txt"]' in sources(plain("x = 1"), files=["a b.csv", "data/ü.txt"])[0].encode(
        "ascii", "backslashreplace"
    ).decode("unicode_escape")
