"""What Otter exports and what Gradescope hands out is graded as it is; a hostile archive costs its student only."""

import json
import stat
import zipfile

import pytest
from tiny import ASSIGNMENT, DOUBLE, NOTEBOOK, SQUARE, filled, released

from nbjudge.grade.grade import grade_course
from nbjudge.pool.bench import Conditions
from nbjudge.submission.metadata import METADATA


@pytest.fixture
def work(tiny):
    return json.dumps(filled(released(tiny), {"double": DOUBLE, "square": SQUARE}))


def archive(path, *members):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data)


def grade(tiny, folder, bench):
    receipts = grade_course(tiny, ASSIGNMENT, folder, tiny / "grades", Conditions(seed=3), bench=bench)
    return {one.student: one for one in receipts}


def link():
    entry = zipfile.ZipInfo(f"{NOTEBOOK}.ipynb")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


def test_archives_of_otter_are_graded_and_hostile_ones_refused(tiny, tmp_path, bench, work):
    folder, name = tmp_path / "handed", f"{NOTEBOOK}.ipynb"
    archive(folder / "ada.zip", (name, work), (".OTTER_LOG", "log"), ("__zip_filename__", "warmup_2026.zip"))
    archive(folder / "climbs.zip", (name, work), ("../../escaped", "x"))
    archive(folder / "links.zip", (link(), "/etc/passwd"))
    archive(folder / "bomb.zip", (name, work), ("zeros.bin", bytes(201_000_000)))
    (folder / "torn.zip").write_bytes((folder / "ada.zip").read_bytes()[:-40])
    found = grade(tiny, folder, bench)
    assert (found["ada"].status, found["ada"].score) == ("graded", 7.0)
    reasons = {
        "climbs": "'../../escaped' leads out of its folder",
        "links": "is a link or no regular file",
        "bomb": "is too large when unpacked",
        "torn": "it is damaged",
    }
    for student, reason in reasons.items():
        assert found[student].status.startswith("damaged")
        assert reason in " ".join(found[student].repairs)
    assert not list(tmp_path.rglob("escaped"))


def test_a_download_from_gradescope_is_graded(tiny, tmp_path, bench, work):
    folder = tmp_path / "assignment_1_export"
    archive(folder / "submission_7" / "warmup_2026.zip", (f"{NOTEBOOK}.ipynb", work))
    (folder / METADATA).write_text(
        "submission_7:\n  :submitters:\n  - :name: Ada\n    :sid: '17'\n    :email: ada@x.edu\n"
        "  - :name: Bo\n    :sid: ''\n    :email: bo@x.edu\n  :created_at: 2026-02-14 10:30:00 Z\n"
        "submission_8:\n  :submitters:\n  - :name: Eve\n    :sid: '18'\n    :email: eve@x.edu\n"
    )
    found = grade(tiny, tmp_path, bench)
    assert {student: one.score for student, one in found.items()} == {"17": 7.0, "bo@x.edu": 7.0, "18": 0.0}
    assert found["17"].handed_in == "2026-02-14T10:30:00+00:00"
    assert found["18"].status == f"damaged: {NOTEBOOK}: not handed in"
