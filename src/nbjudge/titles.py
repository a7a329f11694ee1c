"""Names of tests and exercises as people read them."""

from __future__ import annotations

from nbjudge.assignment import Assignment
from nbjudge.explain import title


def titles(master: Assignment) -> dict[str, str]:
    """A title for each test that gives itself one, in a docstring or a first comment."""
    found = {}
    for notebook in master.notebooks:
        for cell in notebook.tests:
            name = str(cell.grade_id)
            words = title(cell)
            if words != name.replace("_", " ").replace("-", " "):
                found[name] = words
    return found
