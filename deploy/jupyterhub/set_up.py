"""Make the accounts and folders of a class, with permissions that keep students out of the course and of each other.

    sudo /opt/descent/.venv/bin/python set_up.py --course PATH

Does only what is missing, so run it again after adding students. Nothing is ever deleted.
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from classroom import ClassError, Classroom, read_classroom

COURSE = ("source", "autograder", "nbgrader_config.py")  # what a course consists of before anything is generated


def home_of(name: str, homes: Path) -> Path:
    """The home folder of an account, which is made if there is none; nobody else may look into it.

    Debian's default for a home is 0755: students could read each other's answers, and everybody the hidden tests.
    Raises ClassError if the account can't be made.
    """
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        made = subprocess.run(
            ["useradd", "--create-home", "--home-dir", homes / name, "--shell", "/bin/bash", name],
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise ClassError(f"The account {name} could not be made: {made.stderr.strip()}") from None
        print(f"account {name}: made; it can't log in with a password until 'passwd {name}'")
        entry = pwd.getpwnam(name)
    home = Path(entry.pw_dir)
    if not home.is_dir():
        raise ClassError(f"The account {name} has no home folder: make {home}, owned by {name}, then run this again.")
    home.chmod(0o700)
    return home


def make_folder(path: Path, mode: int, owner: str) -> None:
    """A folder with exactly this mode and owner."""
    path.mkdir(parents=True, exist_ok=True)
    shutil.chown(path, owner, owner)
    path.chmod(mode)


def make_exchange(room: Classroom) -> None:
    """The folders through which work passes, before nbgrader makes them with wider permissions.

    nbgrader wants the exchange writable by everybody. The sticky bit (1777, 1733) lets each remove only what is theirs;
    students can drop work into ``inbound`` but not list it, and find only their own feedback, by a name that is a hash.
    """
    make_folder(room.exchange, 0o1777, "root")
    for name, mode in (("", 0o755), ("outbound", 0o755), ("inbound", 0o1733), ("feedback", 0o711)):
        make_folder(room.exchange / room.course / name, mode, room.account)


def make_course(room: Classroom, home: Path, origin: Path | None) -> Path:
    """The course's folder in its account's home, filled from ``origin`` if it isn't there yet.

    Raises ClassError if ``origin`` doesn't hold a course, or the folder is not there and no origin was named.
    """
    course = home / room.course
    if not course.exists():
        if origin is None:
            raise ClassError(f"{course} is not there: name the folder to copy it from, --course PATH.")
        if not (origin / "source").is_dir():
            raise ClassError(f"{origin} is no course: it has no folder source/.")
        course.mkdir()
        for part in COURSE:
            if (origin / part).is_dir():
                shutil.copytree(origin / part, course / part, ignore=shutil.ignore_patterns("__pycache__"))
            elif (origin / part).exists():
                shutil.copy(origin / part, course)
        print(f"course {course}: copied from {origin}")
    owner = pwd.getpwnam(room.account)
    for folder, _, files in os.walk(course):
        for path in (folder, *(os.path.join(folder, file) for file in files)):
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
    course.chmod(0o700)
    return course


def set_up(room: Classroom, origin: Path | None = None) -> None:
    """Accounts, homes, exchange, course and the hub's own folder.

    Raises ClassError with one sentence where something stands in the way.
    """
    for name in room.people:
        home_of(name, room.homes)
    make_course(room, home_of(room.account, room.homes), origin)
    make_exchange(room)
    make_folder(room.state, 0o700, "root")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--class", dest="file", type=Path, help="class.toml (otherwise $CLASS_TOML, or /etc/jupyterhub)"
    )
    parser.add_argument("--course", type=Path, help="folder to copy source/, autograder/ and nbgrader_config.py from")
    given = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("set_up.py makes system accounts: run it as root.")
    try:
        room = read_classroom(given.file)
        set_up(room, given.course)
    except ClassError as error:
        sys.exit(str(error))
    print(f"The class of {room.course} is set up: {len(room.students)} students, staff: {', '.join(room.staff)}.")


if __name__ == "__main__":
    main()
