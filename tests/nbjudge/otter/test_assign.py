import importlib.metadata
import json

import pytest
from golden import kept, made

from nbjudge.errors import CourseError
from nbjudge.otter import assign
from nbjudge.otter.assign import installed_version, run_otter


def test_otter_makes_the_golden_version_for_students(converted):
    assert json.loads(made(converted)["student.ipynb"]) == json.loads(kept()["student.ipynb"])


def test_otter_makes_the_golden_tests(converted):
    wanted, found = kept(), made(converted)
    assert set(found) == set(wanted)
    for name in found:
        if name.startswith("tests/"):
            assert found[name] == wanted[name]


def test_without_the_package_there_is_no_version(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert installed_version() is None


def test_what_otter_refuses_is_one_sentence(tmp_path):
    with pytest.raises(CourseError, match=r"`otter assign` failed: .*there-is-none") as error:
        run_otter("assign", tmp_path, master="there-is-none.ipynb", result="dist")
    assert "\n" not in str(error.value)


def test_an_otter_of_another_version_is_not_run(tmp_path, monkeypatch):
    monkeypatch.setattr(assign, "installed_version", lambda: "6.0.0")
    with pytest.raises(CourseError, match=r"otter-grader 6\.0\.0 is installed"):
        assign.assign("n", {"cells": []}, {}, tmp_path)
    assert not list(tmp_path.iterdir())
