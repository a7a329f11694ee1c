"""What the documentation says is so: verbs, options, links, files, commands."""

import contextlib
import importlib.util
import re
import subprocess
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from nbjudge.cli import main

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "deploy").rglob("*.md")])
MAKEFILE = (ROOT / "Makefile").read_text()


def named(path):
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("cli_reference", ROOT / "tools" / "cli_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_command_line_reference_is_what_help_says(tool):
    assert (ROOT / "docs" / "cli.md").read_text() == tool.reference(), "run `make reference`"


@pytest.mark.parametrize("verb", sorted(main.commands))
def test_a_verb_has_help_and_so_has_each_of_its_options(verb):
    command = main.commands[verb]
    assert command.help
    for option in command.params:
        if option.param_type_name == "option" and option.name != "device":
            assert option.help, option.name


@pytest.mark.parametrize("verb", sorted(main.commands))
def test_a_verb_is_used_somewhere_in_the_documentation(verb):
    pages = "".join(page.read_text() for page in PAGES if page.name != "cli.md")
    assert f"nbjudge {verb}" in pages


def test_the_documentation_uses_only_verbs_and_options_that_exist(tool):
    known = {"nbjudge": set(re.findall(r"--[a-z-]+", tool.help_of()))}
    known |= {" ".join(words): set(re.findall(r"--[a-z-]+", tool.help_of(*words))) for words in tool.verbs(main)}
    for page in PAGES:
        for command in re.findall(r"^ {4}(nbjudge .*)|`(nbjudge [^`]*)`", page.read_text(), re.MULTILINE):
            words = "".join(command).split()
            verb = words[1] if len(words) > 1 else ""
            verb = " ".join(words[1:3]) if " ".join(words[1:3]) in known else verb
            options = {word.split("=")[0] for word in words if word.startswith("--")}
            if not verb.startswith("-"):
                assert verb in known, f"{named(page)}: {' '.join(words)}"
                assert options <= known[verb], f"{named(page)}: {' '.join(words)}"


def test_the_documentation_names_only_targets_that_make_has():
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    for page in PAGES:
        used = set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", page.read_text(), re.MULTILINE))
        assert used <= targets, named(page)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_pictures_are_small():
    pictures = list((ROOT / "docs" / "images").glob("*"))
    assert pictures
    assert all(picture.stat().st_size < 200_000 for picture in pictures)


def test_the_readmes_map_names_what_is_there():
    lines = re.findall(r"^ {4}([\w./-]+/?) {2,}", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(lines) > 8
    for name in lines:
        assert (ROOT / name).exists(), name


def test_the_readme_shows_the_newcomers_commands():
    readme = (ROOT / "README.md").read_text()
    assert "make demo" in readme
    assert "make test" in readme


def test_every_version_is_pinned_exactly_and_no_host_is_named():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) > 50
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", pin) for pin in pins)


def test_every_dependency_has_a_pin():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    pinned = {plain(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    missing = {plain(re.split(r"[<>=!~\[; ]", name)[0]) for name in wanted} - pinned
    assert not missing, "run `make pins`"


def test_every_pin_can_be_installed_with_the_oldest_python_that_is_promised():
    names = [line.split("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line]
    for name in names:
        with contextlib.suppress(PackageNotFoundError):
            wanted = metadata(name)["Requires-Python"] or ""
            assert SpecifierSet(wanted).contains("3.11.2"), f"{name} needs Python {wanted}; Debian 12 has 3.11.2"


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("script", [".ci/run", "tools/system_part.sh"])
def test_shell_scripts_are_executable_and_parse(script):
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    shell = path.read_text().splitlines()[0].split("/")[-1].split()[-1]
    assert subprocess.run([shell, "-n", path], check=False).returncode == 0


def test_a_missing_system_part_is_named_in_one_sentence(tmp_path):
    """Without apt-get and sudo, as for an ordinary user on another distribution."""
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", ROOT / "tools" / "system_part.sh", "bubblewrap", "no-such-program"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "bubblewrap" in done.stderr


def test_a_system_part_that_is_there_costs_nothing():
    done = subprocess.run([ROOT / "tools" / "system_part.sh", "anything", "true"], check=False, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
