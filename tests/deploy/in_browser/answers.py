"""What three students hand in for one assignment: right answers, a common mistake, an attack."""

import copy
from pathlib import Path

import nbformat
from hostile import prying, values

from nbjudge.master.course import Course

ROOT = Path(__file__).parents[3]
ASSIGNMENT = "logistic-regression"
NOTEBOOK = f"descent/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
GRADIENT, LOOP, QUESTION = "lr_predictions_and_gradient", "train", "misclassified_trait"  # grade ids
MISTAKE, DIAGNOSIS = "gradient_summed", "Your gradient is the sum over the images, not the mean."
WORDS = "The sevens are steep, and the ones have a flag."
COMMENT = "You found the flag; the base line is the other half of it."


def solved():
    """The right answers, by grade id."""
    document = nbformat.read(ROOT / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    return {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in document.cells}


def mistaken():
    """The gradient of somebody who made the common mistake."""
    course = Course.find(ROOT)
    return next(one.source for one in course.mistakes(course.master(ASSIGNMENT)) if one.name == MISTAKE)


def attack(course):
    """Answers and further cells from the corpus of attacks, aimed at a course's folder: patches, a lie, searches."""
    patched = next(one for one in values.ATTACKS if one.name == "patched_torch").answers["gradient"]
    before = patched[: patched.index("def gradient")]
    lie = f"def {GRADIENT}(theta, X, t):\n    return torch.zeros(()), torch.zeros_like(theta), torch.zeros(len(X))"
    searches = [
        cell.replace("COURSE_ROOT", course).replace("traps", "logistic_regression")
        for one in prying.ATTACKS
        if one.name in ("environment", "processes", "course_folder", "imports")
        for cell in one.cells
    ]
    return {GRADIENT: before + lie}, searches


def found_by(path):
    """What each search of the attack printed, in an autograded notebook."""
    return [
        "".join(output.get("text", "") for output in cell.outputs)
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and "print('FOUND', found)" in cell.source
    ]


def filled(document, answers, cells=()):
    """A copy of a fetched notebook with answers by grade id, and code cells at its end."""
    document = copy.deepcopy(document)
    for cell in document["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(name, cell["source"])
    document["cells"] += [nbformat.v4.new_code_cell(source) for source in cells]
    return document


def hidden_lines():
    """Every line of a hidden test that can be told from visible ones."""
    found, shown = set(), set()
    for cell in nbformat.read(ROOT / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4).cells:
        hidden = False
        for line in map(str.strip, cell.source.splitlines()):
            hidden = line == "### BEGIN HIDDEN TESTS" or (hidden and line != "### END HIDDEN TESTS")
            (found if hidden else shown).add(line)
    lines = {line for line in found - shown if len(line) > 25}
    assert lines
    return lines
