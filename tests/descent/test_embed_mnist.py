import gzip
import hashlib
import importlib.util
import lzma
from pathlib import Path

import numpy as np
import pytest

from descent import digits

SCRIPT = Path(__file__).parents[2] / "tools" / "embed_mnist.py"


@pytest.fixture
def embed():
    spec = importlib.util.spec_from_file_location("embed_mnist", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def source(tmp_path, embed, monkeypatch):
    """A folder of small IDX files that the script takes for MNIST's, in the folders of the npm package."""
    generator = np.random.default_rng(0)
    folder = tmp_path / "package" / "data"
    folder.mkdir(parents=True)
    for split, count in (("train", 50), ("t10k", 30)):
        arrays = {
            "images-idx3": generator.integers(0, 256, (count, 28, 28)),
            "labels-idx1": np.arange(count) % 10,
        }
        for kind, array in arrays.items():
            content = embed.encode_idx(array.astype(np.uint8))
            (folder / f"{split}-{kind}-ubyte").write_bytes(content)
            monkeypatch.setitem(embed.SOURCES, f"{split}-{kind}-ubyte", hashlib.sha256(content).hexdigest())
    return tmp_path


def written(embed, source, name):
    out = source / name
    embed.main([str(source), "--out", str(out)])
    return out.read_bytes()


def test_the_package_reads_back_what_the_script_writes(embed, source):
    arrays = digits._decoded(lzma.decompress(written(embed, source, "a.idx.xz")))
    folder = source / "package" / "data"
    images = embed.decode_idx((folder / "train-images-idx3-ubyte").read_bytes())
    assert [array.shape for array in arrays] == [(10, 28, 28), (10,), (6, 28, 28), (6,)]
    assert arrays[1].tolist() == [1, 7] * 5
    assert np.array_equal(arrays[0][:3], images[[1, 7, 11]])


def test_the_same_sources_give_the_same_bytes_raw_or_gzipped(embed, source):
    raw = written(embed, source, "raw.idx.xz")
    for path in (source / "package" / "data").iterdir():
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert written(embed, source, "packed.idx.xz") == raw


def test_a_checksum_is_written_beside_the_file(embed, source):
    content = written(embed, source, "a.idx.xz")
    checksum = (source / "a.idx.xz.sha256").read_text()
    assert checksum == f"{hashlib.sha256(content).hexdigest()}  a.idx.xz\n"


def test_a_changed_source_is_refused(embed, source):
    path = source / "package" / "data" / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1] + b"\x09\x09")
    with pytest.raises(SystemExit, match=r"t10k-labels-idx1-ubyte .* is not the MNIST file"):
        written(embed, source, "a.idx.xz")
    assert not (source / "a.idx.xz").exists()


def test_a_missing_source_is_named(embed, tmp_path):
    with pytest.raises(SystemExit, match="has no train-images-idx3-ubyte"):
        embed.main([str(tmp_path)])


def test_the_recorded_sources_are_the_four_files_of_mnist(embed):
    assert list(embed.SOURCES) == [
        f"{split}-{kind}-ubyte" for split in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
    ]
