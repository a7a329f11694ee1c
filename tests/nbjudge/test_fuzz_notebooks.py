"""Ten thousand damaged notebooks: each gives a document or one clear reason, soon and in little memory."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from fuzz.confined import tried
from fuzz.mutations import damaged_bytes, damaged_tree
from fuzz.notebooks import STARTS, encoded, read

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
