"""``otter assign``, run in a process of its own on a source that nbjudge wrote; no network, no PDF, no test run."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from nbjudge.errors import CourseError
from nbjudge.otter.source import OTTERS, Document
from nbjudge.otter.unfit import check_version

_RUN = "from nbjudge.lean import leave_out; leave_out(); from otter.{verb} import main; import json, sys"
_RUN += "; main(**json.loads(sys.argv[1]))"
_LIMIT = 300  # seconds, for what takes three


@dataclass(frozen=True)
class Version:
    """What Otter made of one notebook: the students' document, and the source of each test file by its name."""

    student: Document
    tests: Mapping[str, str]


def installed_version() -> str | None:
    """The version of otter-grader that is installed here, None without one."""
    try:
        return importlib.metadata.version("otter-grader")
    except importlib.metadata.PackageNotFoundError:
        return None


def run_otter(verb: str, folder: Path, **options: Any) -> None:
    """Run one of Otter's commands in a folder; raises CourseError with the last line of what it said.

    It is the function behind the command: its command line would also import what grades in containers.
    """
    environment = os.environ | {"PYTHONUTF8": "1", "TMPDIR": str(folder), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", _RUN.format(verb=verb), json.dumps(options)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_LIMIT, check=False
    )
    if done.returncode:
        said = [line for line in done.stderr.strip().splitlines() if line.strip()] or ["it said nothing"]
        raise CourseError(f"`otter {verb}` failed: {said[-1][:500]}", "", "Mend the master, then build again.")


def assign(name: str, source: Document, files: Mapping[str, bytes], folder: Path) -> Version:
    """Run ``otter assign`` on a source in an empty folder; ``files`` are what students get beside the notebook.

    Raises CourseError if Otter is not there, has another version, or refuses.
    """
    check_version(installed_version())
    master = folder / "master" / f"{name}.ipynb"
    for path, data in files.items():
        target = master.parent / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    master.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(source, master)  # type: ignore[no-untyped-call]
    run_otter("assign", folder, master=str(master), result=str(folder / "dist"), no_pdfs=True, no_run_tests=True)
    student = nbformat.read(folder / "dist" / "student" / master.name, as_version=4)  # type: ignore[no-untyped-call]
    (archive,) = (folder / "dist" / "autograder").glob("*.zip")
    with zipfile.ZipFile(archive) as made:
        tests = {
            Path(entry).stem: made.read(entry).decode()
            for entry in sorted(made.namelist())
            if entry.startswith("tests/") and entry.endswith(".py")
        }
    shutil.rmtree(folder / "dist")
    return Version(_settled(student, {cell["id"] for cell in source["cells"]}), tests)


def _settled(student: Document, known: set[str]) -> Document:
    """The students' document without what differs from run to run, and without tests that have nothing for them."""
    for number, cell in enumerate(student["cells"]):
        if cell["id"] not in known:
            cell["id"] = f"{OTTERS}made-{number}"
    about: dict[str, Any] = student["metadata"].get("otter", {})
    tests = about.get("tests", {})
    for name in [name for name, text in tests.items() if "@test_case" not in text]:
        del tests[name]
    return nbformat.from_dict(json.loads(json.dumps(student, sort_keys=True)))  # type: ignore[no-untyped-call]
