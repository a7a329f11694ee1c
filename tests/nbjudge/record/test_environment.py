"""What code a grade rests on: versions of what is installed, and nbjudge's own files."""

import platform

from nbjudge.record.environment import environment, hash_code, hash_environment


def test_the_environment_names_versions_that_are_installed():
    found = environment(["numpy", "no-such-package"])
    assert found["python"] == platform.python_version()
    assert set(found) == {"python", "numpy"}
    assert hash_environment() == hash_environment()


def test_the_hash_of_a_package_changes_with_its_code(tmp_path, monkeypatch):
    (tmp_path / "grading_rules").mkdir()
    module = tmp_path / "grading_rules" / "__init__.py"
    module.write_text("generous = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    before = hash_code.__wrapped__("grading_rules")
    assert before == hash_code.__wrapped__("grading_rules")
    module.write_text("generous = False\n")
    assert hash_code.__wrapped__("grading_rules") != before


def test_a_package_that_is_not_installed_hashes_as_nothing():
    assert hash_code("no_such_package") == hash_code("neither_is_this")
    assert hash_code("nbjudge") != hash_code("no_such_package")
