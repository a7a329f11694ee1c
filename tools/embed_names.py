"""Write the census's given names into the package: python tools/embed_names.py SOURCE_DIR.

SOURCE_DIR is the unpacked source of `names` 0.3.0 from PyPI, or a folder with its files dist.male.first and
dist.female.first. They are checked, the distinct names are put into small letters and sorted, one a line.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src" / "descent" / "data" / "given_names.txt"

SOURCES = {
    "dist.male.first": "0a5078ef6effe3b483d15b0f7f95047662126c9bfb624ecd5e5b978fc0f2470b",
    "dist.female.first": "bd2f310fc4e5d5e5ea122c9d4342c9821145823118eb20db1647f305ec77b358",
}
PLACES = ("", "names", "names-0.3.0/names")


def read_source(source: Path, name: str) -> str:
    """Return the checked text of the file `name` found at or below `source`."""
    found = [path for place in PLACES if (path := source / place / name).is_file()]
    if not found:
        raise SystemExit(f"{source} has no {name}: give the folder of the unpacked source of names 0.3.0.")
    content = found[0].read_bytes()
    if hashlib.sha256(content).hexdigest() != SOURCES[name]:
        raise SystemExit(f"{name} under {source} is not that of names 0.3.0 (its SHA256 differs): fetch it again.")
    return content.decode("ascii")


def given_names(source: Path) -> list[str]:
    """Return the distinct names in both files, in small letters, in alphabetical order.

    A line of theirs is a name in capitals, its share in percent, the running sum of the shares, and its rank.
    """
    lines = [line for name in SOURCES for line in read_source(source, name).splitlines()]
    return sorted({line.split()[0].lower() for line in lines})


def main(arguments: list[str]) -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Write the census's given names into the package.")
    parser.add_argument("source", type=Path, help="folder of the unpacked source of names 0.3.0")
    parser.add_argument("--out", type=Path, default=TARGET, help="the file to write")
    options = parser.parse_args(arguments)
    names = given_names(options.source)
    options.out.write_text("".join(f"{name}\n" for name in names), encoding="ascii", newline="\n")
    print(f"{options.out}: {len(names):,} names")


if __name__ == "__main__":
    main(sys.argv[1:])
