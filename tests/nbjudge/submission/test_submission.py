"""Collecting submissions: two layouts, and whatever students may put into them."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nbjudge.errors import SubmissionError
from nbjudge.submission import untrusted
from nbjudge.submission.submission import collect


def hand_in(root: Path, student: str, files: dict[str, bytes], assignment: str = "ps1") -> Path:
    folder = root / student / assignment
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_nbgraders_layout_is_read_in_the_order_of_names(tmp_path):
    hand_in(tmp_path, "zoe", {"p.ipynb": b"z"})
    hand_in(tmp_path, "ann", {"p.ipynb": b"a", "data/x.csv": b"1,2"})
    hand_in(tmp_path, "idle", {"q.ipynb": b"-"}, assignment="ps2")
    ann, zoe = collect(tmp_path, "ps1", ["p"])
    assert (ann.student, ann.notebooks, ann.files) == ("ann", {"p": b"a"}, {"data/x.csv": b"1,2"})
    assert (zoe.student, zoe.notebooks, zoe.problems) == ("zoe", {"p": b"z"}, ())


def test_the_folder_above_submitted_may_be_named(tmp_path):
    hand_in(tmp_path / "submitted", "ann", {"p.ipynb": b"a"})
    assert [one.student for one in collect(tmp_path, "ps1", ["p"])] == ["ann"]


def test_a_linked_submissions_folder_is_the_staffs_own_business(tmp_path):
    hand_in(tmp_path / "real", "ann", {"p.ipynb": b"a"})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert [one.student for one in collect(tmp_path / "link", "ps1", ["p"])] == ["ann"]


def test_a_flat_folder_of_notebooks_is_read(tmp_path):
    for name in ("bob.ipynb", "ann.ipynb", "notes.txt", ".hidden.ipynb"):
        (tmp_path / name).write_bytes(name.encode())
    ann, bob = collect(tmp_path, "ps1", ["p"])
    assert (ann.student, ann.notebooks) == ("ann", {"p": b"ann.ipynb"})
    assert bob.student == "bob"


def test_two_files_of_one_name_stay_two_submissions(tmp_path):
    for name in ("ann.ipynb", "ann.IPYNB", "ann-2.ipynb"):
        (tmp_path / name).write_bytes(name.encode())
    students = [one.student for one in collect(tmp_path, "ps1", ["p"])]
    assert len(set(students)) == 3


def test_a_timestamp_is_read_as_nbgrader_writes_it(tmp_path):
    hand_in(tmp_path, "ann", {"p.ipynb": b"", "timestamp.txt": b"2026-02-02 15:58:23.948203 UTC\n"})
    hand_in(tmp_path, "bob", {"p.ipynb": b"", "timestamp.txt": b"2026-02-02T16:58:23+01:00"})
    hand_in(tmp_path, "cy", {"p.ipynb": b"", "timestamp.txt": b"yesterday \xff"})
    ann, bob, cy = collect(tmp_path, "ps1", ["p"])
    assert ann.timestamp == datetime(2026, 2, 2, 15, 58, 23, 948203, UTC)
    assert bob.timestamp == datetime(2026, 2, 2, 15, 58, 23, tzinfo=UTC)
    assert cy.timestamp is None
    assert cy.problems == ("timestamp.txt holds no date.",)
    assert ann.files == {}


@pytest.mark.parametrize("name", ["p (1).ipynb", "p-Copy1.ipynb", "P.ipynb", "Untitled.ipynb"])
def test_a_renamed_notebook_is_taken_and_named(tmp_path, name):
    hand_in(tmp_path, "ann", {name: b"a"})
    (ann,) = collect(tmp_path, "ps1", ["p"])
    assert ann.notebooks == {"p": b"a"}
    assert "p.ipynb is missing" in ann.problems[0]
    assert name in ann.problems[0]


def test_a_missing_notebook_is_not_guessed_among_several(tmp_path):
    hand_in(tmp_path, "ann", {"one.ipynb": b"1", "two.ipynb": b"2"})
    (ann,) = collect(tmp_path, "ps1", ["p"])
    assert ann.notebooks == {}
    assert ann.problems == ("p.ipynb is missing.",)


def test_links_and_special_files_are_left_out_and_never_block(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the answer")
    root = tmp_path / "in"
    folder = hand_in(root, "ann", {"p.ipynb": b"a"})
    (folder / "link.csv").symlink_to(secret)
    (folder / "folder-link").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket.csv"))
    (ann,) = collect(root, "ps1", ["p"])
    assert ann.notebooks == {"p": b"a"}
    assert ann.files == {}
    assert len(ann.problems) == 4
    assert "'link.csv' could not be read: it is a link" in " ".join(ann.problems)
    assert "'pipe.csv' was left out: it is not a regular file." in ann.problems


def test_a_notebook_that_is_a_link_or_a_fifo_costs_only_itself(tmp_path):
    hand_in(tmp_path, "ann", {"p.ipynb": b"a"})
    (hand_in(tmp_path, "bob", {}) / "p.ipynb").symlink_to(tmp_path / "ann/ps1/p.ipynb")
    os.mkfifo(hand_in(tmp_path, "cy", {}) / "p.ipynb")
    (tmp_path / "dan").symlink_to(tmp_path / "ann")
    ann, bob, cy, dan = collect(tmp_path, "ps1", ["p"])
    assert ann.notebooks == {"p": b"a"}
    for one in (bob, cy, dan):
        assert one.notebooks == {}
        assert one.problems


def test_flat_links_and_folders_are_named(tmp_path):
    (tmp_path / "ann.ipynb").write_bytes(b"a")
    (tmp_path / "bob.ipynb").symlink_to(tmp_path / "ann.ipynb")
    (tmp_path / "cy.ipynb").mkdir()
    ann, bob, cy = collect(tmp_path, "ps1", ["p"])
    assert ann.notebooks == {"p": b"a"}
    assert (bob.notebooks, cy.notebooks) == ({}, {})
    assert bob.problems
    assert cy.problems


def test_files_beyond_the_limits_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(untrusted, "MAX_SUBMISSION_BYTES", 100)
    monkeypatch.setattr(untrusted, "MAX_NOTEBOOK_BYTES", 50)
    monkeypatch.setattr(untrusted, "MAX_FILES", 4)
    hand_in(tmp_path, "ann", {"p.ipynb": b"x" * 51})
    hand_in(tmp_path, "bob", {"a.csv": b"x" * 80, "b.csv": b"x" * 30, "p.ipynb": b"x" * 20})
    hand_in(tmp_path, "cy", {"p.ipynb": b"p"} | {f"a{number}.csv": b"" for number in range(9)})
    ann, bob, cy = collect(tmp_path, "ps1", ["p"])
    assert ann.notebooks == {}
    assert "'p.ipynb' was left out: it is too large." in ann.problems
    assert bob.notebooks == {"p": b"x" * 20}
    assert "'b.csv' was left out: it is too large." in bob.problems
    assert (len(cy.files), cy.notebooks) == (3, {"p": b"p"})
    assert "There are more than 4 files" in cy.problems[0]


def test_deep_folders_end(tmp_path):
    hand_in(tmp_path, "ann", {"p.ipynb": b"a", "/".join("abcdefghijklmnop") + "/deep.csv": b""})
    (ann,) = collect(tmp_path, "ps1", ["p"])
    assert ann.notebooks == {"p": b"a"}
    assert "nested too deeply" in ann.problems[0]


@pytest.mark.parametrize(
    "name",
    ["a\nb", "a\x1b[31mred", "=1+1\r", "\u202eevil", "x" * 200, ".dot", "a\\nb", os.fsdecode(b"\xff\xfe")],
)
def test_hostile_names_become_printable_and_stay_distinct(tmp_path, name):
    hand_in(tmp_path, name, {"p.ipynb": b"a", "bad\nname.csv": b""})
    hand_in(tmp_path, "ann", {"p.ipynb": b"a"})
    odd, plain = sorted(collect(tmp_path, "ps1", ["p"]), key=lambda one: one.student == "ann")
    assert plain.student == "ann"
    assert odd.student.isprintable()
    assert not odd.student.startswith(".")
    assert odd.notebooks == {"p": b"a"}
    assert odd.files == {}
    assert "rename the folder" in odd.problems[0]
    assert all(problem.isprintable() for problem in odd.problems)


def test_two_odd_names_that_look_alike_stay_two(tmp_path):
    hand_in(tmp_path, "a\nb", {"p.ipynb": b"1"})
    hand_in(tmp_path, "a\\nb", {"p.ipynb": b"2"})
    assert len({one.student for one in collect(tmp_path, "ps1", ["p"])}) == 2


def test_unicode_names_are_kept(tmp_path):
    hand_in(tmp_path, "Đorđe Ünal 李", {"p.ipynb": b"a"})
    (one,) = collect(tmp_path, "ps1", ["p"])
    assert (one.student, one.problems) == ("Đorđe Ünal 李", ())


def test_checkpoints_and_hidden_files_are_passed_over(tmp_path):
    hand_in(tmp_path, "ann", {"p.ipynb": b"a", ".ipynb_checkpoints/p-checkpoint.ipynb": b"old"})
    (ann,) = collect(tmp_path, "ps1", ["p"])
    assert (ann.files, ann.problems) == ({}, ())


@pytest.mark.parametrize(
    ("make", "notebooks", "words"),
    [
        (lambda root: None, ["p"], "no submission of ps1"),
        (lambda root: hand_in(root, "ann", {"p.ipynb": b""}, "ps2"), ["p"], "no submission of ps1"),
        (lambda root: (root / "ann.ipynb").touch(), ["p", "q"], "ps1 has 2 notebooks"),
    ],
)
def test_a_folder_without_submissions_is_refused_in_one_sentence(tmp_path, make, notebooks, words):
    make(tmp_path)
    with pytest.raises(SubmissionError, match=words) as refused:
        collect(tmp_path, "ps1", notebooks)
    assert "Expected <student>/ps1/p.ipynb" in str(refused.value) or "Use the layout" in str(refused.value)


def test_a_mixture_of_layouts_is_refused(tmp_path):
    hand_in(tmp_path, "ann", {"p.ipynb": b""})
    (tmp_path / "bob.ipynb").touch()
    with pytest.raises(SubmissionError, match="both student folders and loose notebooks"):
        collect(tmp_path, "ps1", ["p"])


def test_a_path_that_is_no_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for path, words in (("gone", "no such folder"), ("file", "not a folder"), ("a\0b", "the name of a")):
        with pytest.raises(SubmissionError, match=words):
            collect(tmp_path / path, "ps1", ["p"])


@pytest.mark.parametrize("name", ["copy " * 28 + "x", "copy  " * 22 + "x", " (1)" * 30 + "x", "copy 1" * 22 + "x"])
def test_a_name_made_to_keep_a_pattern_busy_is_read_at_once(tmp_path, name):
    hand_in(tmp_path, "ann", {f"{name}.ipynb": b"a"})
    (one,) = collect(tmp_path, "ps1", ["p"])
    assert one.notebooks == {"p": b"a"}


def test_a_heap_of_files_does_not_cost_the_notebook(tmp_path, monkeypatch):
    monkeypatch.setattr(untrusted, "MAX_FILES", 3)
    hand_in(tmp_path, "ann", {"p.ipynb": b"a"} | {f"{number}.csv": b"" for number in range(9)})
    (ann,) = collect(tmp_path, "ps1", ["p"])
    assert ann.notebooks == {"p": b"a"}
    assert ann.problems == ("There are more than 3 files; the rest was left out.",)
