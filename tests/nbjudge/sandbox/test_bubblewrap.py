"""The command line shows what it was given, read-only, and nothing else of the disk."""

from itertools import pairwise
from pathlib import Path

from nbjudge.sandbox import bubblewrap

PATHS = [Path("/opt/python/lib"), Path("/usr/lib")]
REST = ([("usr/lib", "/lib")], [Path("/dev/nvidia0")], {"HOME": "/tmp"})


def binds(command):
    pairs = pairwise(command)
    return [value for option, value in pairs if option in ("--ro-bind", "--bind", "--dev-bind")]


def test_a_user_gets_one_sandbox_with_everything_of_its_own():
    command = bubblewrap.as_user("/usr/bin/bwrap", PATHS, *REST)
    assert command.count("/usr/bin/bwrap") == 1
    assert {"--unshare-all", "--die-with-parent", "--new-session", "--clearenv"} <= set(command)
    assert binds(command) == ["/opt/python/lib", "/usr/lib", "/dev/nvidia0"]
    assert command[-2:] == ["--remount-ro", "/"]


def test_root_becomes_nobody_between_two_sandboxes():
    command = bubblewrap.as_root("/usr/bin/bwrap", "/usr/bin/setpriv", PATHS, *REST)
    inner = command.index("/usr/bin/setpriv")
    assert command[inner : inner + 3] == ["/usr/bin/setpriv", "--reuid", "65534"]
    assert command.count("/usr/bin/bwrap") == 2
    assert "--unshare-all" in command[inner:]
    assert binds(command[:inner]) == ["/opt/python/lib", "/usr/lib", "/usr/bin", "/dev/nvidia0", "/proc"]


def test_the_tools_that_root_needs_are_hidden_inside():
    command = bubblewrap.as_root("/usr/bin/bwrap", "/usr/bin/setpriv", PATHS, *REST)
    inner = command[command.index("/usr/bin/setpriv") :]
    assert inner[inner.index("--tmpfs") + 1] == "/usr/bin"


def test_parents_are_made_before_what_lies_in_them():
    options = bubblewrap.tree(PATHS, [])
    assert options.index("/opt") < options.index("/opt/python") < options.index("/opt/python/lib")


def test_an_interpreter_in_tmp_is_shown_again_after_tmp_became_private():
    paths = [Path("/tmp/course/.venv/lib"), Path("/usr/lib")]
    for command in (
        bubblewrap.as_user("/usr/bin/bwrap", paths, *REST),
        bubblewrap.as_root("/usr/bin/bwrap", "/usr/bin/setpriv", paths, *REST),
    ):
        private = max(n for n, word in enumerate(command[:-1]) if word == "--tmpfs" and command[n + 1] == "/tmp")
        assert binds(command[private:]) == ["/tmp/course/.venv/lib"]
