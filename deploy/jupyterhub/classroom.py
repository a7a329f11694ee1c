"""What class.toml says, checked: the people of a class, its addresses and its folders."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WHERE = "/etc/jupyterhub/class.toml"  # or what CLASS_TOML names
NAME = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
KEYS = {
    "": {"course", "people", "hub", "paths"},
    "people": {"instructors", "graders", "students"},
    "hub": {"address", "hub_port", "proxy_port", "formgrader_port", "authenticator"},
    "paths": {"homes", "exchange", "state"},
}


class ClassError(Exception):
    """One sentence on what is wrong with a class's file, or with what it names."""


@dataclass(frozen=True)
class Classroom:
    """One course's class on one server."""

    course: str
    instructors: tuple[str, ...]
    graders: tuple[str, ...]
    students: tuple[str, ...]
    address: str
    hub_port: int
    proxy_port: int
    formgrader_port: int
    authenticator: str
    homes: Path
    exchange: Path
    state: Path

    @property
    def account(self) -> str:
        """The account that owns the course's folder and runs formgrader; nobody logs in as it."""
        return f"grader-{self.course}"

    @property
    def staff(self) -> tuple[str, ...]:
        """Those who may use formgrader."""
        return (*self.instructors, *self.graders)

    @property
    def people(self) -> tuple[str, ...]:
        """All who may log in."""
        return (*self.staff, *self.students)


def read_classroom(path: Path | None = None) -> Classroom:
    """The class that a file describes; without ``path``, the file that CLASS_TOML names, else the usual place.

    Raises ClassError where the file can't be read, lacks something, or names what can't be an account.
    """
    path = path or Path(os.environ.get("CLASS_TOML", WHERE))
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ClassError(f"{path} can't be read ({error}): copy class.toml there and edit it.") from None
    except tomllib.TOMLDecodeError as error:
        raise ClassError(f"{path} isn't valid TOML: {error}.") from None
    check_keys(path, found)
    for group in sorted(KEYS["people"]):
        if not isinstance(found["people"][group], list):
            raise ClassError(f'{path}: {group} has to be a list of names, ["sofia", "samuel"] for example.')
    people, hub, paths = found["people"], found["hub"], found["paths"]
    room = Classroom(
        course=found["course"],
        **{group: tuple(people[group]) for group in KEYS["people"]},
        **hub,
        **{key: Path(paths[key]) for key in KEYS["paths"]},
    )
    check_names(path, room)
    return room


def check_keys(path: Path, found: dict[str, Any]) -> None:
    """Raises ClassError if a key is missing, or is one that nobody would look at."""
    for table, wanted in KEYS.items():
        content = found if not table else found[table]
        if not isinstance(content, dict):
            raise ClassError(f"{path}: [{table}] has to be a table: compare it with class.toml.")
        has = set(content)
        for what, keys in (("lacks", wanted - has), ("has an unknown", has - wanted)):
            if keys:
                place = f" in [{table}]" if table else ""
                raise ClassError(f"{path} {what} {', '.join(sorted(keys))}{place}: compare it with class.toml.")


def check_names(path: Path, room: Classroom) -> None:
    """Raises ClassError for a name that can't be an account, or stands twice."""
    for name in (room.account, *room.people):
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ClassError(
                f"{path}: {name!r} can't be the name of an account: use small letters, digits, - and _, at most 32."
            )
    twice = sorted({name for name in room.people if room.people.count(name) > 1})
    if twice or room.account in room.people:
        raise ClassError(f"{path}: {', '.join(twice) or room.account} must stand once and in one group only.")
