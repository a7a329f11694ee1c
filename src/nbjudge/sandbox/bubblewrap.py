"""The bubblewrap command line around the zygote. Pure: paths in, arguments out.

An ordinary user needs one bubblewrap. Root needs two: the outer shows the interpreter under readable parents
and gives up its identity, because a sandbox started by root may not mount the private /proc of a child.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nbjudge.sandbox.visible import parents

NOBODY = "65534"
ALONE = ("--unshare-all", "--die-with-parent", "--new-session", "--hostname", "nbjudge")


def tree(paths: Sequence[Path], links: Sequence[tuple[str, str]]) -> list[str]:
    """Options that build a root folder of the paths, read-only, at their own places."""
    options = [option for above in parents(paths) for option in ("--dir", str(above))]
    options += [option for path in paths for option in ("--ro-bind", str(path), str(path))]
    return options + [option for target, link in links for option in ("--symlink", target, link)]


def furniture(devices: Sequence[Path], environment: Mapping[str, str], paths: Sequence[Path]) -> list[str]:
    """Options for /dev, /proc, /tmp and the environment, in that order; nothing stays writable but /tmp.

    Those of the shown ``paths`` that lie in /tmp are shown again in the new one.
    """
    options = ["--dev", "/dev"]
    options += [option for node in devices for option in ("--dev-bind", str(node), str(node))]
    options += ["--proc", "/proc", "--tmpfs", "/tmp", "--remount-ro", "/dev", "--clearenv"]
    inside = [path for path in paths if path.is_relative_to("/tmp")]
    options += [option for path in inside for option in ("--ro-bind", str(path), str(path))]
    options += [option for name, value in environment.items() for option in ("--setenv", name, value)]
    return [*options, "--chdir", "/tmp"]


def as_user(
    bwrap: str,
    paths: Sequence[Path],
    links: Sequence[tuple[str, str]],
    devices: Sequence[Path],
    environment: Mapping[str, str],
) -> list[str]:
    """The command's beginning for an ordinary user."""
    return [bwrap, *ALONE, *tree(paths, links), *furniture(devices, environment, paths), "--remount-ro", "/"]


def as_root(
    bwrap: str,
    setpriv: str,
    paths: Sequence[Path],
    links: Sequence[tuple[str, str]],
    devices: Sequence[Path],
    environment: Mapping[str, str],
) -> list[str]:
    """The command's beginning for root: build the tree, become nobody, then the same as a user."""
    tools = [Path(bwrap).parent, Path(setpriv).parent]
    extra = sorted({tool for tool in tools if not any(tool.is_relative_to(path) for path in paths)})
    outer = [
        bwrap,
        "--unshare-pid",
        "--die-with-parent",
        "--cap-add",
        "CAP_SETUID",
        "--cap-add",
        "CAP_SETGID",
    ]
    outer += [*tree([*paths, *extra], links), "--perms", "1777", "--dir", "/tmp", "--dev", "/dev"]
    outer += [option for node in devices for option in ("--dev-bind", str(node), str(node))]
    outer += ["--bind", "/proc", "/proc", "--chdir", "/"]
    lower = [setpriv, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]
    lower += ["--inh-caps=-all", "--bounding-set=-all"]
    hide = [option for tool in extra for option in ("--tmpfs", str(tool), "--remount-ro", str(tool))]
    inner = [bwrap, *ALONE, "--ro-bind", "/", "/", *hide, *furniture(devices, environment, paths)]
    return outer + lower + inner
