"""What the grader makes of any bytes that are handed in as a notebook."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import nbformat
from masters import answer, check, notebook, plain, question, task

from nbjudge.errors import SubmissionError
from nbjudge.master.notebook import Notebook, read_notebook
from nbjudge.submission.document import read_submission_notebook
from nbjudge.submission.repair import repair

CELLS = (
    plain("# Doubling\n\nü ∂ 🙂", "markdown"),
    plain("import math"),
    answer("def double(x):\n    return x + x"),
    check("assert double(1) == 2"),
    answer("rate = 0.5\nname = 'é'", "rate"),
    check("assert rate == 0.5", "test_rate", 1),
    question("Twice is the sum with itself."),
    task("Draw it."),
)
MASTER: Notebook = read_notebook(notebook(*CELLS), "p")
SOUND: dict[str, Any] = json.loads(nbformat.writes(notebook(*CELLS)))


def read(data: bytes) -> str:
    """The sort of answer: "document", or "refused" with one sentence for the student.

    Raises AssertionError for a document that is not sound or a reason that is not clear, and whatever the reader
    raises besides its own error.
    """
    try:
        document = read_submission_notebook(data)
    except SubmissionError as error:
        reason = str(error)
        assert reason.endswith(".")
        assert 10 < len(reason) < 300, reason
        assert reason.isprintable(), reason
        return "refused"
    nbformat.validate(document)
    repaired = repair(MASTER, MASTER, document)
    assert [step.grade_id for step in repaired.steps if step.kind == "test"].count("test_rate") == 1
    assert all(note.endswith(".") and len(note) < 2000 for note in repaired.repairs)
    written = {cell.source for cell in document.cells}
    for source in repaired.answers.values():
        assert source in written or all(line in "\n".join(written) for line in source.splitlines())
    return "document"


def as_format_3(sound: dict[str, Any]) -> dict[str, Any]:
    """The same notebook in the format of 2013."""
    cells = [
        {
            "cell_type": "code",
            "input": cell["source"],
            "language": "python",
            "outputs": [],
            "metadata": cell["metadata"],
        }
        if cell["cell_type"] == "code"
        else cell
        for cell in sound["cells"]
    ]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "p"}, "worksheets": [{"cells": cells}]}


def as_minor(minor: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The same notebook in format 4.0 to 4.5; before 4.5 cells had no ids."""

    def converted(sound: dict[str, Any]) -> dict[str, Any]:
        cells = [{key: part for key, part in cell.items() if minor >= 5 or key != "id"} for cell in sound["cells"]]
        return sound | {"nbformat_minor": minor, "cells": cells}

    return converted


STARTS = [SOUND, as_format_3(SOUND), *(as_minor(minor)(SOUND) for minor in range(6))]


def encoded(content: Any, draw: random.Random | None = None) -> bytes:
    """JSON as bytes, in an encoding that an editor might have chosen."""
    text = json.dumps(content, ensure_ascii=draw is not None and draw.random() < 0.3)
    encoding = (
        draw.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1")) if draw else "utf-8"
    )
    return text.encode(encoding, "replace" if encoding == "latin-1" else "surrogatepass")
