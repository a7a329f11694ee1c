"""What may lie in a submission's folder: links, devices, pipes, archives, and names that want to be more."""

from __future__ import annotations

import contextlib
import io
import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

from hostile.course import HONEST, NOTEBOOK, Attack

SEEN = "import os\nnames = 'data.csv data loop self pipe.csv socket.csv zero.csv memory.csv huge.csv deep'\nfound = [n for n in names.split() if os.path.lexists(n)]\nprint('FOUND', found) if found else print('found nothing')"
SCRIPT = "document.title=`owned`;top.postMessage(`owned`,`*`)"
IMAGE = f"<img src=x onerror={SCRIPT}>"
NAMES = {
    "name_image": IMAGE,
    "name_attribute": f"'\" onmouseover={SCRIPT} autofocus onfocus={SCRIPT} x='",
    "name_template": "{{7*7}}{% raw %}${7*7}<svg onload=" + SCRIPT + ">",
    "name_formula": "=HYPERLINK(1+1,A1)",
    "name_option": "--yes -rf",
    "name_sql": "x'); DROP TABLE student; --",
    "name_format": "{0.__class__} %s %n [bold red]x[",
}
# nbgrader's gradebook and folders cannot hold these.
REFUSED = ("name_image", "name_attribute", "name_template", "name_format")
UNNAMED = "not recorded: "
# Names that cannot be shown as they are, and what the grader calls their students.
SPELT = {
    "name_lines": ("a\nb\x1b[2J", "a\\nb\\x1b[2J"),
    "name_reversed": ("nn\u202ea", "nn\\u202ea"),
    "name_bytes": (b"\xff\xfe".decode(errors="surrogateescape"), "\\udcff\\udcfe"),
}


def archive(*names: str) -> bytes:
    """A zip file whose members want to be unpacked elsewhere."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name in names:
            file.writestr(name, "owned")
    return held.getvalue()


def link(to: str, name: str) -> Callable[[Path, Path], None]:
    """A symbolic link in the folder; ``to`` is relative to the course."""
    return lambda folder, root: (folder / name).symlink_to(root / to)


def notebook_as(make: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    """Instead of the notebook, what ``make`` puts there."""

    def lay(folder: Path, root: Path) -> None:
        (folder / f"{NOTEBOOK}.ipynb").unlink()
        make(folder, root)

    return lay


def pipe(name: str) -> Callable[[Path, Path], None]:
    return lambda folder, root: os.mkfifo(folder / name)


def special(folder: Path, root: Path) -> None:
    """A pipe, a socket, and where the system allows it a device; else a link to one."""
    os.mkfifo(folder / "pipe.csv")
    with contextlib.chdir(folder), socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.csv")
    for name, number in (("zero.csv", os.makedev(1, 5)), ("memory.csv", os.makedev(1, 1))):
        try:
            os.mknod(folder / name, 0o20666, number)
        except OSError:
            (folder / name).symlink_to("/dev/zero")


def loop(folder: Path, root: Path) -> None:
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")


def depth(folder: Path, root: Path) -> None:
    """Folders in folders, 200 deep."""
    with contextlib.chdir(folder):
        for _ in range(200):
            os.mkdir("deep")
            os.chdir("deep")
        Path("data.csv").write_text("x")


def many(folder: Path, root: Path) -> None:
    for number in range(3000):
        (folder / f"{number}.csv").touch()


def sparse(folder: Path, root: Path) -> None:
    """A file that says it has a terabyte and takes no room."""
    with (folder / "huge.csv").open("wb") as file:
        file.truncate(2**40)


def locked(folder: Path, root: Path) -> None:
    (folder / "data.csv").write_text("x")
    (folder / "data.csv").chmod(0)


LINKS = (
    Attack("link_file", "A link to the gradebook.", cells=(SEEN,), lay=link("gradebook.db", "data.csv")),
    Attack("link_folder", "A link to staff's folder.", cells=(SEEN,), lay=link("autograder", "data")),
    Attack("link_device", "A link to an endless device.", cells=(SEEN,), lay=link("/dev/zero", "data.csv")),
    Attack("link_loop", "Links in a circle.", cells=(SEEN,), lay=loop),
    Attack(
        "link_notebook",
        "The notebook is a link to the master with its solutions.",
        lay=notebook_as(link(f"source/traps/{NOTEBOOK}.ipynb", f"{NOTEBOOK}.ipynb")),
        damaged="not handed in",
    ),
    Attack(
        "link_other",
        "The notebook is a link to another student's.",
        lay=notebook_as(link(f"submitted/honest_first/traps/{NOTEBOOK}.ipynb", f"{NOTEBOOK}.ipynb")),
        damaged="not handed in",
    ),
    Attack(
        "pipe_notebook",
        "The notebook is a pipe that nobody writes to.",
        lay=notebook_as(pipe(f"{NOTEBOOK}.ipynb")),
        damaged="not handed in",
    ),
    Attack("special_files", "Pipes, sockets and devices.", cells=(SEEN,), lay=special),
)
ATTACKS = [
    *LINKS,
    Attack("deep_folders", "Folders nested 200 deep.", cells=(SEEN,), lay=depth),
    Attack("many_files", "Three thousand files.", lay=many),
    Attack("sparse_file", "A file of a terabyte that takes no room.", lay=sparse, cells=(SEEN,)),
    Attack("locked_file", "A file that may not be read.", lay=locked),
    Attack(
        "zip_slip",
        "Archives whose members want to be unpacked into other folders.",
        files={
            "more.zip": archive("../../../owned", "/tmp/owned", "..\\..\\owned", "COURSE_ROOT/owned"),
            "up\\..\\owned": b"x",
            "C:owned": b"x",
        },
    ),
    Attack("zip_notebook", "A zip archive under the notebook's name.", raw=archive("../work.ipynb"), damaged="zip"),
    Attack("bomb_notebook", "Brackets nested a million deep.", raw=b"[" * 1_000_000, damaged="nested"),
    Attack("binary_notebook", "Random bytes.", raw=bytes(range(256)) * 1000, damaged="not valid"),
    *(
        Attack(key, f"The student is called {name!r}.", folder=name, status=UNNAMED if key in REFUSED else "graded")
        for key, name in NAMES.items()
    ),
    *(
        Attack(key, f"The student's folder is called {name!a}.", folder=name, student=student, status=UNNAMED)
        for key, (name, student) in SPELT.items()
    ),
    Attack(
        "file_names_that_run",
        "Files whose names are pages, options, formulas and escapes.",
        files=dict.fromkeys((*NAMES.values(), "a\x1b[31mb", "\u202ecsv.exe", "x" * 200, "con", "nul.txt"), b"x"),
    ),
    Attack(
        "outputs_that_run",
        "Messages, values, names of errors and printed text that are pages.",
        {
            "gradient": f"class _Page(ValueError):\n    pass\n_Page.__name__ = '<script>{SCRIPT}</script>'\n"
            f"def gradient(theta, X):\n    raise _Page('</p><script>{SCRIPT}</script>`<script>{SCRIPT}</script>`{IMAGE}')",
            "Basket": HONEST["Basket"].replace("return sum(self.items)", f"return '</style>{IMAGE}'"),
            "slope": f"slope = '</title></style></script><script>{SCRIPT}</script>{IMAGE}'",
        },
        cells=(
            f"print('<script>{SCRIPT}</script>')\nfrom IPython.display import HTML\nHTML('<script>{SCRIPT}</script>')",
        ),
    ),
    Attack(
        "names_of_cells_that_run",
        "Grade ids, cell ids and marks that are pages.",
        edit=lambda document: (
            [
                c.update(id=IMAGE)
                or c["metadata"].update(nbgrader={**c["metadata"].get("nbgrader", {}), "grade_id": IMAGE})
                for c in document["cells"]
                if c["metadata"].get("nbgrader", {}).get("grade")
            ]
            and None
        ),
    ),
]
