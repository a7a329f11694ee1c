"""Kill a grader at random moments of a class run, start it again, and see that nothing is lost, doubled or left.

    python tests/nbjudge/lost.py COURSE SUBMITTED FOLDER KILLS (real | light)

COURSE is a published course with the assignment ps1; FOLDER takes what the runs write. "light" replaces sandbox and
workers, which take seconds to start, by a few lines that run answers and tests here; all that is written is the same.

The moments spread over a whole run: an undisturbed one is divided by its submissions, as each is judged, and every
part gets its share of the kills. Prints one line of JSON: what the kills met, what they left half done, and what
went wrong.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import psutil
from tiny import filled

from nbjudge.grade.grade import grade_course
from nbjudge.judge.task import Judgement, Task
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.pool.bench import Bench, Conditions
from nbjudge.pool.pool import Pool
from nbjudge.sandbox.linux import PR_SET_CHILD_SUBREAPER, prctl
from nbjudge.sandbox.sandbox import Sandbox

SCORES = """
    SELECT s.student_id, c.name, c.type, g.auto_score, g.needs_manual_grade
    FROM grade g JOIN submitted_notebook n ON g.notebook_id = n.id JOIN submitted_assignment s ON n.assignment_id = s.id
    JOIN base_cell c ON g.cell_id = c.id ORDER BY 1, 2, 3
"""


PAUSE = 0.05  # seconds that the light pool takes for a notebook
TICK = 0.005  # seconds between two looks at how far a run has come


class LightPool:
    """Judges in this very process: what the class holds is the test's own, and harmless."""

    def judge(self, tasks: Iterable[Task]) -> Iterator[Judgement]:
        for task in tasks:
            time.sleep(PAUSE)
            yield self._judge(task)

    def _judge(self, task: Task) -> Judgement:
        space: dict[str, Any] = {}
        verdicts = []
        sys.path.insert(0, task.root)
        for step in task.steps:
            try:
                exec(step.source, space)
                passed = True
            except Exception:
                passed = False
            if step.kind == "test":
                points, outcome = (step.cell.points, Outcome.PASSED) if passed else (0.0, Outcome.FAILED)
                name = str(step.grade_id)
                verdicts.append(Verdict(task.master.name, "double", name, points, step.cell.points, outcome))
        sys.path.remove(task.root)
        document = filled(nbformat.from_dict(task.released), task.answers) if task.released else None
        return Judgement(task.student, task.master.name, tuple(verdicts), document=document)


@contextmanager
def open_bench(light: bool) -> Iterator[Any]:
    if light:
        yield Bench(SimpleNamespace(address=""), LightPool())  # type: ignore[arg-type]
        return
    with Pool(2) as pool, Sandbox() as sandbox:
        yield Bench(sandbox, pool)


@dataclass(frozen=True)
class Moment:
    """When to kill a run: so many seconds after so many submissions were judged."""

    judged: int
    seconds: float


def moments(times: Sequence[float], kills: int) -> Iterator[Moment]:
    """Moments spread evenly over the parts of a run; ``times`` are its start, each submission judged, and its end."""
    parts = len(times) - 1
    for number in range(kills):
        judged, share = divmod((number + random.random()) * parts / kills, 1)
        yield Moment(int(judged), share * (times[int(judged) + 1] - times[int(judged)]))


class Place:
    """One course, graded into a folder of its own by processes of their own."""

    def __init__(self, course: Path, submitted: Path, folder: Path, light: bool) -> None:
        self.submitted, self.folder, self.light = submitted, folder, light
        self.root, self.out, self.log = folder / "course", folder / "out", folder / "judged"
        shutil.copytree(course, self.root)
        # Sockets lie in it, and their paths have to be short.
        self.temporary = Path(tempfile.mkdtemp(prefix="lost-", dir="/tmp"))

    def start(self) -> int:
        """Begin to grade in a new process; its id."""
        self.log.write_text("")
        if process := os.fork():
            return process
        try:
            os.environ["TMPDIR"] = tempfile.tempdir = str(self.temporary)
            with open_bench(self.light) as bench:
                conditions = Conditions(workers=2, seed=9)
                grade_course(self.root, "ps1", self.submitted, self.out, conditions, self.progress, bench)
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)

    @contextmanager
    def progress(self, total: int) -> Iterator[Any]:
        """Note who is judged."""
        with self.log.open("a") as log:
            yield lambda student, status: print(time.monotonic(), student, file=log, flush=True)

    def told(self) -> list[tuple[float, str]]:
        """Who was judged in the last run, and when."""
        lines = [line.split() for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return [(float(when), student) for when, student in lines]

    def kill_at(self, moment: Moment) -> None:
        """Begin to grade, and end that without a warning at the moment."""
        process = self.start()
        running = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while len(self.told()) < moment.judged and os.waitid(os.P_PID, process, running) is None:
            time.sleep(TICK)
        time.sleep(moment.seconds)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)

    def met(self, students: set[str]) -> list[str]:
        """What a kill came upon: how far the run was, and what it was about to write."""
        held, done = {path.name for path in self.out.glob("held/*")}, self.done()
        recorded = {path.stem for path in self.out.glob("receipts/*.json")}
        stage = "before" if not done else "judging" if done != students else "recording"
        found = ["after" if (self.out / "summary.csv").exists() else stage]
        found += ["a transaction"] * any(self.root.glob("gradebook.db-*"))
        found += ["a half-written file"] * any(self.folder.rglob(".writing-*"))
        found += ["half-kept work"] * bool(held - done)
        return found + ["recorded work still held"] * bool(held & recorded)

    def done(self) -> set[str]:
        """Whose work is finished: judged and kept, recorded or not."""
        held = {path.parent.name for path in self.out.glob("held/*/receipt.json")}
        return held | {path.stem for path in self.out.glob("receipts/*.json")}

    def results(self) -> tuple[str, str, list[Any]]:
        """What a run comes to."""
        with sqlite3.connect(self.root / "gradebook.db") as book:
            rows = book.execute(SCORES).fetchall()
        book.close()
        return (self.out / "results.csv").read_text(), (self.out / "summary.csv").read_text(), rows

    def leftovers(self) -> list[str]:
        """Processes, folders and half-written files that should not be there."""
        left = left_running()
        odd = [*self.temporary.iterdir(), *(self.out / "held").iterdir()]
        odd += [path for folder in (self.out, self.root) for path in folder.rglob(".writing-*")]
        odd += list(self.root.glob("gradebook.db-*"))
        return [*(f"process {one}" for one in left), *(f"file {path.relative_to(path.parents[1])}" for path in odd)]

    def remove(self) -> None:
        shutil.rmtree(self.temporary)
        shutil.rmtree(self.folder)


def left_running(seconds: float = 15.0) -> list[str]:
    """The processes that have not ended in that time."""
    deadline = time.monotonic() + seconds
    while (left := family()) and time.monotonic() < deadline:
        time.sleep(PAUSE)
    return left


def family() -> list[str]:
    """The processes that come from graders, also from those that are gone: orphans become this process's own."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if child.status() == psutil.STATUS_ZOMBIE:
                child.wait(0)
            else:
                found.append(" ".join(child.cmdline())[:80])
        except (psutil.Error, ChildProcessError):
            continue
    return found


def undisturbed(place: Place) -> list[float]:
    """Grade without a kill; when that began, when each submission was judged, and when it was over."""
    began = time.monotonic()
    assert os.waitpid(place.start(), 0)[1] == 0, "the undisturbed run failed"
    return [began, *(when for when, _ in place.told()), time.monotonic()]


def wrong_after(place: Place, students: set[str], expected: object) -> Iterator[str]:
    """Start a killed run again; what it has lost, doubled or left."""
    done = place.done()
    if os.waitpid(place.start(), 0)[1] != 0:
        yield "the second run failed"
        return
    judged = [student for _, student in place.told()]
    if sorted(judged) != sorted(students - done):
        yield f"judged {sorted(judged)} after {sorted(done)}"
    if place.results() != expected:
        yield "other results"
    yield from place.leftovers()


def main() -> None:
    course, submitted, folder = (Path(name).resolve() for name in sys.argv[1:4])
    kills, light = int(sys.argv[4]), sys.argv[5] == "light"
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    mounts = Path("/proc/self/mountinfo").read_text()
    calm = Place(course, submitted, folder / "calm", light)
    times = undisturbed(calm)
    expected, students = calm.results(), calm.done()
    wrong = [f"undisturbed: {one}" for one in calm.leftovers()]
    calm.remove()
    met = Counter[str]()
    for number, moment in enumerate(moments(times, kills)):
        place = Place(course, submitted, folder / f"kill-{number}", light)
        place.kill_at(moment)
        met.update(place.met(students))
        if number % 2:  # every other run is started again while the processes of the killed one still end
            wrong += [f"{number}: left by the kill: {one}" for one in left_running()]
        wrong += [f"{number}, killed at {moment}: {one}" for one in wrong_after(place, students, expected)]
        place.remove()
    if Path("/proc/self/mountinfo").read_text() != mounts:
        wrong.append("other mounts than before")
    print(json.dumps({"kills": kills, "seconds": round(times[-1] - times[0], 1), "met": met, "wrong": wrong}))


if __name__ == "__main__":
    main()
