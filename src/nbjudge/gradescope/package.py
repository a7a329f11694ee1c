"""The zip that Gradescope makes its container from: our judge, the tests, the references.

setup.sh, run_autograder    what Gradescope runs, once and for each submission
settings.json               what was asked for when the zip was made
grader/, package/           the grader as a wheel; wheels that the course needs
course/                     the one assignment: master, release, references, known mistakes
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from nbjudge.errors import CourseError
from nbjudge.gradescope.wheel import packed, wheel
from nbjudge.master.assignment import Assignment
from nbjudge.master.course import Course
from nbjudge.pool.prepare import read_release, references
from nbjudge.publish.build import read_patterns
from nbjudge.record.receipt import write_atomically

Visibility = Literal["visible", "after_due_date", "after_published"]
PROGRAMS = ("setup.sh", "run_autograder")
SCRIPTS = Path(__file__).parent.parent / "templates" / "gradescope"
CONFIGURATION = "nbgrader_config.py"


@dataclass(frozen=True)
class Settings:
    """What the container has to know.

    ``hidden`` says when students see hidden tests, ``minutes`` is the time-out that Gradescope has for a submission,
    ``cell`` the seconds for one cell.
    """

    assignment: str
    hidden: Visibility = "after_published"
    minutes: int = 10
    cell: int = 30

    def to_json(self) -> str:
        """Stable text."""
        return json.dumps(asdict(self), sort_keys=True, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """The inverse of `to_json`."""
        values: dict[str, Any] = json.loads(text)
        return cls(**values)


def write_package(course: Course, settings: Settings, out: Path) -> Path:
    """Write the zip of a built assignment to ``out``; the same course and settings give the same bytes.

    Raises CourseError when the assignment is not built or something that the container needs is missing.
    """
    master = course.master(settings.assignment)
    if not any(notebook.tests for notebook in master.notebooks):
        raise CourseError("none of its questions is graded automatically", master.name, "Let people grade it.")
    read_release(course, master)  # raises where there is none, or not of this master
    contents = {name: (SCRIPTS / name).read_bytes() for name in PROGRAMS}
    contents["settings.json"] = settings.to_json().encode()
    contents |= {f"course/{name}": data for name, data in _course(course, master).items()}
    name, data = wheel()
    contents[f"grader/{name}"] = data
    contents |= _requirements(course)
    write_atomically(out, packed(contents, PROGRAMS))
    return out


def _course(course: Course, master: Assignment) -> dict[str, bytes]:
    """The course's files by name relative to its folder, for one assignment."""
    found = {}
    for folder in (course.source(master.name), course.release(master.name)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                found[_within(path, course)] = path.read_bytes()
    variants = f"{course.staff(master.name).name}/variants/"
    found |= {
        f"autograder/{name}": data
        for name, data in references(course, master.name).items()
        if not name.startswith(variants)
    }
    # The points that each mistake got, so that few of them are judged again for a diagnosis.
    patterns = json.dumps({"patterns": read_patterns(course, master.name)}, sort_keys=True)
    found[f"build/nbjudge/{master.name}.json"] = patterns.encode()
    configuration = course.root / CONFIGURATION
    if configuration.is_file():
        found[CONFIGURATION] = configuration.read_bytes()
    return found


def _within(path: Path, course: Course) -> str:
    try:
        return path.relative_to(course.root).as_posix()
    except ValueError:
        fix = "Keep masters and releases inside the course's folder."
        raise CourseError("this does not lie inside the course", str(path), fix) from None


def _requirements(course: Course) -> dict[str, bytes]:
    """What setup.sh installs: requirements, versions, and the wheels of the course that requirements name by ./PATH."""
    given, pins = course.root / "autograder" / "requirements.txt", course.root / "constraints.txt"
    lines, found = [], {}
    for line in given.read_text(encoding="utf-8").splitlines() if given.is_file() else ():
        if line.startswith("./"):
            path = course.root / line.strip()
            if not path.is_file():
                raise CourseError(f"{line.strip()} is not there", str(given), "Make it first, then the zip.")
            found[f"package/{path.name}"] = path.read_bytes()
            line = f"./package/{path.name}"
        lines.append(line)
    found["requirements.txt"] = "".join(f"{line}\n" for line in lines).encode()
    found["constraints.txt"] = pins.read_bytes() if pins.is_file() else b""
    return found
