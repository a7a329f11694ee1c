"""Write the wheel that students install: python tools/student_wheel.py (or `make wheel`).

It holds `src/descent` alone, without the grader, and asks for what pyproject.toml asks for. A wheel is a zip
with three small text files beside the package (packaging.python.org, "Binary distribution format"). Files are
sorted, dated alike and stored as they are, so the same sources give the same bytes on every machine.

The first code cell of each notebook (id `install`, plain, unlocked) installs it where descent is missing:

    # Where descent is missing, as on Colab, this installs it from the file beside the notebook.
    try:
        import descent
    except ImportError:
        from pathlib import Path

        wheel = "descent-0.1.0-py3-none-any.whl"
        if not Path(wheel).exists():
            raise FileNotFoundError(f"Put {wheel}, from your course, beside this notebook, then run this.") from None
        %pip install --quiet ./{wheel}
        import descent
"""

from __future__ import annotations

import base64
import hashlib
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip can hold


def contents(root: Path) -> dict[str, bytes]:
    """Return what the wheel of the project at `root` holds, in order, by path."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    files = {
        path.relative_to(root / "src").as_posix(): path.read_bytes()
        for path in (root / "src" / "descent").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    about = f"descent-{project['version']}.dist-info"
    files[f"{about}/METADATA"] = _metadata(project).encode()
    files[f"{about}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: student_wheel\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{about}/licenses/LICENSE"] = (root / "LICENSE").read_bytes()
    ordered = dict(sorted(files.items()))
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in ordered.items())
    ordered[f"{about}/RECORD"] = f"{record}{about}/RECORD,,\n".encode()
    return ordered


def write_wheel(root: Path, folder: Path) -> Path:
    """Write the wheel of the project at `root` into `folder` and return its path."""
    version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"descent-{version}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as wheel:
        for name, data in contents(root).items():
            entry = zipfile.ZipInfo(name, OLDEST)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # Unix, wherever this runs
            wheel.writestr(entry, data)
    return target


def _metadata(project: dict[str, Any]) -> str:
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        "Summary: What the notebooks of a course on step sizes and optimizers import",
        f"License-Expression: {project['license']}",
        "License-File: LICENSE",
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {name}" for name in project["dependencies"]),
    ]
    return "\n".join(lines) + "\n"


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def main(arguments: list[str]) -> None:
    """Write the wheel into the folder named, by default release/."""
    target = write_wheel(ROOT, Path(arguments[0]) if arguments else ROOT / "release")
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
