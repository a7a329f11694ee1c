"""The wheel for students, and the cell that installs it, the first of each notebook."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PathDistribution

import nbformat
import pytest
from cells import ROOT

SCRIPT = ROOT / "tools" / "student_wheel.py"
SOURCES = ROOT / "src"
MASTERS = sorted(ROOT.glob("source/*/*.ipynb"))

spec = importlib.util.spec_from_file_location("student_wheel", SCRIPT)
student_wheel = importlib.util.module_from_spec(spec)
spec.loader.exec_module(student_wheel)


def cell():
    """The cell that the script's docstring prescribes."""
    _, _, after = student_wheel.__doc__.partition("descent is missing:\n\n")
    return "\n".join(line.removeprefix("    ") for line in after.rstrip().splitlines())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return student_wheel.write_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_same_sources_give_the_same_bytes(wheel, tmp_path):
    assert student_wheel.write_wheel(ROOT, tmp_path / "again").read_bytes() == wheel.read_bytes()


def test_it_holds_all_of_descent_and_nothing_of_the_grader(wheel):
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    package = SOURCES / "descent"
    wanted = {path.relative_to(SOURCES).as_posix() for path in package.rglob("*") if path.is_file()}
    wanted = {name for name in wanted if "__pycache__" not in name}
    assert {name for name in names if name.startswith("descent/")} == wanted
    assert all(name.startswith(("descent/", "descent-")) for name in names)


def test_its_name_is_the_one_in_the_cell(wheel):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.findall(r"descent-\S+\.whl", cell()) == [wheel.name] == [f"descent-{version}-py3-none-any.whl"]


def test_it_asks_for_what_the_project_asks_for(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(tmp_path)
    (about,) = tmp_path.glob("*.dist-info")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert PathDistribution(about).requires == project["dependencies"]


def run_cell(folder, is_installed):
    """What the cell prints in IPython, run in `folder`, where descent is installed or is not."""
    script = f"""
import sys
sys.path[:] = [path for path in sys.path if path and not path.endswith("src")] + {[str(SOURCES)] * is_installed!r}
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="nocolor")
shell.magics_manager.register_function(lambda line: print("PIP", line), magic_name="pip")
shell.run_cell({cell()!r})
"""
    environment = {**os.environ, "IPYTHONDIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_the_cell_does_nothing_where_descent_is_installed(tmp_path):
    assert run_cell(tmp_path, is_installed=True) == ""


def test_the_cell_says_in_a_sentence_what_to_do_where_there_is_no_wheel(tmp_path):
    out = run_cell(tmp_path, is_installed=False)
    assert "PIP" not in out
    assert "FileNotFoundError: Put descent-0.1.0-py3-none-any.whl, from your course, beside this notebook" in out


def test_the_cell_installs_the_wheel_beside_the_notebook(tmp_path, wheel):
    (tmp_path / wheel.name).write_bytes(wheel.read_bytes())
    assert f"PIP install --quiet ./{wheel.name}" in run_cell(tmp_path, is_installed=False)


@pytest.mark.slow
def test_pip_installs_the_wheel_and_descent_finds_its_data(tmp_path, wheel):
    target = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel]
    subprocess.run(install, check=True)
    code = "import descent, sys; print(descent.__file__); print(len(descent.ones_and_sevens()[0]))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(target / "descent" / "__init__.py"), "13007"]


@pytest.mark.parametrize("path", MASTERS, ids=lambda path: path.stem)
def test_it_is_the_first_code_cell_of_each_notebook(path):
    first = next(one for one in nbformat.read(path, as_version=4).cells if one.cell_type == "code")
    assert first.id == "install"
    assert first.source == cell()
