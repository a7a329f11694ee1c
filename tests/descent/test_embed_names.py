import hashlib
import importlib.util
from importlib.resources import files
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "embed_names.py"


@pytest.fixture
def embed():
    spec = importlib.util.spec_from_file_location("embed_names", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def source(tmp_path, embed, monkeypatch):
    """A folder with two short lists that the script takes for the census's."""
    folder = tmp_path / "names"
    folder.mkdir()
    for name, lines in (
        ("dist.male.first", b"ROBIN  0.2  0.2  1\nADAM   0.1  0.3  2\n"),
        ("dist.female.first", b"EVE    0.4  0.4  1\nROBIN  0.1  0.5  2\n"),
    ):
        (folder / name).write_bytes(lines)
        monkeypatch.setitem(embed.SOURCES, name, hashlib.sha256(lines).hexdigest())
    return tmp_path


def test_names_on_both_lists_are_written_once_small_and_sorted(embed, source, tmp_path):
    out = tmp_path / "out.txt"
    embed.main([str(source), "--out", str(out)])
    assert out.read_bytes() == b"adam\neve\nrobin\n"


def test_a_changed_source_is_refused(embed, source):
    (source / "names" / "dist.male.first").write_bytes(b"ROBERT 1 1 1\n")
    with pytest.raises(SystemExit, match=r"dist\.male\.first .*its SHA256 differs"):
        embed.given_names(source)


def test_a_missing_source_is_named(embed, tmp_path):
    with pytest.raises(SystemExit, match=r"has no dist\.male\.first"):
        embed.given_names(tmp_path)


def test_the_source_is_written_beside_the_names():
    page = (files("descent") / "data" / "given_names.md").read_text()
    assert "1990 census" in page
    assert "public domain" in page
    assert "names==0.3.0" in page
