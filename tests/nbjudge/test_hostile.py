"""Submissions that attack the grader: none gains a point, reads a secret, stops the run or stays behind."""

from __future__ import annotations

import csv
import html
import multiprocessing
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import psutil
import pytest
from hostile import folders, messages, notebooks, protocol, prying, resources, values
from hostile.classes import CLASSES
from hostile.course import ASSIGNMENT, NOTEBOOK, SECRETS, Attack, hand_in, write_course

from nbjudge.grade.grade import grade_course
from nbjudge.judge.task import Limits
from nbjudge.judge.verdict import Outcome
from nbjudge.pool.bench import Bench, Conditions
from nbjudge.record.feedback import safe_name
from nbjudge.record.receipt import Receipt
from nbjudge.sandbox.limits import MIB
from nbjudge.sandbox.limits import Limits as SandboxLimits

CONDITIONS = Conditions(
    workers=2,
    seed=11,
    limits=Limits(cell=3.0, call=1.5, notebook=40.0),
    sandbox=SandboxLimits(memory=600 * MIB, disk=32 * MIB, processes=40),
)
# Each time-out leaves less time for the honest rest, which a busy machine then needs.
PATIENT = replace(CONDITIONS, limits=Limits(cell=6.0, call=3.0, notebook=90.0))
HONEST = Attack("honest_first", "No attack."), Attack("zz_honest_last", "No attack.")
PARTS = (values, protocol, messages, prying, resources, notebooks, folders)
ATTACKS = [*(attack for part in PARTS for attack in part.ATTACKS), *HONEST]
CASES = [pytest.param(one, id=one.name, marks=[pytest.mark.slow] if one.slow else []) for one in ATTACKS]
FOUND = "FOUND ["  # what a cell prints that has seen something it must not see


@dataclass(frozen=True)
class Run:
    """One graded class of hostile students, and what it left behind."""

    root: Path
    out: Path
    changed: list[str]
    receipts: dict[str, Receipt]
    left: list[str]

    def pages(self, student: str) -> dict[str, str]:
        """All that a student may get to see."""
        with (self.out / "results.csv").open(newline="") as file:
            rows = [" ".join(row) for row in csv.reader(file) if row[0] in (student, f"'{student}")]
        return {"feedback": self.feedback(student), "results": "\n".join(rows), "autograded": self.autograded(student)}

    def feedback(self, student: str) -> str:
        return (self.out / "feedback" / f"{safe_name(student)}.html").read_text()

    def autograded(self, student: str) -> str:
        """The executed notebook, or nothing where there was none to execute."""
        path = self.root / "autograded" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
        return path.read_text() if path.exists() else ""


def grade(attacks: list[Attack], bench: Bench, folder: Path, conditions: Conditions = CONDITIONS) -> Run:
    """Grade attacks in one run, with a folder for temporary files that is this run's alone."""
    root = write_course(folder / "course")
    submitted = hand_in(root, root / "submitted", attacks)
    out, temporary = folder / "grades", folder / "temporary"
    temporary.mkdir()
    ours = _state(folder)
    before = _sandboxed(bench)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(temporary))
        receipts = grade_course(root, ASSIGNMENT, submitted, out, conditions, bench=bench)
    psutil.wait_procs(_sandboxed(bench) - before, timeout=10)
    left = [str(one) for one in _sandboxed(bench) - before] + [str(one) for one in temporary.iterdir()]
    left += [str(one) for one in Path(bench.sandbox.address).parent.glob("k*")]
    left += [str(one) for one in multiprocessing.active_children()]
    now = _state(folder)
    changed = [path for path, held in ours.items() if now.get(path) != held] + [p for p in now if p not in ours]
    return Run(root, out, changed, {receipt.student: receipt for receipt in receipts}, left)


def _state(folder: Path) -> dict[str, tuple[int, ...]]:
    """Every file and folder below one: when it was written last, its kind and its size."""
    found = {}
    for path in folder.rglob("*"):
        about = path.lstat()
        found[str(path)] = (about.st_mode, about.st_size * path.is_file(), about.st_mtime_ns * (not path.is_dir()))
    return found


def _sandboxed(bench: Bench) -> set[psutil.Process]:
    """The processes in the sandbox: the zygote and all kernels."""
    assert bench.sandbox._process is not None
    return set(psutil.Process(bench.sandbox._process.pid).children(recursive=True))


@pytest.fixture(scope="module")
def quick(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return grade([one for one in ATTACKS if not one.slow], bench, tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def slow(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Run:
    attacks = [*(one for one in ATTACKS if one.slow), *HONEST]
    return grade(attacks, bench, tmp_path_factory.mktemp("slow"), PATIENT)


@pytest.fixture
def run(attack: Attack, request: pytest.FixtureRequest) -> Run:
    found: Run = request.getfixturevalue("slow" if attack.slow else "quick")
    return found


@pytest.mark.parametrize("attack", CASES)
def test_a_hostile_submission_earns_what_its_honest_part_earns(run: Run, attack: Attack) -> None:
    receipt, wanted = run.receipts[attack.known_as], attack.points()
    assert not receipt.not_judged, receipt.status
    got = {verdict.test: verdict.points for verdict in receipt.verdicts}
    assert got == wanted | {test: 0 for test in attack.may_lose if not got[test]}
    assert (receipt.score, receipt.max_score) == (sum(got.values()), 12)
    if attack.damaged:
        assert receipt.status.startswith(f"damaged: {NOTEBOOK}: ")
        assert attack.damaged in receipt.status
    else:
        assert receipt.status.startswith(attack.status)


@pytest.mark.parametrize("attack", CASES)
def test_no_page_shows_anything_hidden(run: Run, attack: Attack) -> None:
    for kind, page in run.pages(attack.known_as).items():
        shown = {word: page[max(0, page.find(word) - 200) :][:300] for word in (*SECRETS, FOUND) if word in page}
        assert not shown, kind


@pytest.mark.parametrize("attack", CASES)
def test_a_lost_point_is_explained(run: Run, attack: Attack) -> None:
    lost = [verdict for verdict in run.receipts[attack.known_as].verdicts if verdict.outcome is not Outcome.PASSED]
    page = html.unescape(run.feedback(attack.known_as))
    assert all(verdict.message for verdict in lost)
    assert not lost or "Not passed" in page or "Partly" in page
    assert not attack.damaged or attack.damaged in page
    assert attack.status == "graded" or "Not recorded: " in page


@pytest.mark.parametrize("attack", CASES)
def test_the_notebook_for_graders_is_whole_and_of_moderate_size(run: Run, attack: Attack) -> None:
    text = run.autograded(attack.known_as)
    assert bool(text) == (attack.status == "graded" and not attack.damaged)
    if text:
        nbformat.validate(nbformat.reads(text, as_version=4))
    assert len(text) < 150_000_000


@pytest.mark.parametrize("speed", ["quick", pytest.param("slow", marks=pytest.mark.slow)])
def test_nothing_is_left_running_or_lying_about(speed: str, request: pytest.FixtureRequest) -> None:
    assert not request.getfixturevalue(speed).left


# What a run writes, and nothing else may change.
WRITTEN = ("grades", "course/autograded", "course/gradebook.db")


@pytest.mark.parametrize("speed", ["quick", pytest.param("slow", marks=pytest.mark.slow)])
def test_only_the_results_are_written(speed: str, request: pytest.FixtureRequest) -> None:
    run = request.getfixturevalue(speed)
    allowed = [str(run.out.parent / name) for name in WRITTEN]
    assert [path for path in run.changed if not any(path.startswith(place) for place in allowed)] == []


def test_every_submission_belongs_to_a_class_of_attacks_and_every_class_has_one() -> None:
    classed = [name for names in CLASSES.values() for name in names]
    assert sorted(classed) == sorted(attack.name for attack in ATTACKS if attack not in HONEST)
    assert len(CLASSES) >= 80
    assert all(CLASSES.values())


POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
LOOK = """
await new Promise(resolve => setTimeout(resolve, 20));
const names = [...document.querySelectorAll('*')].flatMap(one => one.getAttributeNames());
const handlers = names.filter(name => name.startsWith('on'));
return [document.title, document.scripts.length, document.images.length, handlers];
"""


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["with the page's policy", "without it"])
def test_no_script_runs_from_any_page(quick: Run, policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "tools"))
    from browser import Browser

    pages = {one.known_as: quick.feedback(one.known_as) for one in ATTACKS if not one.slow}
    pages = {student: page for student, page in pages.items() if "&lt;" in page or "&#3" in page}
    assert any(folders.SCRIPT in html.unescape(page) for page in pages.values())
    path = tmp_path / "page.html"
    with Browser() as browser:
        for student, page in pages.items():
            path.write_text(page if policy.startswith("with ") else POLICY.sub("", page))
            browser.open(path)
            title, scripts, images, handlers = browser.run(LOOK)
            assert title.endswith(f"feedback for {' '.join(student.split())}")
            assert (scripts, images, handlers) == (0, 0, [])


@pytest.mark.slow
def test_a_script_in_a_page_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "tools"))
    from browser import Browser

    page = tmp_path / "page.html"
    page.write_text(f"<title>feedback</title><p>{folders.IMAGE}</p><script>{folders.SCRIPT}</script>")
    with Browser() as browser:
        browser.open(page)
        assert browser.run(LOOK) == ["owned", 1, 1, ["onerror"]]
