"""A small course that hostile submissions attack: a function, a list, a class and a variable."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from masters import answer, check, notebook, plain

from nbjudge.master.course import Course
from nbjudge.publish.release import build_release, publish

ASSIGNMENT = "traps"
NOTEBOOK = "work"

# Whatever of these stands on a student's page has leaked. The inputs are drawn near the number.
SECRET_INPUT = "271828"
SECRET_EXPECTED = "161803"
SECRET_TEXT = "the covert sum is off"
SECRET_COMMENT = "a covert remark"
SECRETS = (SECRET_INPUT, SECRET_EXPECTED, SECRET_TEXT, SECRET_COMMENT)

REFERENCE = f"""\
'''Staff only.'''
EXPECTED_TOTAL = {SECRET_EXPECTED}


def true_gradient(theta, X):
    return X.T @ (X @ theta) / len(X)
"""

HONEST = {
    "gradient": "def gradient(theta, X):\n    return X.T @ (X @ theta) / len(X)",
    "primes": (
        "def primes(n):\n    if n < 0:\n        raise ValueError('n must not be negative')\n"
        "    return [k for k in range(2, n) if all(k % d for d in range(2, k))]"
    ),
    "Basket": (
        "class Basket:\n    def __init__(self):\n        self.items = []\n\n"
        "    def add(self, price):\n        self.items.append(price)\n        return self\n\n"
        "    def total(self):\n        return sum(self.items)\n\n    def __len__(self):\n        return len(self.items)"
    ),
    "slope": "slope = 2.5",
}


def stub(name: str) -> str:
    """An answer cell of the master: the honest answer between nbgrader's markers."""
    return f"### BEGIN SOLUTION\n{HONEST[name]}\n### END SOLUTION"


CELLS = (
    plain("# Traps", "markdown"),
    plain("import numpy as np\nimport pytest\nimport torch"),
    plain("def check_close(one, other):\n    assert torch.allclose(one, other, atol=1e-4), 'The numbers differ.'"),
    answer(stub("gradient"), "gradient"),
    check(
        "theta = torch.tensor([1.0, 2.0])\nX = torch.tensor([[1.0, 0.0], [3.0, 1.0]])\n"
        "check_close(gradient(theta, X), torch.tensor([8.0, 2.5]))",
        "gradient_seen",
        1,
    ),
    check(
        "theta = torch.zeros(2)\nassert gradient(theta, X).shape == (2,), 'One entry for each parameter.'\n"
        "### BEGIN HIDDEN TESTS\n"
        "from autograder.traps.reference import true_gradient\n"
        f"# {SECRET_COMMENT}\n"
        "theta, X = torch.randn(3), torch.randn(7, 3)\n"
        "assert torch.allclose(gradient(theta, X), true_gradient(theta, X), atol=1e-4)\n"
        f"X[0, 0] = {SECRET_INPUT}.0\n"
        "got = gradient(theta, X)\n"
        "wanted = X.T @ (X @ theta) / len(X)\n"
        f"assert (abs(got - wanted) <= 1e-4 * abs(wanted).max()).all(), '{SECRET_TEXT}'\n"
        "np.testing.assert_allclose(gradient(theta, X), wanted, rtol=1e-3)\n"
        "### END HIDDEN TESTS",
        "gradient_hidden",
        3,
    ),
    check(
        "points = 0.0\n"
        "### BEGIN HIDDEN TESTS\n"
        "for rows in (4, 5):\n"
        "    theta, X = torch.randn(2), torch.randn(rows, 2)\n"
        "    points += float(torch.allclose(gradient(theta, X), true_gradient(theta, X), atol=1e-4))\n"
        "### END HIDDEN TESTS\n"
        "points",
        "gradient_points",
        2,
    ),
    answer(stub("primes"), "primes"),
    check(
        "### BEGIN HIDDEN TESTS\n"
        f"# {SECRET_COMMENT} about lists\n"
        "found = primes(30)\n"
        "assert isinstance(found, list) and len(found) == 10\n"
        "for one, other in zip(found, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]):\n"
        "    assert one == other and abs(one - other) < 1e-9\n"
        "assert primes(2) == [] and sum(primes(12)) == 28 and 7 in primes(8) and 9 not in primes(10)\n"
        "### END HIDDEN TESTS",
        "primes_list",
        2,
    ),
    check("with pytest.raises(ValueError):\n    primes(-1)", "primes_refuses", 1),
    answer(stub("Basket"), "Basket"),
    check(
        "basket = Basket()\nassert len(basket) == 0\nbasket.add(1.0).add(2.0)\n"
        "assert basket.total() == 3, f'total() gave {basket.total()!r}'\n"
        "### BEGIN HIDDEN TESTS\n"
        "from autograder.traps.reference import EXPECTED_TOTAL\n"
        "assert isinstance(basket, Basket) and len(basket) == 2\n"
        f"basket.add(EXPECTED_TOTAL - {SECRET_INPUT})\n"
        f"assert basket.total() == EXPECTED_TOTAL - {SECRET_INPUT} + 3, f'not {{EXPECTED_TOTAL}}'\n"
        "### END HIDDEN TESTS\n"
        "assert len(Basket()) == 0, f'len() of an empty basket gave {len(Basket())}'",
        "basket",
        2,
    ),
    answer(stub("slope"), "slope"),
    check(
        "assert isinstance(slope, float), f'slope is {slope!r}'\n"
        "### BEGIN HIDDEN TESTS\nassert abs(slope - 2.5) < 1e-9\n### END HIDDEN TESTS",
        "slope_value",
        1,
    ),
    plain("print('The end.')"),
)
POINTS = {
    "gradient": {"gradient_seen": 1.0, "gradient_hidden": 3.0, "gradient_points": 2.0},
    "primes": {"primes_list": 2.0, "primes_refuses": 1.0},
    "Basket": {"basket": 2.0},
    "slope": {"slope_value": 1.0},
}


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    ``says`` is the attack in a sentence; ``answers`` replaces honest answers by grade id; ``cells`` are added at
    the end, ``first`` in front; ``edit`` may change the document in any way; ``files`` are handed in too.
    ``earns`` gives the points of tests that the attack's honest part earns; tests of exercises that it does not
    touch earn all. ``file`` is the notebook's name, ``raw`` its bytes instead of a document; ``lay(folder, root)``
    may put into the submission's folder what it likes. ``folder`` is the student's folder if it isn't called like
    the attack, ``student`` what the grader calls the student then. ``damaged`` is a part of the reason why nothing
    can be graded, ``status`` the beginning of the status otherwise. ``slow`` attacks take tens of seconds. Tests in ``may_lose`` are lost or not, as the process
    happens to end.
    """

    name: str
    says: str
    answers: Mapping[str, str] = field(default_factory=dict)
    earns: Mapping[str, float] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    edit: Callable[[Any], Any] | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    file: str = f"{NOTEBOOK}.ipynb"
    raw: bytes | None = None
    lay: Callable[[Path, Path], None] | None = None
    folder: str = ""
    student: str = ""
    damaged: str = ""
    status: str = "graded"
    slow: bool = False
    may_lose: tuple[str, ...] = ()

    @property
    def known_as(self) -> str:
        """The student's name in everything that is written."""
        return self.student or self.folder or self.name

    def points(self) -> dict[str, float]:
        """What each test should give."""
        if self.damaged:
            return {}
        honest = {
            test: 0.0 if exercise in self.answers else points
            for exercise, tests in POINTS.items()
            for test, points in tests.items()
        }
        return honest | dict(self.earns)


def write_course(root: Path) -> Path:
    """Write and publish the course at ``root``."""
    source, staff = root / "source" / ASSIGNMENT, root / "autograder" / ASSIGNMENT
    source.mkdir(parents=True)
    staff.mkdir(parents=True)
    nbformat.write(notebook(*CELLS), source / f"{NOTEBOOK}.ipynb")
    (staff / "reference.py").write_text(REFERENCE)
    found = Course.find(root)
    publish(found, build_release(found, ASSIGNMENT, root.parent / "staging"))
    return root


def hand_in(root: Path, folder: Path, attacks: list[Attack]) -> Path:
    """Write each attack as a submission in nbgrader's layout."""
    released = json.loads((root / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_text())
    for attack in attacks:
        document = copy.deepcopy(released)
        for cell in document["cells"]:
            cell["source"] = "".join(cell["source"])
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in HONEST:
                cell["source"] = attack.answers.get(name, HONEST[name])
        document["cells"] = [*map(_code, attack.first), *document["cells"], *map(_code, attack.cells)]
        if attack.edit is not None:
            document = attack.edit(document) or document
        place = folder / (attack.folder or attack.name) / ASSIGNMENT
        place.mkdir(parents=True)
        text = json.dumps(document).replace("COURSE_ROOT", str(root)).encode()
        (place / attack.file).write_bytes(text if attack.raw is None else attack.raw)
        for name, content in attack.files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
        if attack.lay is not None:
            attack.lay(place, root)
    return folder


def _code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
