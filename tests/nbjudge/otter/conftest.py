"""A published course with Otter's version of it, for all tests of a session; those that write take a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from golden import write_golden_course
from tiny import ASSIGNMENT

from nbjudge.master.course import Course
from nbjudge.otter.version import write_version


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The golden course, built, with Otter's version; only to be read."""
    course = write_golden_course(tmp_path_factory.mktemp("otter") / "course")
    said = write_version(course, ASSIGNMENT)
    assert said == "ps1: Otter's version is written."
    return course


@pytest.fixture
def own(converted: Course, tmp_path: Path) -> Course:
    """A copy of it."""
    return Course.at(Path(shutil.copytree(converted.root, tmp_path / "course")))
