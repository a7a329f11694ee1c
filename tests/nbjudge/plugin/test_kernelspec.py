"""`nbjudge kernel`: a kernel that Jupyter's programs find by its name, run in the sandbox, and leave nothing of."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import psutil
import pytest
from by_nbgrader import REPOSITORY
from click.testing import CliRunner
from jupyter_client.kernelspec import KernelSpecManager
from masters import answer, check, notebook, plain
from nbgrader.validator import Validator
from traitlets.config import Config, PyFileConfigLoader

from nbjudge.cli import main
from nbjudge.plugin import kernelspec
from nbjudge.sandbox.provisioner import ADDRESS_VARIABLE
from nbjudge.sandbox.sandbox import Sandbox

WHERE = "import os; print(os.getcwd(), os.path.exists('/etc/passwd'))"
INSIDE = "/tmp False\n"


def nbjudge(*words):
    return CliRunner().invoke(main, ["kernel", *map(str, words)], prog_name="nbjudge")


@pytest.fixture
def prefix(tmp_path, monkeypatch):
    """A prefix where Jupyter looks for kernels, and nowhere else."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "prefix" / "share" / "jupyter"))
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("JUPYTER_DATA_DIR", raising=False)
    return tmp_path / "prefix"


@pytest.fixture(scope="module")
def zygote():
    with Sandbox() as sandbox:
        yield sandbox.address


@pytest.fixture
def warm(prefix, zygote, monkeypatch):
    """The kernel, installed, and forked from a sandbox that is open already."""
    monkeypatch.setenv(ADDRESS_VARIABLE, zygote)
    assert nbjudge("install", "--prefix", prefix).exit_code == 0
    return prefix


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=300, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done


def write(path, *sources, kernel="nbjudge"):
    made = notebook(*map(plain, sources), kernel={"name": kernel, "display_name": kernel, "language": "python"})
    nbformat.write(made, path)
    return path


def printed(path):
    return [output["text"] for cell in nbformat.read(path, as_version=4).cells for output in cell.outputs]


def test_jupyter_finds_what_was_installed_and_no_longer_what_was_removed(prefix):
    done = nbjudge("install", "--prefix", prefix)
    assert (done.exit_code, done.output) == (0, f"installed: {prefix}/share/jupyter/kernels/nbjudge\n")
    found = KernelSpecManager().get_all_specs()["nbjudge"]["spec"]
    assert found["metadata"]["kernel_provisioner"]["provisioner_name"] == "nbjudge-sandbox"
    assert nbjudge("remove", "--prefix", prefix).output == f"removed: {prefix}/share/jupyter/kernels/nbjudge\n"
    assert "nbjudge" not in KernelSpecManager().get_all_specs()
    assert list((prefix / "share" / "jupyter" / "kernels").iterdir()) == []


def test_it_is_installed_for_a_user_or_for_this_python(prefix, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    assert str(tmp_path / "home") in nbjudge("install", "--user").output
    for option in ([], ["--sys-prefix"]):
        assert str(tmp_path / "python" / "share") in nbjudge("install", *option).output
    assert nbjudge("remove").exit_code == nbjudge("remove", "--user").exit_code == 0


def test_name_title_and_modules_can_be_chosen_and_installing_again_changes_them(prefix):
    nbjudge("install", "--prefix", prefix, "--name", "judge-2.0")
    nbjudge("install", "--prefix", prefix, "--name", "judge-2.0", "--display-name", "Small", "--preload", "json")
    spec = KernelSpecManager().get_kernel_spec("judge-2.0")
    assert spec.display_name == "Small"
    assert spec.metadata["kernel_provisioner"]["config"]["preload"] == ["json"]


def test_where_jupyter_does_not_look_it_says_so(prefix, tmp_path):
    done = nbjudge("install", "--prefix", tmp_path / "elsewhere")
    assert f"add {tmp_path}/elsewhere/share/jupyter to JUPYTER_PATH" in done.output


@pytest.mark.parametrize("name", ["../up", "", "a/b", "naïve", "a" * 101])
@pytest.mark.parametrize("verb", ["install", "remove"])
def test_an_impossible_name_is_refused(prefix, verb, name):
    done = nbjudge(verb, "--prefix", prefix, "--name", name)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert not prefix.exists()


def test_a_kernel_that_is_not_ours_is_neither_replaced_nor_removed(prefix):
    other = prefix / "share" / "jupyter" / "kernels" / "nbjudge"
    for text in ('{"argv": ["python"]}', "{not json", "[]", None):
        other.mkdir(parents=True, exist_ok=True)
        if text is None:
            (other / "kernel.json").unlink()
        else:
            (other / "kernel.json").write_text(text)
        assert "there is another kernel of this name" in nbjudge("install", "--prefix", prefix).stderr
        assert "this kernel is not nbjudge's" in nbjudge("remove", "--prefix", prefix).stderr
    assert other.is_dir()


def test_what_cannot_be_done_is_said_in_a_sentence(prefix):
    assert "there is no kernel 'nbjudge'" in nbjudge("remove", "--prefix", prefix).stderr
    both = nbjudge("install", "--user", "--prefix", prefix)
    assert (both.exit_code, "exclude each other" in both.stderr) == (2, True)
    prefix.write_text("a file")
    done = nbjudge("install", "--prefix", prefix)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "the kernel cannot be written (Not a directory)" in done.stderr


@pytest.mark.slow
def test_nbconvert_runs_a_notebook_that_names_it(warm, tmp_path):
    path = write(tmp_path / "a.ipynb", WHERE)
    run(sys.executable, "-m", "nbconvert", "--to=notebook", "--execute", "--inplace", path)
    assert printed(path) == [INSIDE]


@pytest.mark.slow
def test_a_console_sends_a_script_to_it(warm, tmp_path):
    (tmp_path / "script.py").write_text(WHERE)
    assert (
        INSIDE in run(sys.executable, "-m", "jupyter_client.runapp", "--kernel=nbjudge", tmp_path / "script.py").stdout
    )


@pytest.mark.slow
def test_papermill_runs_a_notebook_in_it_with_parameters(warm, tmp_path):
    path = write(tmp_path / "a.ipynb", WHERE, "print(n + 1)", kernel="python3")
    run(sys.executable, "-m", "papermill", "-k", "nbjudge", "-p", "n", "41", path, tmp_path / "b.ipynb")
    assert printed(tmp_path / "b.ipynb") == [INSIDE, "42\n"]


@pytest.mark.slow
def test_a_program_that_ended_leaves_no_process_and_no_file(prefix, tmp_path):
    """With a sandbox of its own, as for anybody who only names the kernel."""
    nbjudge("install", "--prefix", prefix, "--preload", "json")
    path = write(tmp_path / "a.ipynb", WHERE)
    folder = tempfile.mkdtemp(prefix="kernel-", dir="/tmp")
    environment = {name: value for name, value in os.environ.items() if name != ADDRESS_VARIABLE} | {"TMPDIR": folder}
    run(sys.executable, "-m", "nbconvert", "--to=notebook", "--execute", "--inplace", path, env=environment)
    assert printed(path) == [INSIDE]
    assert list(Path(folder).glob("nbjudge-run-*")) == []
    left = [process.cmdline() for process in psutil.process_iter() if folder in " ".join(_arguments(process))]
    assert left == []
    shutil.rmtree(folder)


def _arguments(process):
    try:
        return [*process.cmdline(), *process.environ().values()]
    except psutil.Error:
        return []


VISIBLE = "assert double(1) == 2, 'double(1) should be 2'"
PRIES = "import os\ndef double(x):\n    return 2 if not os.path.exists('/etc/passwd') else 0"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("source", "failed"),
    [
        ("def double(x):\n    return 2 * x", []),
        ("def double(x):\n    return x", ["double(1) should be 2"]),
        (PRIES, []),
    ],
    ids=["right", "wrong", "in the sandbox"],
)
def test_validate_runs_the_visible_tests_in_it(warm, tmp_path, source, failed):
    """What the button does: a Validator with the configuration that is found."""
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook(answer(source), check(VISIBLE)), path)
    config = Config()
    config.Validator.Execute.kernel_name = "nbjudge"
    told = Validator(config=config).validate(str(path)).get("failed", [])
    assert [sentence for one in told for sentence in failed if sentence in one["raw_error"]] == failed
    assert len(told) == len(failed)


def test_on_the_hub_validate_uses_it_as_soon_as_it_is_installed(prefix):
    def settings():
        folder = REPOSITORY / "deploy" / "jupyterhub" / "config" / "everyone"
        return PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()

    assert "Validator" not in settings()
    nbjudge("install", "--prefix", prefix)
    assert settings().Validator.Execute.kernel_name == "nbjudge"


def test_the_kernels_description_is_plain_json():
    spec = kernelspec.kernelspec()
    assert json.loads(json.dumps(spec)) == spec
    assert spec["interrupt_mode"] == "signal"
