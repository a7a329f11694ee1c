"""The doctor says what is there, and for what is missing, what to do."""

import pytest

from nbjudge import doctor


def test_a_whole_diagnosis_names_everything_that_grading_uses():
    findings = {finding.name: finding for finding in doctor.diagnose()}
    assert {"python", "platform", "bubblewrap", "user namespaces", "private /proc", "devices"} <= set(findings)
    assert findings["user namespaces"].ok
    assert findings["private /proc"].ok
    assert all(finding.value for finding in findings.values())


def test_a_missing_bubblewrap_comes_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    finding = doctor.bubblewrap()
    assert not finding.ok
    assert "apt-get install bubblewrap" in finding.fix
    assert [found.ok for found in doctor.isolation()] == [False, False]


@pytest.mark.parametrize(
    ("requirements", "wanted"),
    [
        (["numpy", "torch==2.15.0", "pillow!=8.3"], "2.15.0"),
        (["torch (==2.7.1)"], "2.7.1"),
        (["torch>=2"], None),
        (["torchaudio==2.1"], None),
    ],
)
def test_the_torch_that_torchvision_was_built_for_is_read_from_its_requirements(requirements, wanted):
    assert doctor.wanted_torch(requirements) == wanted


def test_a_torch_that_does_not_match_is_named_with_the_right_one(monkeypatch):
    monkeypatch.setattr(doctor, "version", {"torch": "2.14.0+cpu", "torchvision": "0.29.2"}.get)
    monkeypatch.setattr("importlib.metadata.requires", lambda name: ["torch==2.15.0"])
    finding = doctor.torch_pair()
    assert not finding.ok
    assert "torch==2.15.0" in finding.fix


def test_a_needed_package_that_is_missing_is_a_fault_and_an_optional_one_is_not(monkeypatch):
    monkeypatch.setattr(doctor, "version", lambda name: None)
    assert not doctor.package("nbgrader", needed=True).ok
    assert doctor.package("otter-grader", needed=False).ok


def test_memory_controllers_are_told_apart(tmp_path):
    assert "no cgroup" in doctor.memory_limits(tmp_path).value
    (tmp_path / "memory").mkdir()
    assert "cgroup v1" in doctor.memory_limits(tmp_path).value
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids\n")
    assert "cgroup v2" in doctor.memory_limits(tmp_path).value
