"""An empty gradebook, made without nbgrader's detour through a program."""

from __future__ import annotations

from pathlib import Path

import nbgrader
from alembic.script import ScriptDirectory
from nbgrader.api import Base
from sqlalchemy import create_engine, inspect, text


def create_gradebook(url: str) -> None:
    """Make an empty gradebook, unless there is one.

    nbgrader would do the same, but starts the program ``alembic`` to learn the version of its own tables;
    that takes seconds, and fails where the program is not on PATH.
    """
    engine = create_engine(url)
    try:
        if not inspect(engine).get_table_names():
            head = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic")).get_current_head()
            Base.metadata.create_all(bind=engine)
            with engine.begin() as connection:
                connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
                connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
    finally:
        engine.dispose()
