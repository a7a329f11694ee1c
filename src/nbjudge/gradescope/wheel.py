"""The grader's own distribution as a wheel, made from what is installed here: the same code gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, packages_distributions
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from nbjudge.errors import CourseError

OLDEST = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip can hold
TAG = "py3-none-any"


def wheel(package: str = "nbjudge") -> tuple[str, bytes]:
    """The file's name and content. Raises CourseError when the package was not installed by pip or its like."""
    try:
        found = Distribution.from_name(packages_distributions()[package][0])
    except (KeyError, PackageNotFoundError):
        fix = "Install it with pip, into the Python that runs this."
        raise CourseError(f"{package} is not an installed distribution", fix=fix) from None
    about = f"{found.metadata['Name'].replace('-', '_')}-{found.version}"
    contents = {name: data for top in _tops(found, package) for name, data in _modules(top).items()}
    info = {
        "METADATA": found.read_text("METADATA") or "",
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: nbjudge\nRoot-Is-Purelib: true\nTag: {TAG}\n",
        "entry_points.txt": found.read_text("entry_points.txt") or "",
        "top_level.txt": found.read_text("top_level.txt") or f"{package}\n",
    }
    contents |= {f"{about}.dist-info/{name}": text.encode() for name, text in info.items()}
    record = f"{about}.dist-info/RECORD"
    contents[record] = "".join(f"{_hashed(name, data)}\n" for name, data in sorted(contents.items())).encode()
    contents[record] += f"{record},,\n".encode()
    return f"{about}-{TAG}.whl", packed(contents)


def packed(contents: dict[str, bytes], programs: tuple[str, ...] = ()) -> bytes:
    """A zip file in which nothing depends on when or where it was made; ``programs`` may be executed."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, OLDEST)
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = (0o755 if name in programs else 0o644) << 16
            target.writestr(entry, contents[name])
    return held.getvalue()


def _tops(found: Distribution, package: str) -> list[str]:
    return (found.read_text("top_level.txt") or package).split()


def _modules(top: str) -> dict[str, bytes]:
    spec = find_spec(top)
    folders = [Path(place) for place in spec.submodule_search_locations or ()] if spec is not None else []
    return {
        f"{top}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def _hashed(name: str, data: bytes) -> str:
    value = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={value},{len(data)}"
