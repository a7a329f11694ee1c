"""Several graders at once, started at the same moment, with one gradebook; see tests/nbjudge/test_lost.py.

    python tests/nbjudge/together.py COURSE SUBMITTED FOLDER COUNT (apart | one)

"apart" gives each a folder for its results, "one" the same to all. Prints one line of JSON: how each ended, and how
many rows the gradebook has of each kind.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from pathlib import Path

from lost import open_bench

from nbjudge.errors import NbjudgeError
from nbjudge.grade.grade import grade_course
from nbjudge.pool.bench import Conditions


def main() -> None:
    root, submitted, folder = (Path(name) for name in sys.argv[1:4])
    start = time.time() + 0.5
    processes = {}
    for number in range(int(sys.argv[4])):
        out = folder / (f"out-{number}" if sys.argv[5] == "apart" else "out")
        process = os.fork()
        if process == 0:
            time.sleep(max(0.0, start - time.time()))
            ended = "graded"
            try:
                with open_bench(light=True) as bench:
                    grade_course(root, "ps1", submitted, out, Conditions(seed=9), bench=bench)
            except NbjudgeError as error:
                ended = error.what
            (folder / f"ended-{number}").write_text(ended)
            os._exit(0)
        processes[number] = process
    for process in processes.values():
        os.waitpid(process, 0)
    with sqlite3.connect(root / "gradebook.db") as book:
        tables = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
        counts = {table: book.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables}
        points = book.execute("SELECT SUM(auto_score) FROM grade").fetchone()[0]
    book.close()
    ended = sorted((folder / f"ended-{number}").read_text() for number in processes)
    print(json.dumps({"ended": ended, "rows": counts, "points": points}))


if __name__ == "__main__":
    main()
