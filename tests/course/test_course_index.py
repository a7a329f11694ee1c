"""The course's index: release/README.md, its pictures, and the tool that writes them."""

import io
import sys
from pathlib import Path

import nbformat
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
MASTERS = sorted(path.parent.name for path in (ROOT / "source").glob("*/*.ipynb"))


@pytest.fixture(scope="module")
def tool():
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import course_index
    finally:
        sys.path.remove(str(ROOT / "tools"))
    return course_index


def notebook(first, last=""):
    cells = [nbformat.v4.new_markdown_cell(first), nbformat.v4.new_markdown_cell(last)]
    return nbformat.v4.new_notebook(cells=cells)


TITLE = "# Down\n\n**Steps, and\nhow long**\n\nYou stand.\n\nTwo exercises are graded: 9\npoints in all. Run them.\n"


def test_the_committed_index_is_what_the_masters_give(tool):
    committed = (ROOT / "release" / "README.md").read_text(encoding="utf-8")
    assert committed == tool.index(ROOT / "source"), "run tools/course_index.py"


def test_every_assignment_is_in_the_index_once_with_a_picture_and_a_notebook():
    committed = (ROOT / "release" / "README.md").read_text(encoding="utf-8")
    for name in MASTERS:
        assert committed.count(f'src="images/{name}.png"') == 1
        assert (ROOT / "release" / name / f"{name}.ipynb").is_file()


@pytest.mark.parametrize("name", MASTERS)
def test_pictures_are_small(name):
    file = ROOT / "release" / "images" / f"{name}.png"
    assert 2_000 < file.stat().st_size < 60_000
    with Image.open(file) as picture:
        assert picture.width == 360
        assert len(picture.convert("L").getcolors()) > 10  # it shows something


def test_a_row_says_what_it_is_about_and_what_is_to_do(tool):
    entry = tool.entry("down", notebook(TITLE, "Next: [up](../up/up.ipynb)."))
    assert (entry.title, entry.about, entry.next) == ("Down", "Steps, and how long.", "up")
    assert entry.tasks == "Two exercises are graded: 9 points in all."
    assert "**[Down](down/down.ipynb)**<br>Steps, and how long. Two exercises" in entry.row()


def test_a_first_cell_without_its_sentences_is_named(tool):
    with pytest.raises(ValueError, match=r"source/down/down\.ipynb: the first cell needs a title"):
        tool.entry("down", notebook("# Down\n\nYou stand."))


def test_the_order_is_that_of_the_links(tool):
    entries = {
        name: tool.Entry(name, name, "", "", after) for name, after in (("b", ""), (tool.FIRST, "c"), ("c", "b"))
    }
    assert [entry.name for entry in tool.ordered(entries)] == [tool.FIRST, "c", "b"]


def test_an_assignment_that_no_link_leads_to_is_named(tool):
    entries = {name: tool.Entry(name, name, "", "", "") for name in (tool.FIRST, "lonely")}
    with pytest.raises(ValueError, match="last cell leads to lonely"):
        tool.ordered(entries)


def test_a_thumbnail_is_small_whatever_the_picture(tool):
    noise = Image.effect_noise((900, 520), 80).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "PNG")
    small = Image.open(io.BytesIO(tool.thumbnail(file.getvalue())))
    assert small.size == (360, 208)
    assert len(small.getcolors()) <= tool.COLOURS
