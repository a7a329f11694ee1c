"""Only the interpreter and its packages are visible, and secrets among them are refused."""

import sys
from pathlib import Path

import pytest

from nbjudge.errors import SandboxError
from nbjudge.sandbox import visible


def test_the_interpreter_and_its_packages_are_covered():
    paths = visible.visible_paths()
    for needed in (Path(sys.prefix) / "lib", Path(sys.base_prefix) / "lib", Path(visible.__file__)):
        assert any(needed.resolve().is_relative_to(path.resolve()) for path in paths), needed
    assert Path("/") not in paths
    assert Path.home() not in paths


def test_a_python_that_does_not_start_is_named():
    with pytest.raises(SandboxError, match="does not start"):
        visible.visible_paths("/bin/false")


def test_folders_inside_others_are_left_out():
    paths = [Path("/a/b/c"), Path("/a/b"), Path("/a/bc"), Path("/a/b")]
    assert visible.outermost(paths) == [Path("/a/b"), Path("/a/bc")]


def test_parents_come_outermost_first_and_without_the_root():
    assert visible.parents([Path("/a/b/c"), Path("/a/d")]) == [Path("/a"), Path("/a/b")]


def test_a_secret_inside_around_or_linked_into_a_visible_folder_is_refused(tmp_path):
    shown, secret = tmp_path / "shown", tmp_path / "shown" / "secret"
    secret.mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(secret)
    for forbidden in (secret, shown, tmp_path, link):
        with pytest.raises(SandboxError, match="would show"):
            visible.refuse_exposed([shown], [forbidden])
    visible.refuse_exposed([shown], [tmp_path / "elsewhere"])
