"""Thirty students fetch and hand in at the same time, by the requests that JupyterLab's buttons send."""

import json
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import psutil
import pytest
from person import Person

ASSIGNMENT = "learning-rate"
NOTEBOOK = f"descent/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
STUDENTS = 30
AT_ONCE = 4  # servers that start at the same time
# These students' servers answer nbgrader's requests and show no JupyterLab: less memory, and they start sooner.
LEAN = {
    "ServerApp": {
        "jpserver_extensions": dict.fromkeys(
            (
                "jupyterlab",
                "jupyter_lsp",
                "jupyter_server_terminals",
                "notebook",
                "notebook_shim",
                "jupyterlab_jupytext",
            ),
            False,
        )
    }
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def hub(start_hub):
    """A class of thirty, with lean servers, and an assignment released."""
    hub = start_hub(students=STUDENTS)
    for name in hub.students:
        home = hub.disk / "home" / name
        folder = home / ".jupyter" / "jupyter_server_config.d"
        folder.mkdir(parents=True)
        (folder / "lean.json").write_text(json.dumps(LEAN))
        owner = home.stat()
        for path in (home / ".jupyter", folder):
            os.chown(path, owner.st_uid, owner.st_gid)
    release(hub)
    return hub


def release(hub):
    """Generate and release, by formgrader's requests; the session's token serves for the course's server too."""
    staff = Person(hub, "try-instructor").sign()
    for step in ("assign", "release"):
        answer = staff.session.post(f"{hub.formgrader}/api/assignment/{ASSIGNMENT}/{step}")
        answer.raise_for_status()
        assert answer.json()["success"], answer.text


def timed(work):
    """Do the work for everybody at once: seconds for each, by name, and from the first to the last."""

    def one(person):
        begin = time.monotonic()
        work(person)
        return time.monotonic() - begin

    def measure(persons):
        begin = time.monotonic()
        with ThreadPoolExecutor(len(persons)) as pool:
            seconds = list(pool.map(one, persons))
        return seconds, time.monotonic() - begin

    return measure


def memory_of(hub):
    """GiB that the class's processes have resident, shared pages counted for each."""
    inside = psutil.Process(hub.inside)
    return sum(process.memory_info().rss for process in inside.children(recursive=True)) / 2**30


@pytest.fixture(scope="module")
def handed_in(hub, request):
    """All fetch at the same time, write their names into the notebook, and submit at the same time."""
    begin = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        persons = list(pool.map(lambda name: Person(hub, name).start(), hub.students))
    lines = [f"{STUDENTS} servers started in {time.monotonic() - begin:.0f} s, {memory_of(hub):.1f} GiB resident"]

    def fetch(person):
        assert person.fetch(ASSIGNMENT)["success"]

    def work(person):
        document = person.read(NOTEBOOK)
        document["cells"].append(nbformat.v4.new_markdown_cell(f"handed in by {person.name}"))
        person.write(NOTEBOOK, document)

    def submit(person):
        assert person.submit(ASSIGNMENT)["success"]

    first = time.monotonic()
    for name, step in (("fetch", fetch), ("read and save", work), ("submit", submit)):
        seconds, all_of_them = timed(step)(persons)
        each = f"each {statistics.median(seconds):.2f} s (median), {max(seconds):.2f} s (longest)"
        lines.append(f"{name}: all in {all_of_them:.1f} s; {each}")
    lines.append(f"from the first fetch to the last submission: {time.monotonic() - first:.1f} s")
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("", *lines, sep="\n")
    return persons


def test_nothing_is_lost_when_thirty_fetch_and_submit_at_once(hub, handed_in):
    inbound = hub.disk / "srv/nbgrader/exchange/descent/inbound"
    found = {}
    for folder in inbound.iterdir():
        document = nbformat.read(folder / f"{ASSIGNMENT}.ipynb", as_version=4)
        found[folder.name.split("+")[0]] = document.cells[-1].source
    assert found == {name: f"handed in by {name}" for name in hub.students}


def test_all_thirty_are_collected_with_their_own_work(hub, handed_in):
    staff = Person(hub, "try-instructor").sign()
    answer = staff.session.post(f"{hub.formgrader}/api/assignment/{ASSIGNMENT}/collect")
    assert answer.json()["success"], answer.text
    submitted = hub.disk / "home/grader-descent/descent/submitted"
    assert sorted(path.name for path in submitted.iterdir()) == sorted(hub.students)
    for name in hub.students:
        document = nbformat.read(submitted / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
        assert document.cells[-1].source == f"handed in by {name}"
