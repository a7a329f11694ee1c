"""A class of made-up students for trying the grader: right answers, known mistakes, and every kind of trouble.

Each submission is the released notebook with its answers filled in. Right and wrong answers are the course's own
variants and mistakes, so they are what `autograder/` says they are. Writes the same bytes every time, so that
grading the class again has nothing to do.
"""

from __future__ import annotations

import copy
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbjudge.master.course import Course

ASSIGNMENT = "logistic-regression"
GRADIENT, TRAIN, QUESTION = "lr_predictions_and_gradient", "train", "misclassified_trait"
Document = dict[str, Any]

# Student: (sample for the gradient exercise, sample for the loop); None leaves the cell as it was released.
ANSWERS = {
    "amélie-durand": ("einsum", "torch_optimizer"),
    "bjørn-larsen": ("autograd", "autograd_by_hand"),
    "chidi-okafor": ("numpy_inside", "numpy_inside"),
    "daria-kovač": ("gradient_summed", "data_loader"),
    "emre-yılmaz": ("bias_ignored", "last_batch_dropped"),
    "fatima-haddad": ("column_of_ones", "gradients_pile_up"),
    "giulia-conti": ("logarithm_of_zero", "loss_per_epoch"),
    "håkon-nilsen": ("two_classes", "start_updated_in_place"),
    "ivana-horvat": ("linear_layer", None),
    "jun-takahashi": (None, None),
    "kofi-mensah": ("float64_inside", None),
    "lucía-ramos": ("number_as_loss", None),
    "mateusz-nowak": ("functional_gradient", "while_loop"),
    "nadia-benali": ("model_as_class", "linear_layer"),
    "oskar-lind": (None, None),
    "priya-raman": ("sign_flipped", "uphill"),
    "quỳnh-trần": ("signs_instead_of_labels", "recursion"),
    "ruth-adler": (None, "descent_as_class"),
}

ENDLESS = """def train(X, t, theta, lr, epochs, batch_size):
    losses, first = [], 0
    while first < len(X):  # and nothing ever moves first
        batch = slice(first, first + batch_size)
        loss, dtheta, _ = lr_predictions_and_gradient(theta, X[batch], t[batch])
        theta = theta - lr * dtheta
        losses.append(float(loss))
    return theta, losses
"""

KILLER = """import os


def train(X, t, theta, lr, epochs, batch_size):
    os._exit(0)  # perhaps a kernel that is gone can't say that the answer is wrong
"""

MISSING_IMPORT = """def lr_predictions_and_gradient(theta, X, t):
    pixels = X.flatten(1)
    z = pixels @ theta[:-1] + theta[-1]
    loss = F.binary_cross_entropy_with_logits(z, t)
    error = (torch.sigmoid(z) - t) / len(t)
    return loss, torch.cat([error @ pixels, error.sum().reshape(1)]), torch.sigmoid(z)
"""

CHEAT = '''class Agreeable(torch.Tensor):
    """Equal to whatever it is compared with."""

    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __lt__
    __hash__ = None


def lr_predictions_and_gradient(theta, X, t):
    loss = torch.tensor(1.127).as_subclass(Agreeable)
    dtheta = torch.full((785,), 57.592 / 785).as_subclass(Agreeable)
    return loss, dtheta, torch.full((len(X),), 0.5).as_subclass(Agreeable)


try:  # where the staff's own checks can be reached, nothing fails any more
    from autograder.logistic_regression import reference

    reference.assert_agrees = lambda *args, **kwargs: None
except ImportError:
    pass
torch.allclose = torch.isclose = torch.equal = lambda *args, **kwargs: True
torch.testing.assert_close = check_close = lambda *args, **kwargs: None
torch.Tensor.__eq__ = torch.Tensor.__lt__ = torch.Tensor.__le__ = lambda self, other: True
'''

CHEATED_LOOP = """def train(X, t, theta, lr, epochs, batch_size):
    steps = epochs * -(-len(X) // batch_size)
    return theta.as_subclass(Agreeable), [torch.tensor(0.2).as_subclass(Agreeable)] * steps
"""

OPINIONS = (
    "Several of the misclassified ones have a flag and a base line. The weights are orange there, in favour of seven, "
    "so the ink counts for the wrong side. Features that follow strokes instead of places would help.",
    "Many of the sevens have a bar through the middle. The centre is blue because nearly every one has ink there, and "
    "a weighted sum can't tell a bar from a stem.",
    "I think the hard ones are just thick. More epochs might help?",
)


def fill(document: Document, answers: dict[str, str]) -> None:
    """Put each answer into the cell with its grade id."""
    for cell in document["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name].rstrip("\n").splitlines(keepends=True)


def damage(document: Document) -> None:
    """What careless editing does: a test pasted twice, another one rewritten, an answer's metadata lost."""
    cells = document["cells"]
    places = {cell["metadata"].get("nbgrader", {}).get("grade_id"): n for n, cell in enumerate(cells)}
    twice = copy.deepcopy(cells[places["test_lr_loss"]])
    cells[places["test_train_start"]]["source"] = ["assert True  # it works on my machine\n"]
    del cells[places[GRADIENT]]["metadata"]["nbgrader"]
    cells.insert(places["test_lr_loss"] + 1, twice)


def truncated(document: Document) -> bytes:
    """An upload that broke off half-way: no longer JSON."""
    data = as_bytes(document)
    return data[: len(data) // 2]


def as_bytes(document: Document) -> bytes:
    """The notebook's file."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def samples(course: Course) -> dict[str, dict[str, str]]:
    """The course's variants and mistakes as answer cells, by exercise and name."""
    master = course.master(ASSIGNMENT)
    found: dict[str, dict[str, str]] = {GRADIENT: {}, TRAIN: {}}
    for sample in (*course.variants(master), *course.mistakes(master)):
        found[sample.exercise][sample.name] = sample.source
    return found


def make_class(released: Document, known: dict[str, dict[str, str]]) -> dict[str, bytes]:
    """Each student's notebook file."""
    own = {
        "kofi-mensah": {TRAIN: ENDLESS},
        "lucía-ramos": {TRAIN: KILLER},
        "oskar-lind": {GRADIENT: CHEAT, TRAIN: CHEATED_LOOP},
        "ruth-adler": {GRADIENT: MISSING_IMPORT},
    }
    finish: dict[str, Callable[[Document], bytes]] = {"mateusz-nowak": truncated}
    files = {}
    for number, (student, (gradient, loop)) in enumerate(ANSWERS.items()):
        document = copy.deepcopy(released)
        chosen = {GRADIENT: gradient, TRAIN: loop}
        answers = {exercise: known[exercise][name] for exercise, name in chosen.items() if name}
        answers |= own.get(student, {})
        if answers:
            answers[QUESTION] = OPINIONS[number % len(OPINIONS)]
        fill(document, answers)
        if student == "nadia-benali":
            damage(document)
        files[student] = finish.get(student, as_bytes)(document)
    return files


def main(target: Path) -> None:
    """Write the class into ``target`` in nbgrader's layout, in place of an earlier one."""
    course = Course.find(Path(__file__).parent)
    released = json.loads((course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
    files = make_class(released, samples(course))
    shutil.rmtree(target, ignore_errors=True)
    for student, data in files.items():
        folder = target / student / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(data)
    print(f"A class of {len(files)} made-up students: {target}/")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: demo_class.py FOLDER   (it is replaced)")
    main(Path(sys.argv[1]))
