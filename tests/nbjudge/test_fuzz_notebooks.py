"""Ten thousand damaged notebooks: each gives a document or one clear reason, soon and in little memory.

Some go all the way, through sandbox, judge and gradebook: NBJUDGE_FUZZ says how many (default 200).
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from fuzz.confined import tried
from fuzz.mutations import damaged_bytes, damaged_tree
from fuzz.notebooks import CELLS, STARTS, encoded, read
from tiny import ASSIGNMENT, hand_in, rows, write_course

from nbjudge.grade.grade import grade_course
from nbjudge.judge.task import Limits
from nbjudge.master.course import Course
from nbjudge.pool.bench import Bench, Conditions
from nbjudge.publish.release import build_release, publish

GRADED = int(os.environ.get("NBJUDGE_FUZZ", "200"))
COUNTS = [1000, pytest.param(10_000, marks=pytest.mark.slow)]


def handed_in(count: int, seed: int) -> Iterator[bytes]:
    """In turn: a damaged structure, damaged bytes, and both."""
    draw = random.Random(seed)
    for number in range(count):
        start = draw.choice(STARTS)
        data = encoded(damaged_tree(start, draw) if number % 3 != 1 else start, draw)
        yield damaged_bytes(data, draw) if number % 3 else data


@pytest.mark.parametrize("count", COUNTS)
def test_a_damaged_notebook_gives_a_document_or_one_clear_reason(count: int) -> None:
    answers, grown = tried(read, handed_in(count, seed=count))
    assert answers.keys() == {"document", "refused"}
    assert sum(answers.values()) == count
    assert min(answers.values()) > count / 20
    assert grown < 300


@pytest.mark.parametrize("start", STARTS, ids=lambda start: f"{start['nbformat']}.{start['nbformat_minor']}")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_sound_notebook_of_any_format_and_encoding_is_a_document(start: dict, encoding: str) -> None:
    assert read(encoded(start).decode().encode(encoding)) == "document"


def test_a_notebook_in_latin_1_is_refused_with_a_reason() -> None:
    assert read(encoded(STARTS[0]).decode().encode("latin-1", "replace")) == "refused"


@pytest.mark.slow
@pytest.mark.timeout(300 + GRADED)
def test_a_damaged_notebook_ends_in_a_score_or_one_clear_reason(bench: Bench, tmp_path: Path) -> None:
    course = Course.at(write_course(tmp_path / "course", CELLS, {}, {}))
    publish(course, build_release(course, ASSIGNMENT, tmp_path / "staging"))
    work = {f"s{number:05}": data for number, data in enumerate(handed_in(GRADED, seed=GRADED))}
    submitted, out = hand_in(course.root, tmp_path / "submitted", work, flat=True), tmp_path / "grades"
    conditions = Conditions(workers=2, seed=7, limits=Limits(cell=20.0, call=10.0, notebook=60.0))
    scores = dict.fromkeys(("graded", "damaged", "full"), 0)
    for receipt in grade_course(course.root, ASSIGNMENT, submitted, out, conditions, bench=bench):
        assert not receipt.not_judged, f"{receipt.student}: {receipt.status}"
        assert receipt.status == "graded" or receipt.status.startswith("damaged: warmup: "), receipt.status
        assert receipt.status == "graded" or (receipt.status.endswith(".") and receipt.status.isprintable())
        assert receipt.status == "graded" or receipt.score == 0
        assert 0 <= receipt.score <= receipt.max_score == 3
        assert (out / "feedback" / f"{receipt.student}.html").stat().st_size > 1000
        scores[receipt.status.split(":")[0]] += 1
        scores["full"] += receipt.score == 3
    assert scores["graded"] + scores["damaged"] == GRADED
    assert min(scores.values()) > GRADED / 20, scores
    assert [row["student"] for row in rows(out / "summary.csv")] == sorted(work)
