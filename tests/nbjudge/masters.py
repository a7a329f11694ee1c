"""Tiny masters, made in code."""

import copy

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def about(grade_id, **flags):
    """nbgrader's metadata for a cell."""
    flags = {"grade": False, "solution": False, "locked": False, "schema_version": 3, **flags}
    return {"nbgrader": {"grade_id": grade_id, **flags}}


def plain(source, kind="code"):
    return (new_code_cell if kind == "code" else new_markdown_cell)(source)


def answer(source, grade_id="double"):
    return new_code_cell(source, metadata=about(grade_id, solution=True))


def check(source, grade_id="test_double", points=2):
    return new_code_cell(source, metadata=about(grade_id, grade=True, locked=True, points=points))


def question(source, grade_id="why", points=1):
    return new_markdown_cell(source, metadata=about(grade_id, grade=True, solution=True, points=points))


def task(source, grade_id="draw", points=3):
    return new_markdown_cell(source, metadata=about(grade_id, task=True, locked=True, points=points))


def notebook(*cells, kernel=KERNEL):
    made = new_notebook(cells=copy.deepcopy(list(cells)), metadata={"kernelspec": dict(kernel)} if kernel else {})
    for index, cell in enumerate(made.cells):
        cell["id"] = f"cell-{index}"
    return made


DOUBLE = notebook(
    plain("# Doubling", "markdown"),
    answer("def double(x):\n    ### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION"),
    check("assert double(1) == 2\n### BEGIN HIDDEN TESTS\nassert double(21) == 42\n### END HIDDEN TESTS"),
    question("Twice is the sum with itself."),
    task("Draw it.\n\n### BEGIN MARK SCHEME\nA line through the origin.\n### END MARK SCHEME"),
)


def course(root, **notebooks):
    """Write a course with one assignment, ps1, and return its root."""
    folder = root / "source" / "ps1"
    folder.mkdir(parents=True)
    for name, document in (notebooks or {"doubling": DOUBLE}).items():
        nbformat.write(document, folder / f"{name}.ipynb")
    return root
