"""Reading a submission's notebook: many encodings and formats, and one kind of error."""

import copy
import json
from contextlib import suppress

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbformat.validator import isvalid

from nbjudge.errors import SubmissionError
from nbjudge.master.notebook import read_notebook
from nbjudge.submission.document import read_submission_notebook


def example() -> dict:
    about = {"grade": False, "grade_id": "f", "locked": False, "schema_version": 3, "solution": True}
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Title", id="title", attachments={"a.png": {"image/png": "aGk="}}),
            new_code_cell("def f(x):\n    return 'ü' + x", id="answer", metadata={"nbgrader": about}),
        ]
    )
    return json.loads(nbformat.writes(notebook))


def encoded(content: object, encoding: str = "utf-8") -> bytes:
    return json.dumps(content, ensure_ascii=False).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read(encoding):
    document = read_submission_notebook(encoded(example(), encoding))
    assert document.cells[1].source == "def f(x):\n    return 'ü' + x"
    assert document.cells[1].metadata.nbgrader.grade_id == "f"
    assert document.cells[0].attachments == {"a.png": {"image/png": "aGk="}}


@pytest.mark.parametrize("minor", [0, 1, 2, 3, 4, 5])
def test_each_minor_version_of_format_4_becomes_valid_4_5(minor):
    content = example() | {"nbformat_minor": minor}
    if minor < 5:
        for cell in content["cells"]:
            del cell["id"]
    document = read_submission_notebook(encoded(content))
    nbformat.validate(document)
    assert (document.nbformat, document.nbformat_minor) == (4, 5)
    assert [cell.source for cell in document.cells] == ["# Title", "def f(x):\n    return 'ü' + x"]


def test_format_3_gives_the_same_cells_as_nbformats_own_conversion():
    old = nbformat.v3.new_notebook(
        worksheets=[
            nbformat.v3.new_worksheet(
                cells=[
                    nbformat.v3.new_code_cell("x = 1\ny = 2", metadata={"nbgrader": {"grade_id": "f"}}),
                    nbformat.v3.new_text_cell("markdown", source="*text*"),
                    nbformat.v3.new_text_cell("raw", source="raw"),
                ]
            )
        ]
    )
    data = json.dumps(old).encode()
    ours = read_submission_notebook(data)
    theirs = nbformat.convert(copy.deepcopy(old), 4)
    assert [(c.cell_type, c.source) for c in ours.cells] == [(c.cell_type, c.source) for c in theirs.cells]
    assert ours.cells[0].metadata.nbgrader.grade_id == "f"


def test_outputs_and_foreign_metadata_are_dropped():
    content = example()
    content["metadata"] = {"kernelspec": ["nonsense"]}
    content["cells"][1]["outputs"] = [{"output_type": "nonsense"}]
    content["cells"][1]["metadata"]["tags"] = 5
    document = read_submission_notebook(encoded(content))
    nbformat.validate(document)
    assert document.cells[1].outputs == []
    assert set(document.cells[1].metadata) == {"nbgrader"}


def test_ids_stay_where_they_are_sound_and_become_unique_where_not():
    content = example()
    content["cells"] = [content["cells"][1] | {"id": i} for i in ("a", "a", "no good", 7, "unnamed-4")]
    document = read_submission_notebook(encoded(content))
    ids = [cell.id for cell in document.cells]
    assert ids[0] == "a"
    assert len(set(ids)) == 5
    nbformat.validate(document)
    assert read_submission_notebook(encoded(content)) == document


def test_line_ends_and_lone_surrogates_are_mended():
    content = example()
    content["cells"][1]["source"] = "a\r\nb\rc\ud800"
    document = read_submission_notebook(json.dumps(content).encode())
    assert document.cells[1].source == "a\nb\nc\ufffd"


@pytest.mark.parametrize(
    ("about", "kept"),
    [
        ([1], {}),
        ("text", {}),
        ({"points": float("nan"), "grade": "yes", "grade_id": ["f"]}, {}),
        ({"points": "3", "grade_id": "f"}, {"nbgrader": {"grade_id": "f"}}),
        ({"points": 10**400, "grade_id": "f"}, {"nbgrader": {"grade_id": "f"}}),
        ({"points": True, "solution": True}, {"nbgrader": {"solution": True}}),
    ],
)
def test_wrong_nbgrader_metadata_counts_as_lost(about, kept):
    content = example()
    content["cells"][1]["metadata"] = {"nbgrader": about}
    document = read_submission_notebook(encoded(content))
    assert document.cells[1].metadata == kept
    read_notebook(document, "p")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"PK\x03\x04 rest", "a zip archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html><p>", "a web page"),
        (b'{\n "cells": [,]}', "not valid JSON: Expecting value at line 2, column 12"),
        (b'{\n<<<<<<< HEAD\n "cells": []\n', "unfinished git merge"),
        (b'{"a": "\xff"}', "not valid UTF-8"),
        (b"[]", "not a notebook"),
        (b'"text"', "not a notebook"),
        (b"{}", "it has no cells"),
        (b'{"cells": {}}', "cells are not a list"),
        (b'{"cells": [3]}', "cell 1 is not a cell"),
        (b'{"cells": [{"cell_type": "code", "source": 7}]}', "source of cell 1 is not text"),
        (b'{"cells": [{"cell_type": "code", "source": ["a", 1]}]}', "source of cell 1 is not text"),
        (b'{"cells": [{"cell_type": ["code"], "source": ""}]}', "cell 1 is neither code nor text"),
        (b'{"worksheets": 3}', "worksheets are not a list"),
        (b'{"worksheets": [{"cells": 3}]}', "cells are not a list"),
        (b'{"nbformat": 5, "cells": []}', "newer"),
        (b'{"cells": ' + b"[" * 200_000, "nested too deeply"),
        (b'{"cells": ' + b"9" * 5000 + b"}", "too long a number"),
    ],
)
def test_what_is_no_notebook_is_refused_with_a_reason(data, words):
    with pytest.raises(SubmissionError, match=words):
        read_submission_notebook(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Every place inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_value_anywhere_gives_a_valid_notebook_or_a_submission_error(data):
    content = example()
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(content)[1:]))
        spot = content
        for key in way:
            spot = spot[key]
        spot[last] = data.draw(JSON)
    raw = json.dumps(content).encode("utf-8", "surrogatepass")
    with suppress(SubmissionError):
        document = read_submission_notebook(raw)
        nbformat.validate(document)
        assert len(read_notebook(document, "p").cells) == len(document.cells)
        assert nbformat.writes(document).encode()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.binary(max_size=4), st.integers(0, 8))
def test_damaged_bytes_give_a_valid_notebook_or_a_submission_error(position, insert, removed):
    raw = encoded(example())
    with suppress(SubmissionError):
        document = read_submission_notebook(raw[:position] + insert + raw[position + removed :])
        assert isvalid(document)
