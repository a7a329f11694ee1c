"""A submission's notebook, read from bytes that anybody may have written.

What comes out is a small, valid nbformat 4.5 document: each cell's type, id, source, nbgrader metadata and
attachments. Outputs, execution counts and all other metadata are dropped: grading runs the cells afresh.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode, from_dict

from nbjudge.errors import SubmissionError

_EXPORT_AGAIN = "Open it in Jupyter, save it and hand it in again."
_LOOKS_LIKE = (
    (b"PK\x03\x04", "a zip archive"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
# What nbgrader writes into a cell, with the types it may have there.
_NBGRADER_FIELDS: dict[str, tuple[type, ...]] = {
    "grade": (bool,),
    "solution": (bool,),
    "locked": (bool,),
    "task": (bool,),
    "grade_id": (str,),
    "points": (int, float),
    "schema_version": (int,),
    "checksum": (str,),
    "cell_type": (str,),
}
# "heading" and "html" are text cells of formats 2 and 3.
_KINDS = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown", "html": "markdown"}


def read_submission_notebook(data: bytes) -> NotebookNode:
    """Read a notebook of format 2 to 4 (UTF-8, UTF-16 or UTF-32, with or without a byte order mark).

    Wrong metadata is treated as lost; a cell that can't be understood is not guessed at. The same bytes give
    the same document.

    Raises:
        SubmissionError: the bytes aren't a notebook; says why, and never raises anything else.
    """
    content = _parse(data)
    if not isinstance(content, dict):
        raise SubmissionError("this is JSON but not a notebook", fix=_EXPORT_AGAIN)
    major = content.get("nbformat", 4)
    if isinstance(major, int) and major > 4:
        raise SubmissionError(f"notebook format {str(major)[:20]} is newer than this grader knows")
    raws = _raw_cells(content)
    taken: set[str] = set()
    cells = [_clean_cell(raw, number, taken) for number, raw in enumerate(raws, start=1)]
    document: NotebookNode = from_dict(  # type: ignore[no-untyped-call]
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    )
    return document


def _parse(data: bytes) -> Any:
    """JSON from bytes, or the reason why not, with line and column."""
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise SubmissionError("the file is empty", fix="Hand in the notebook again.")
    for start, kind in _LOOKS_LIKE:
        if data.lstrip()[: len(start)].lower() == start.lower():
            raise SubmissionError(f"this is {kind}, not a notebook", fix="Hand in the .ipynb file itself.")
    try:
        # A byte order mark, or else the pattern of zero bytes, shows the encoding (RFC 4627, section 3).
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise SubmissionError(
            f"the text is not valid {error.encoding.upper()} (byte {error.start})", fix=_EXPORT_AGAIN
        ) from None
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        if re.search(r"^(<<<<<<<|>>>>>>>) ", text, re.MULTILINE):
            what = "the notebook holds the marks of an unfinished git merge"
            raise SubmissionError(what, fix="Settle the merge and hand it in again.") from None
        raise SubmissionError(
            f"the notebook is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}",
            fix=_EXPORT_AGAIN,
        ) from None
    except (RecursionError, ValueError, MemoryError):
        raise SubmissionError(
            "the notebook's JSON is nested too deeply or holds too long a number", fix=_EXPORT_AGAIN
        ) from None


def _raw_cells(content: Mapping[str, Any]) -> list[Any]:
    """The cells of a document of format 4, or of format 2 and 3 with their worksheets joined."""
    if "cells" in content:
        cells = content["cells"]
    elif "worksheets" in content:
        sheets = content["worksheets"]
        if not isinstance(sheets, list) or not all(isinstance(sheet, dict) for sheet in sheets):
            raise SubmissionError("the notebook's worksheets are not a list of sheets", fix=_EXPORT_AGAIN)
        parts = [sheet.get("cells", []) for sheet in sheets]
        cells = [cell for part in parts for cell in part] if all(isinstance(p, list) for p in parts) else None
    else:
        raise SubmissionError("this is JSON but not a notebook: it has no cells", fix=_EXPORT_AGAIN)
    if not isinstance(cells, list):
        raise SubmissionError("the notebook's cells are not a list", fix=_EXPORT_AGAIN)
    return cells


def _clean_cell(raw: Any, number: int, taken: set[str]) -> dict[str, Any]:
    """One cell with nothing in it but what grading needs; ``taken`` keeps ids unique."""
    if not isinstance(raw, dict):
        raise SubmissionError(f"cell {number} is not a cell", fix=_EXPORT_AGAIN)
    kind = _KINDS.get(str(raw.get("cell_type")))
    if kind is None:
        raise SubmissionError(f"cell {number} is neither code nor text", fix=_EXPORT_AGAIN)
    # Format 3 keeps a code cell's text under "input".
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise SubmissionError(f"the source of cell {number} is not text", fix=_EXPORT_AGAIN)
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": _unique_id(raw.get("id"), number, taken),
        "metadata": _clean_metadata(raw.get("metadata")),
        "source": _sound(source.replace("\r\n", "\n").replace("\r", "\n")),
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    else:
        cell |= _clean_attachments(raw.get("attachments"))
    return cell


def _unique_id(wanted: Any, number: int, taken: set[str]) -> str:
    """The cell's own id if it is a valid and unused one, else one made from the cell's number."""
    if not (isinstance(wanted, str) and re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", wanted)) or wanted in taken:
        wanted = f"unnamed-{number}"
    while wanted in taken:
        wanted += "x"
    taken.add(wanted)
    return str(wanted)


def _clean_metadata(raw: Any) -> dict[str, Any]:
    about = raw.get("nbgrader") if isinstance(raw, dict) else None
    if not isinstance(about, dict):
        return {}
    kept: dict[str, Any] = {}
    for field, types in _NBGRADER_FIELDS.items():
        value = about.get(field)
        # bool is an int to isinstance, but True is not a number of points.
        if type(value) in types and (not isinstance(value, float) or math.isfinite(value)):
            kept[field] = _sound(value) if isinstance(value, str) else value
    if abs(kept.get("points", 0)) > 1e9:
        del kept["points"]
    return {"nbgrader": kept} if kept else {}


def _clean_attachments(raw: Any) -> dict[str, Any]:
    """Pictures pasted into a text cell: ``{name: {mime type: base64}}``."""
    if not isinstance(raw, dict):
        return {}
    kept = {
        _sound(name): {_sound(mime): _sound(body) for mime, body in bundle.items() if isinstance(body, str)}
        for name, bundle in raw.items()
        if isinstance(bundle, dict)
    }
    return {"attachments": kept} if kept else {}


def _sound(text: str) -> str:
    r"""The text without lone surrogates, which JSON can spell (``"\ud800"``) but no file can carry."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
