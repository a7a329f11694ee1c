"""Gradescope's autograder.zip, made by ``otter generate`` and packed so that the same inputs give the same bytes."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from nbjudge.errors import CourseError
from nbjudge.master.course import Course
from nbjudge.otter.assign import installed_version, run_otter
from nbjudge.otter.unfit import check_version
from nbjudge.otter.version import bundle_folder
from nbjudge.pool.prepare import BUNDLE, references, staff_files

REQUIREMENTS = "requirements.txt"
OLDEST = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip can hold
_PROGRAMS = ("run_autograder", "setup.sh")
_IN_CONTAINER = "/autograder/source/files/"  # where Gradescope unpacks what is in files/


def write_archives(course: Course, assignment: str, out: Path) -> list[Path]:
    """Write ``<notebook>-autograder.zip`` for each notebook of a built assignment into ``out``; returns their paths.

    Gradescope takes one notebook for an assignment of its own. Raises CourseError if Otter's version is missing,
    if nothing is graded automatically, or if a file that the container needs is not there.
    """
    check_version(installed_version())
    master = course.master(assignment)
    bundle = bundle_folder(course, assignment)
    missing = [one.name for one in master.notebooks if not (bundle / one.name / f"{one.name}.ipynb").is_file()]
    if missing:
        raise CourseError("there is no version for Otter", str(bundle), f"Run `nbjudge build {assignment}`.")
    graded = [one for one in master.notebooks if one.tests]
    if not graded:
        raise CourseError("none of its questions is graded automatically", assignment, "Let people grade it.")
    requirements, wheels = _requirements(course)
    files = staff_files(course, master) | wheels | _references(course, assignment)
    written = []
    for notebook in graded:
        tests = {path.name: path.read_bytes() for path in sorted((bundle / notebook.name / "tests").glob("*.py"))}
        out.mkdir(parents=True, exist_ok=True)
        target = out / f"{notebook.name}-autograder.zip"
        target.write_bytes(_generate(tests, files, requirements))
        written.append(target)
    return written


def _generate(tests: Mapping[str, bytes], files: Mapping[str, bytes], requirements: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="nbjudge-otter-") as folder:
        place = Path(folder)
        inputs = {f"tests/{name}": data for name, data in tests.items()} | {REQUIREMENTS: requirements.encode()}
        for name, data in (inputs | dict(files)).items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(data)
        run_otter("generate", place, tests_dir="tests", output_path="made.zip", no_config=True, files=sorted(files))
        with zipfile.ZipFile(place / "made.zip") as made:
            contents = {name: made.read(name) for name in made.namelist()}
        packed = place / "packed.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
            for name in sorted(contents):
                entry = zipfile.ZipInfo(name, OLDEST)
                mode = 0o755 if name in _PROGRAMS else 0o644
                entry.create_system, entry.external_attr = 3, mode << 16  # Unix, wherever this runs
                target.writestr(entry, contents[name])
        return packed.read_bytes()


def _requirements(course: Course) -> tuple[str, dict[str, bytes]]:
    """What the container installs besides Otter, and the files of the course among it.

    autograder/requirements.txt says it; a line that begins with ./ is a file, from the course's folder.
    """
    path = course.root / "autograder" / REQUIREMENTS
    lines, wheels = [], {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        if line.startswith("./"):
            wheel = course.root / line.strip()
            if not wheel.is_file():
                raise CourseError(f"{line.strip()} is not there", str(path), "Make it first, then the zip.")
            wheels[wheel.name] = wheel.read_bytes()
            line = _IN_CONTAINER + wheel.name
        lines.append(line)
    return "".join(f"{line}\n" for line in lines), wheels


def _references(course: Course, assignment: str) -> dict[str, bytes]:
    """The staff's modules that hidden tests may import; mistakes and variants stay at home."""
    own = course.staff(assignment).name
    aside = tuple(f"{own}/{name}/" for name in ("mistakes", "variants", BUNDLE))
    found = references(course, assignment)
    return {
        f"autograder/{name}": data
        for name, data in found.items()
        if name.endswith(".py") and not name.startswith(aside)
    }
