"""What the command line has for Jupyter: the sandboxed kernel, to be had by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from nbjudge.errors import NbjudgeError

NAME = click.option("--name", default="nbjudge", show_default=True, help="What notebooks and programs call it.")


def _where(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say for whom a kernel is."""
    options = (
        click.option("--user", is_flag=True, help="For you alone."),
        click.option("--sys-prefix", is_flag=True, help="For this Python environment; the default."),
        click.option("--prefix", type=click.Path(path_type=Path), help="For an installation in this folder."),
    )
    for option in reversed(options):
        verb = option(verb)
    return verb


def _folder(user: bool, sys_prefix: bool, prefix: Path | None) -> Path:
    from nbjudge.plugin.kernelspec import kernels_folder

    if user + sys_prefix + (prefix is not None) > 1:
        raise NbjudgeError("--user, --sys-prefix and --prefix exclude each other", fix="Give one of them, or none.")
    return kernels_folder(user, prefix)


@click.group()
def kernel() -> None:
    """Make the sandboxed kernel known to Jupyter, or forget it.

    Any program that starts kernels by name can then use it: JupyterLab, nbclient, nbgrader, Otter, papermill. It
    must run in an environment that has nbjudge.
    """


@kernel.command()
@NAME
@_where
@click.option("--display-name", help="What menus call it.")
@click.option("--preload", multiple=True, metavar="MODULE", help="Import this beforehand, not the usual modules.")
def install(
    name: str, user: bool, sys_prefix: bool, prefix: Path | None, display_name: str | None, preload: tuple[str, ...]
) -> None:
    """Install the kernel, or install it anew."""
    from nbjudge.plugin import kernelspec
    from nbjudge.pool.usual import USUAL

    spec = kernelspec.kernelspec(display_name or kernelspec.DISPLAY_NAME, preload or USUAL)
    folder = _folder(user, sys_prefix, prefix)
    click.echo(f"installed: {kernelspec.install(folder, name, spec)}")
    if not kernelspec.is_searched(folder):
        click.echo(f"Jupyter does not look there: add {folder.parent} to JUPYTER_PATH.")


@kernel.command()
@NAME
@_where
def remove(name: str, user: bool, sys_prefix: bool, prefix: Path | None) -> None:
    """Remove the kernel from where it was installed."""
    from nbjudge.plugin import kernelspec

    click.echo(f"removed: {kernelspec.remove(_folder(user, sys_prefix, prefix), name)}")
