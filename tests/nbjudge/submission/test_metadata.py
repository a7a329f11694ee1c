"""Downloads from Gradescope, read as they are."""

from datetime import UTC, datetime

import pytest

from nbjudge.errors import SubmissionError
from nbjudge.submission.metadata import METADATA, parse_metadata
from nbjudge.submission.submission import collect

EXPORT = """---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '17'
    :email: ada@example.edu
  :created_at: 2026-02-14 10:30:00.712301000 Z
  :score: 3.0
  :status: processed
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests: []
  :history: []
submission_102:
  :submitters:
  - :name: Zoë
    :sid: ''
    :email: zoe@example.edu
  - :name: Émile
    :sid: 9
    :email:
  :created_at: 2026-02-14 11:00:00 +0100
"""


def export(folder, text=EXPORT, **files):
    for name in ("submission_101", "submission_102"):
        (folder / name).mkdir(parents=True)
        (folder / name / "work.ipynb").write_text("{}")
    (folder / METADATA).write_text(text)
    return folder


def test_who_when_and_what_is_read():
    one, two = parse_metadata(EXPORT.encode(), METADATA)
    assert (one.folder, [person.student for person in one.submitters]) == ("submission_101", ["17"])
    assert one.created == datetime(2026, 2, 14, 10, 30, 0, 712301, UTC)
    assert one.results == {"tests": []}
    assert [person.student for person in two.submitters] == ["zoe@example.edu", "9"]
    assert two.created == datetime(2026, 2, 14, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("inside", ["", "assignment_5_export"])
def test_a_download_is_a_folder_of_submissions(tmp_path, inside):
    export(tmp_path / inside)
    found = {one.student: one for one in collect(tmp_path, "ps1", ["work"])}
    assert list(found) == ["17", "9", "zoe@example.edu"]
    assert found["9"].notebooks == found["zoe@example.edu"].notebooks == {"work": b"{}"}
    assert found["17"].timestamp == datetime(2026, 2, 14, 10, 30, 0, 712301, UTC)


def test_a_folder_that_is_a_link_or_missing_costs_its_student_only(tmp_path):
    root = export(tmp_path / "export")
    (root / "submission_101").rename(tmp_path / "elsewhere")
    (root / "submission_101").symlink_to(tmp_path / "elsewhere")
    found = {one.student: one for one in collect(root, "ps1", ["work"])}
    assert found["17"].notebooks == {}
    assert found["17"].problems[0] == "The folder could not be read: it is a link or not a folder."
    assert found["9"].notebooks == {"work": b"{}"}


def test_a_folder_name_that_leads_elsewhere_is_refused(tmp_path):
    root = export(tmp_path / "export", EXPORT.replace("submission_101", "../elsewhere"))
    with pytest.raises(SubmissionError, match=r"'../elsewhere' is no submission\. Download"):
        collect(root, "ps1", ["work"])


BAD = {
    "no YAML": ("a: [1", r"no YAML near line \d"),
    "nothing": ("", "names no submission"),
    "a list": ("- a\n- b\n", "names no submission"),
    "an object": ("a: !!python/object/apply:os.system ['true']", "no YAML"),
    "bytes": (b"\xff\xfe\x00\xd8", "no YAML"),
    "other words": ("name: value\n", "'name' is no submission"),
    "a nest": ("[" * 5000, "no YAML|names no"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_metadata_gets_one_sentence(what):
    text, says = BAD[what]
    with pytest.raises(SubmissionError, match=says) as caught:
        parse_metadata(text if isinstance(text, bytes) else text.encode(), METADATA)
    assert "\n" not in str(caught.value)


def test_nobody_in_it_is_said(tmp_path):
    root = export(tmp_path / "export", "submission_101:\n  :submitters: []\n")
    with pytest.raises(SubmissionError, match="names nobody"):
        collect(root, "ps1", ["work"])


def test_somebody_twice_is_there_once_and_told(tmp_path):
    root = export(tmp_path / "export", EXPORT.replace(":sid: 9", ":sid: 17"))
    found = {one.student: one for one in collect(root, "ps1", ["work"])}
    assert found["17"].problems == ("There are two submissions of '17'; the last one counts.",)
