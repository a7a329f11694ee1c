"""Run the solutions and write a picture of every plotly figure they show: build/figures/<assignment>/NN.png.

    .venv/bin/python tools/render_figures.py [ASSIGNMENT ...]

Without names, all solutions. Pictures are drawn by a headless Chromium with the JavaScript of the installed plotly,
so nothing comes from the network.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from browser import Browser
from nbclient import NotebookClient
from plotly.offline import get_plotlyjs

ROOT = Path(__file__).parent.parent
PLOTLY = "application/vnd.plotly.v1+json"
WIDTH = 900  # pixels: the width of an output in a notebook on a laptop
PAGE = f"""<!doctype html><meta charset="utf-8"><title>Figures</title>
<style>body {{ margin: 0 }} #figure {{ width: {WIDTH}px }}</style>
<script src="plotly.js"></script><div id="figure"></div>"""
DRAW = """
const [figure] = given, place = document.getElementById("figure");
place.style.height = (figure.layout.height || 450) + "px";
await Plotly.newPlot(place, figure.data, figure.layout, {displayModeBar: false, responsive: false});
if (figure.frames) await Plotly.addFrames(place, figure.frames);
await new Promise(done => setTimeout(done, 300));
"""


def main(names: list[str]) -> int:
    """Write the pictures of the named assignments, or of all; return the process's status."""
    known = sorted(path.parent.name for path in ROOT.glob("solutions/*/*.ipynb"))
    if unknown := [name for name in names if name not in known]:
        print(f"There is no solution for {', '.join(unknown)}; there is {', '.join(known)}.", file=sys.stderr)
        return 2
    with Painter() as painter:
        for name in names or known:
            folder = ROOT / "build" / "figures" / name
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.glob("*.png"):
                old.unlink()
            figures = list(shown(executed(ROOT / "solutions" / name / f"{name}.ipynb")))
            for number, (cell, figure) in enumerate(figures, start=1):
                file = folder / f"{number:02}.png"
                file.write_bytes(painter.paint(figure))
                print(f"{file.relative_to(ROOT)}  cell {cell}")
    return 0


class Painter:
    """A browser page that draws one figure after another."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="figures-")
        page = Path(self._folder.name) / "page.html"
        page.write_text(PAGE, encoding="utf-8")
        page.with_name("plotly.js").write_text(get_plotlyjs(), encoding="utf-8")
        self.browser = Browser(WIDTH + 40, 900)
        self.browser.open(page)

    def __enter__(self) -> Painter:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()
        self._folder.cleanup()

    def draw(self, figure: dict[str, Any]) -> None:
        """Draw a figure, given as plotly's JSON, in place of the one before."""
        self.browser.run("Plotly.purge('figure')")
        self.browser.run(DRAW, figure)

    def paint(self, figure: dict[str, Any]) -> bytes:
        """Draw a figure and return a PNG of it."""
        self.draw(figure)
        return self.browser.picture("#figure")


def executed(path: Path) -> nbformat.NotebookNode:
    """Return the notebook with its outputs, run in a kernel of this interpreter's environment.

    Figures come as data, not as web pages. A cell that fails ends the run, unless it is tagged `raises-exception`.
    """
    os.environ["PLOTLY_RENDERER"] = "plotly_mimetype"
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    ).execute()
    return notebook


def shown(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the id of its cell and the data of each figure that an executed notebook shows."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if PLOTLY in output.get("data", {}):
                yield cell.get("id", "?"), json.loads(json.dumps(output["data"][PLOTLY]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
