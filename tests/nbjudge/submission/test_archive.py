"""A student's archive is unpacked whole or not at all, and what is wrong with it costs nobody else anything."""

import io
import stat
import struct
import warnings
import zipfile

import pytest

from nbjudge.submission import archive
from nbjudge.submission.chosen import choose
from nbjudge.submission.untrusted import MAX_FILES, Found


def packed(members, method=zipfile.ZIP_DEFLATED):
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", method) as file:
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, data in members:
            file.writestr(name, data)
    return held.getvalue()


def link(name):
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


def unpacked(data, **beside):
    found = Found(files={"work.zip": data, **beside}, size=len(data))
    return choose(found, ["work"]), found


def test_what_otter_exports_is_the_notebook_and_nothing_of_otters_own():
    data = packed([("work.ipynb", "{}"), (".OTTER_LOG", "x"), ("__zip_filename__", "work_2026.zip"), ("a.csv", "1")])
    chosen, found = unpacked(data)
    assert (chosen, found.files, found.problems) == ({"work": b"{}"}, {"a.csv": b"1"}, [])


def test_a_folder_around_everything_is_no_part_of_the_names():
    chosen, found = unpacked(packed([("hw/work.ipynb", "{}"), ("hw/data/a.csv", "1"), ("__MACOSX/hw/._a", "x")]))
    assert (chosen, found.files) == ({"work": b"{}"}, {"data/a.csv": b"1"})


def test_an_archive_beside_the_notebook_is_just_a_file():
    data = packed([("work.ipynb", "other")])
    chosen, found = unpacked(data, **{"work.ipynb": b"{}"})
    assert (chosen, found.files) == ({"work": b"{}"}, {"work.zip": data})


def test_a_file_beside_the_archive_stays_as_it_is():
    chosen, found = unpacked(packed([("work.ipynb", "{}"), ("a.csv", "inside")]), **{"a.csv": b"outside"})
    assert (set(chosen), found.files["a.csv"]) == ({"work"}, b"outside")


def test_of_several_archives_none_is_taken():
    chosen, found = unpacked(packed([("work.ipynb", "{}")]), **{"b.zip": packed([("work.ipynb", "{}")])})
    assert chosen == {}
    assert found.problems == ["There are 2 archives; none was unpacked.", "work.ipynb is missing."]


def encrypted():
    data = bytearray(packed([("work.ipynb", "{}")]))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + at
        data[place : place + 2] = struct.pack("<H", 1)
    return bytes(data)


HOSTILE = {
    "a name that climbs": (packed([("../../etc/cron", "x"), ("work.ipynb", "{}")]), "leads out of its folder"),
    "a name from the root": (packed([("/etc/cron", "x")]), "leads out of its folder"),
    "a name with backslashes": (packed([("..\\work.ipynb", "x")]), "leads out of its folder"),
    "a link": (packed([(link("work.ipynb"), "/etc/shadow")]), "is a link or no regular file"),
    "a name with an escape": (packed([("a\x1b[2J", "x")]), "too long or too odd"),
    "too many files": (packed([(f"{n}", "") for n in range(MAX_FILES + 1)]), "more than"),
    "too deep": (packed([("a/" * 20 + "b", "x")]), "nested too deeply"),
    "a password": (encrypted(), "password"),
    "a name that is there twice": (packed([("a/x", "1"), ("a/x", "2")]), "twice"),
    "no archive": (b"PK\x03\x04 and nothing else", "damaged"),
    "cut off": (packed([("work.ipynb", "{}" * 5000)])[:-30], "damaged"),
    "bytes changed": (packed([("work.ipynb", "{}" * 50)]).replace(b"\xab", b"\x00", 1), "damaged"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_archive_is_refused_whole_with_its_reason(what):
    data, reason = HOSTILE[what]
    chosen, found = unpacked(data)
    assert (chosen, found.files) == ({}, {})
    assert found.problems[0].startswith("'work.zip' was not unpacked: ")
    assert reason in found.problems[0]


def test_a_bomb_is_refused_before_it_is_in_memory(monkeypatch):
    monkeypatch.setattr(archive, "MAX_SUBMISSION_BYTES", 3_000_000)
    chosen, found = unpacked(packed([("a.csv", bytes(2_000_000)), ("b.csv", bytes(2_000_000))]))
    assert (chosen, found.files) == ({}, {})
    assert found.problems[0] == "'work.zip' was not unpacked: 'b.csv' is too large when unpacked."


def test_a_member_that_lies_about_its_size_is_refused():
    data = packed([("work.ipynb", bytes(5_000_000))])
    chosen, found = unpacked(data.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 5)))
    assert chosen == {}
    assert found.problems[0].startswith("'work.zip' was not unpacked: ")
