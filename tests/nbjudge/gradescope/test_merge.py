"""Gradescope's scores in the gradebook and the results, beside what people gave."""

import zipfile
from contextlib import closing

import pytest
from click.testing import CliRunner
from tiny import ASSIGNMENT, NOTEBOOK

from nbjudge.cli import main
from nbjudge.errors import NbjudgeError, SubmissionError
from nbjudge.gradescope.merge import merge
from nbjudge.master.course import Course
from nbjudge.record.gradebook import open_gradebook
from nbjudge.submission.metadata import METADATA

POINTS = {"test_double": 2, "test_double_text": 1, "test_square_seen": 1, "test_square_signs": 3}


def person(sid, email="", **lost):
    entry = "    - name: {}\n      score: {}\n      max_score: {}\n"
    tests = "".join(entry.format(name, lost.get(name, most), most) for name, most in POINTS.items())
    who = f"  :submitters:\n  - :name: X\n    :sid: '{sid}'\n    :email: '{email}'\n"
    folder = f"submission_{sid.replace('/', '') or 0}"
    return f"{folder}:\n{who}  :created_at: 2026-02-14 10:30:00 Z\n  :results:\n    tests:\n{tests}"


def write(folder, *people):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / METADATA).write_text("---\n" + "".join(people))
    return folder


def scores(root, student):
    with closing(open_gradebook(Course.find(root))) as gradebook:
        found = gradebook.find_submission(ASSIGNMENT, student)
        return {grade.name: grade.score for book in found.notebooks for grade in book.grades}


def give(root, student, points):
    with closing(open_gradebook(Course.find(root))) as gradebook:
        grade = gradebook.find_grade("why", NOTEBOOK, ASSIGNMENT, student)
        grade.manual_score = points
        gradebook.db.commit()


def test_scores_are_recorded_and_a_persons_stay(tiny, tmp_path):
    export, out = write(tmp_path / "export", person("ada"), person("bo", test_square_signs=1.5)), tmp_path / "out"
    merged = merge(tiny, ASSIGNMENT, export, out)
    assert [(one.student, one.score, one.isolation) for one in merged.receipts] == [
        ("ada", 7.0, "gradescope"),
        ("bo", 5.5, "gradescope"),
    ]
    assert scores(tiny, "bo") == {**POINTS, "test_square_signs": 1.5, "why": 0.0}
    give(tiny, "bo", 1.0)
    merge(tiny, ASSIGNMENT, write(export, person("bo", test_double=0)), out)
    assert scores(tiny, "bo") == {**POINTS, "test_double": 0.0, "why": 1.0}
    lines = (out / "summary.csv").read_text().splitlines()
    assert lines == ["student,score,max_score,status", "ada,7,7,graded", "bo,5,7,graded"]
    assert (out / "feedback" / "bo.html").is_file()


def test_a_changed_score_is_confirmed_or_nothing_is_recorded(tiny, tmp_path):
    export, out, asked = write(tmp_path / "export", person("ada")), tmp_path / "out", []
    merge(tiny, ASSIGNMENT, export, out, lambda found: pytest.fail("nothing has changed"))
    write(export, person("ada", test_double=0))
    with pytest.raises(NbjudgeError, match="1 changed scores were not confirmed"):
        merge(tiny, ASSIGNMENT, export, out, lambda found: asked.extend(found) or False)
    assert [(one.student, one.test, one.old, one.new) for one in asked] == [("ada", "test_double", 2.0, 0.0)]
    assert scores(tiny, "ada")["test_double"] == 2.0


def test_a_student_is_who_the_gradebook_knows(tiny, tmp_path):
    out = tmp_path / "out"
    merge(tiny, ASSIGNMENT, write(tmp_path / "a", person("ada")), out)
    merged = merge(tiny, ASSIGNMENT, write(tmp_path / "b", person("", "ada@x.edu"), person("9", "bo@x.edu")), out)
    assert sorted(one.student for one in merged.receipts) == ["9", "ada"]


def test_one_bad_entry_costs_nobody_else(tiny, tmp_path):
    people = person("ada"), person("bo", test_double=99), person("c/d"), person("", "zoe@x.edu", test_double="''")
    merged = merge(tiny, ASSIGNMENT, write(tmp_path / "export", *people), tmp_path / "out")
    assert [one.student for one in merged.receipts if one.status == "graded"] == ["ada"]
    told = "\n".join(merged.problems)
    assert "bo: 'test_double' has 99 of 2 points." in told
    assert "c/d: not recorded: " in told
    assert "zoe@x.edu: 'test_double' has no points in it." in told


def test_a_downloaded_zip_is_read_without_unpacking_it(tiny, tmp_path):
    write(tmp_path / "export", person("ada"))
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as file:
        file.write(tmp_path / "export" / METADATA, f"assignment_1_export/{METADATA}")
        file.writestr("../../escaped", "x")
    assert len(merge(tiny, ASSIGNMENT, tmp_path / "export.zip", tmp_path / "out").receipts) == 1
    assert not list(tmp_path.parent.rglob("escaped"))


BAD = {
    "nowhere.csv": (None, "there is no such file"),
    "scores.csv": (b"a,b\n", "no column 'SID'"),
    "latin.csv": ("SID,Émail".encode("latin-1"), "not in UTF-8"),
    "export.zip": (b"PK no zip", "damaged"),
    "scores.xlsx": (b"x", "no export of Gradescope's"),
    METADATA: (b"a: [", "no YAML"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_export_is_one_sentence_and_changes_nothing(tiny, tmp_path, name):
    data, says = BAD[name]
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(SubmissionError, match=says) as caught:
        merge(tiny, ASSIGNMENT, tmp_path / name, tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_the_verb_tells_who_has_no_score(tiny, tmp_path):
    export = write(tmp_path / "export", person("ada"), person("bo", test_double=99))
    line = ["import-gradescope", str(export), ASSIGNMENT, "--course", str(tiny), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, line)
    assert done.exit_code == 1, done.output
    assert "7/7" in done.output
    assert "bo: 'test_double' has 99 of 2 points." in done.output
    assert "1 recorded, 1 problems." in done.output
