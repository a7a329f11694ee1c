"""Write release/README.md, the course at a glance: python tools/course_index.py [--pictures [ASSIGNMENT ...]]

Each assignment comes with two sentences, taken from the first cell of its master, in the order in which the notebooks
link to one another. With --pictures, its picture is drawn anew too: one figure of its solution, in headless Chromium.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
from PIL import Image
from render_figures import Painter, executed, shown

ROOT = Path(__file__).resolve().parent.parent
FIRST = "learning-rate"
# The cell whose (first) figure stands for the assignment.
PICTURES = {
    "learning-rate": "zoo",
    "learning-rate-experiment": "controlled",
    "logistic-regression": "weights",
    "optimization-landscapes": "landscape",
    "optimizers-and-schedulers": "momentum",
    "learning-rate-finder": "picked",
    "learning-a-function": "loss",
}
WIDTH, COLOURS = 360, 256  # of a picture: pixels, and entries of its palette

INTRODUCTION = """# The course

Seven notebooks on step sizes and optimizers, from one number found by hand to schedulers on a hard landscape. Each
can be learned alone; in this order they build on one another.

On Colab or your own computer, put [descent-0.1.0-py3-none-any.whl](descent-0.1.0-py3-none-any.whl) beside a notebook;
its first cell installs it.

| | |
|---|---|
"""


@dataclass(frozen=True)
class Entry:
    """What the index says of one assignment."""

    name: str
    title: str
    about: str  # one sentence
    tasks: str  # one sentence
    next: str  # the name of the assignment that it links to at its end, or nothing

    def row(self) -> str:
        """Return the entry as a row of a Markdown table."""
        notebook = f"{self.name}/{self.name}.ipynb"
        picture = f'<a href="{notebook}"><img src="images/{self.name}.png" alt="{self.title}" width="300"></a>'
        return f"| {picture} | **[{self.title}]({notebook})**<br>{self.about} {self.tasks} |"


def entry(name: str, notebook: nbformat.NotebookNode) -> Entry:
    """Return what the first and the last cell of a master say.

    Raises ValueError if the first cell lacks the title, the line in bold below it, or the sentence on points.
    """
    text = notebook.cells[0].source
    title = re.search(r"^#[# ]* (.+)$", text, re.M)
    about = re.search(r"^\*\*(.+?)\*\*$", text, re.M | re.S)
    tasks = re.search(r"^([^.]+\spoints\sin\sall\.)", text, re.M)
    if not (title and about and tasks):
        raise ValueError(
            f"source/{name}/{name}.ipynb: the first cell needs a title, then a line in bold, and a sentence that ends "
            "in 'points in all.'"
        )
    links = [link for link in re.findall(r"\.\./([\w-]+)/\1\.ipynb", notebook.cells[-1].source) if link != FIRST]
    one_line = [" ".join(found[1].split()) for found in (title, about, tasks)]
    return Entry(name, one_line[0], f"{one_line[1]}.", one_line[2], links[0] if links else "")


def ordered(entries: dict[str, Entry]) -> list[Entry]:
    """Return the entries in the order of their links.

    Raises ValueError if the links don't lead from the first assignment through every other one.
    """
    found: list[Entry] = []
    name = FIRST
    while name in entries and entries[name] not in found:
        found.append(entries[name])
        name = entries[name].next
    if missing := set(entries) - {item.name for item in found}:
        raise ValueError(f"No notebook's last cell leads to {', '.join(sorted(missing))}.")
    return found


def index(masters: Path) -> str:
    """Return the text of the index for the masters in a folder such as source/."""
    names = sorted(path.parent.name for path in masters.glob("*/*.ipynb") if path.stem == path.parent.name)
    read = {name: entry(name, nbformat.read(masters / name / f"{name}.ipynb", as_version=4)) for name in names}
    return INTRODUCTION + "".join(f"{item.row()}\n" for item in ordered(read))


def thumbnail(png: bytes) -> bytes:
    """Return a smaller PNG of few colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    small = picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def draw(names: list[str], folder: Path) -> None:
    """Write the pictures of the named assignments."""
    folder.mkdir(parents=True, exist_ok=True)
    with Painter() as painter:
        for name in names:
            figures = dict(reversed(list(shown(executed(ROOT / "solutions" / name / f"{name}.ipynb")))))
            if PICTURES[name] not in figures:
                raise ValueError(
                    f"{name}: the cell {PICTURES[name]!r} shows no figure; there are {', '.join(figures)}."
                )
            (folder / f"{name}.png").write_bytes(thumbnail(painter.paint(figures[PICTURES[name]])))
            print(folder / f"{name}.png")


def main() -> int:
    """Do what the command line asks for; return the process's status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--pictures", nargs="*", metavar="ASSIGNMENT", help="draw these pictures too; all, if none named"
    )
    wanted = parser.parse_args().pictures
    try:
        if wanted is not None:
            draw(wanted or list(PICTURES), ROOT / "release" / "images")
        (ROOT / "release" / "README.md").write_text(index(ROOT / "source"), encoding="utf-8")
    except (ValueError, KeyError) as error:
        print(f"course_index: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
