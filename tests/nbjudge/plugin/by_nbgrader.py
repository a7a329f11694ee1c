"""What formgrader's buttons call, in this process: nbgrader's API with the repository's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

REPOSITORY = Path(__file__).parents[3]


def configuration(root: Path, settings: Mapping[str, Mapping[str, Any]] | None = None) -> Config:
    """The repository's nbgrader_config.py for a course elsewhere, and more settings by class and name."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(REPOSITORY)).load_config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = ""
    for name, values in (settings or {}).items():
        config[name].update(values)
    return config


def formgrader(root: Path, settings: Mapping[str, Mapping[str, Any]] | None = None) -> NbGraderAPI:
    config = configuration(root, settings)
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def autograde(root: Path, *students: str, settings: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Press the button for each student; by student, nbgrader's answer."""
    api = formgrader(root, settings)
    return {student: api.autograde("ps1", student) for student in students}


def page(root: Path, student: str, settings: Mapping[str, Mapping[str, Any]] | None = None) -> str:
    """The feedback page that formgrader makes of an autograded submission."""
    answer = formgrader(root, settings).generate_feedback("ps1", student)
    assert answer["success"], answer
    return (root / "feedback" / student / "ps1" / "warmup.html").read_text()


def autograded(root: Path, student: str, notebook: str = "warmup") -> Any:
    """The notebook as formgrader shows it."""
    return nbformat.read(root / "autograded" / student / "ps1" / f"{notebook}.ipynb", as_version=4)


def outputs(document: Any, grade_id: str) -> list[Any]:
    """The outputs of one of nbgrader's cells."""
    (cell,) = [c for c in document.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return list(cell.outputs)
