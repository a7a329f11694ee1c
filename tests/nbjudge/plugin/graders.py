"""Three graders autograde one class at the same moment, each a process of its own; see test_turns.py.

    python tests/nbjudge/plugin/graders.py COURSE DATABASE

Two press formgrader's button for every student, one runs `nbgrader autograde` over the class. Judging is light, all
that is written is real. Before, one student is autograded and a person gives a point and a comment. Prints one line
of JSON: how each grader ended, how many rows the gradebook has of each kind, all points and who gave them.
"""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))

from by_nbgrader import formgrader
from lost import open_bench
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, NbGraderException
from sqlalchemy import create_engine, text

from nbjudge.plugin import press

TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")


def by_button(root: Path, settings: Any) -> str:
    """Every student's button, in the order of names."""
    api = formgrader(root, settings)
    answers = {name: api.autograde("ps1", name) for name in sorted(os.listdir(root / "submitted"))}
    failed = {name: str(answer) for name, answer in answers.items() if not answer["success"]}
    return str(failed) if failed else "autograded"


def by_command(root: Path, settings: Any) -> str:
    """The whole class."""
    api = formgrader(root, settings)
    api.coursedir.assignment_id = "ps1"
    try:
        Autograde(coursedir=api.coursedir, parent=api).start()
    except NbGraderException as error:
        return str(error)
    return "autograded"


def begin(ends: Path, work: Callable[[], str], start: float) -> int:
    if process := os.fork():
        return process
    try:
        time.sleep(max(0.0, start - time.time()))
        (ends / str(os.getpid())).write_text(work())
        os._exit(0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)


def main() -> None:
    warnings.simplefilter("ignore")
    root, url = Path(sys.argv[1]), sys.argv[2]
    settings = {"CourseDirectory": {"db_url": url, "course_id": "tiny"}, "NbGraderAPI": {"log_level": 50}}
    press.open_bench = lambda *_: open_bench(light=True)  # type: ignore[assignment]
    first = min(os.listdir(root / "submitted"))
    assert formgrader(root, settings).autograde("ps1", first)["success"]
    where = ("warmup", "ps1", first)
    with closing(Gradebook(url, "tiny")) as gradebook:
        gradebook.find_grade("why", *where).manual_score = 0.5
        gradebook.find_comment("why", *where).manual_comment = "Say more."
        gradebook.db.commit()
    press._desks.clear()  # a thread does not outlive a fork
    ends = root / "ends"
    ends.mkdir()
    start = time.time() + 0.5
    processes = [
        begin(ends, lambda work=work: work(root, settings), start) for work in (by_button, by_button, by_command)
    ]
    for process in processes:
        os.waitpid(process, 0)
    engine = create_engine(url)
    with engine.connect() as connection:
        counts = {name: connection.execute(text(f"SELECT COUNT(*) FROM {name}")).scalar() for name in TABLES}
        points = connection.execute(text("SELECT SUM(auto_score), SUM(manual_score) FROM grade")).one()
        comments = connection.execute(text("SELECT manual_comment FROM comment WHERE manual_comment IS NOT NULL"))
        told = {"rows": counts, "points": list(map(float, points)), "comments": [str(one[0]) for one in comments]}
    engine.dispose()
    print(json.dumps({"ended": [(ends / str(process)).read_text() for process in processes], **told}))


if __name__ == "__main__":
    main()
