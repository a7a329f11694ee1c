"""What editors, file managers and people do to a notebook that holds honest work."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Cells = list[dict[str, Any]]


@dataclass(frozen=True)
class Damage:
    """One kind of damage.

    ``change(document, released)`` gives the damaged document or its bytes; ``says`` is a part of the sentence that
    the receipt and the feedback page must show, empty where nothing has to be mended. ``file`` may rename it.
    """

    name: str
    change: Callable[[Document, Document], Document | bytes]
    says: str = ""
    file: str = ""

    def apply(self, document: Document, released: Document) -> bytes:
        changed = self.change(copy.deepcopy(document), copy.deepcopy(released))
        return changed if isinstance(changed, bytes) else json.dumps(changed).encode()


def about(cell: dict[str, Any]) -> dict[str, Any]:
    """nbgrader's metadata of a cell."""
    return cell["metadata"].get("nbgrader", {})  # type: ignore[no-any-return]


def is_code_answer(cell: dict[str, Any]) -> bool:
    return cell["cell_type"] == "code" and bool(about(cell).get("solution")) and not about(cell).get("grade")


def is_test(cell: dict[str, Any]) -> bool:
    return bool(about(cell).get("grade")) and not about(cell).get("solution")


def code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "stranger",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "note", "metadata": {}, "source": source}


def on_cells(change: Callable[[Cells], Cells | None]) -> Callable[[Document, Document], Document]:
    """A change of the list of cells, in place or by a new list."""

    def apply(document: Document, released: Document) -> Document:
        found = change(document["cells"])
        if found is not None:
            document["cells"] = found
        return document

    return apply


def each(chosen: Callable[[dict[str, Any]], bool], change: Callable[[dict[str, Any]], Any]) -> Any:
    """A change of each cell that is chosen; it may give a list of cells in its place."""

    def apply(cells: Cells) -> Cells:
        made: Cells = []
        for cell in cells:
            result = change(cell) if chosen(cell) else None
            made += result if isinstance(result, list) else [cell]
        return made

    return on_cells(apply)


def anything(cell: dict[str, Any]) -> bool:
    return True


def forget(cell: dict[str, Any]) -> None:
    cell["metadata"].pop("nbgrader", None)


def without_id(cell: dict[str, Any]) -> None:
    cell.pop("id", None)


def nameless(cell: dict[str, Any]) -> None:
    forget(cell)
    without_id(cell)


def halves(cell: dict[str, Any], keep: bool) -> Cells:
    """The cell split at its middle line, the second half with or without the first one's names."""
    lines = cell["source"].splitlines(keepends=True)
    middle = max(1, len(lines) // 2)
    first = cell | {"source": "".join(lines[:middle]).rstrip("\n")}
    second = {**copy.deepcopy(cell), "id": cell.get("id", "x") + "-2"} if keep else code("")
    return [first, second | {"source": "".join(lines[middle:])}]


def kind(name: str) -> Callable[[dict[str, Any]], None]:
    def change(cell: dict[str, Any]) -> None:
        cell["cell_type"] = name
        for part in ("outputs", "execution_count"):
            cell.pop(part, None)

    return change


def with_released(place: Callable[[dict[str, Any], dict[str, Any]], Cells]) -> Callable[[Document, Document], Document]:
    """Beside each code answer, the cell as it was handed out."""

    def apply(document: Document, released: Document) -> Document:
        stubs = {about(cell).get("grade_id"): cell for cell in released["cells"]}
        made: Cells = []
        for cell in document["cells"]:
            stub = stubs.get(about(cell).get("grade_id"))
            made += place(cell, {**copy.deepcopy(stub), "id": "stub"}) if stub and is_code_answer(cell) else [cell]
        return document | {"cells": made}

    return apply


def merged_with_next(cells: Cells) -> Cells:
    """Each code answer takes in the cell below it, whatever that is."""
    made: Cells = []
    waiting = False
    for cell in cells:
        if waiting and cell["cell_type"] == "code" and not is_code_answer(cell):
            made[-1]["source"] += "\n" + cell["source"]
            waiting = False
            continue
        made.append(cell)
        waiting = is_code_answer(cell) or (waiting and cell["cell_type"] != "code")
    return made


def merged_answers(cells: Cells) -> Cells:
    """The last code answer is merged into the first one."""
    answers = [cell for cell in cells if is_code_answer(cell)]
    answers[0]["source"] += "\n\n\n" + answers[-1]["source"]
    return [cell for cell in cells if cell is not answers[-1] or cell is answers[0]]


def to_end(cells: Cells) -> Cells:
    return [c for c in cells if not is_code_answer(c)] + [c for c in cells if is_code_answer(c)]


def to_front(cells: Cells) -> Cells:
    return [c for c in cells if is_code_answer(c)] + [c for c in cells if not is_code_answer(c)]


def shuffled(cells: Cells) -> None:
    random.Random(4).shuffle(cells)


def scratch(cell: dict[str, Any]) -> Cells:
    return [cell, code("scratch = 1 / 0"), text("Notes."), code("print('here')")]


def indented_with_tabs(cell: dict[str, Any]) -> None:
    cell["source"] = cell["source"].replace("    ", "\t")


def moved_below(cell: dict[str, Any], stub: dict[str, Any]) -> Cells:
    """The work stands in a cell of the student's own, the given one was left blank."""
    return [stub | {"id": cell.get("id", "stub")}, code(cell["source"])]


def format_3(document: Document, released: Document) -> Document:
    cells = [
        {key: part for key, part in cell.items() if key not in ("id", "source")}
        | {"input": cell["source"], "language": "python"}
        if cell["cell_type"] == "code"
        else {key: part for key, part in cell.items() if key != "id"}
        for cell in document["cells"]
    ]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "x"}, "worksheets": [{"cells": cells}]}


def minor(number: int) -> Callable[[Document, Document], Document]:
    def apply(document: Document, released: Document) -> Document:
        for cell in document["cells"]:
            without_id(cell)
        return document | {"nbformat_minor": number}

    return apply


def encoded(encoding: str) -> Callable[[Document, Document], bytes]:
    return lambda document, released: json.dumps(document, ensure_ascii=False).encode(encoding)


def line_ends(document: Document, released: Document) -> bytes:
    for cell in document["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n") + "\r\n"
    return json.dumps(document, indent=1).replace("\n", "\r\n").encode()


def kernel(about_kernel: Any) -> Callable[[Document, Document], Document]:
    return lambda document, released: document | {"metadata": about_kernel}


def old_outputs(document: Document, released: Document) -> Document:
    """50 MB of old outputs."""
    figure = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo" * 1_000_000}}
    cell = next(cell for cell in document["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [figure] * 5
    return document


def lines(document: Document, released: Document) -> Document:
    for cell in document["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    return document


MERGED, SPLIT, MISSING = "had been merged", "had been split", "it was put back"
LOST, EDITED, MOVED = "names were lost", "had been edited", "Cells had been moved"
SEVERAL, TURNED, CHANGED = "the last one that is not blank was taken", "turned into text", "had been changed"

DAMAGES = (
    Damage("untouched", lambda document, released: document),
    Damage("answers_twice", each(is_code_answer, lambda c: [c, {**copy.deepcopy(c), "id": "copy"}]), SEVERAL),
    Damage("blank_copy_below", with_released(lambda cell, stub: [cell, stub]), SEVERAL),
    Damage("blank_copy_above", with_released(lambda cell, stub: [stub, cell]), SEVERAL),
    Damage(
        "older_attempt_above",
        each(
            is_code_answer,
            lambda c: [{**copy.deepcopy(c), "id": "old", "source": c["source"].replace("return", "return 0 #")}, c],
        ),
        SEVERAL,
    ),
    Damage("whole_notebook_twice", on_cells(lambda cells: cells + copy.deepcopy(cells)), "times"),
    Damage(
        "handed_out_in_front",
        lambda document, released: document | {"cells": released["cells"] + document["cells"]},
        SEVERAL,
    ),
    Damage("split_with_names", each(is_code_answer, lambda c: halves(c, keep=True)), SPLIT),
    Damage("split_without_names", each(is_code_answer, lambda c: halves(c, keep=False)), SPLIT),
    Damage("merged_with_next", on_cells(merged_with_next)),
    Damage("answers_merged", on_cells(merged_answers), MERGED),
    Damage("answers_at_end", on_cells(to_end), MOVED),
    Damage("answers_in_front", on_cells(to_front), MOVED),
    Damage("reversed", on_cells(lambda cells: cells[::-1]), MOVED),
    Damage("shuffled", on_cells(shuffled), MOVED),
    Damage("names_lost", each(anything, forget), LOST),
    Damage("ids_lost", each(anything, without_id)),
    Damage("names_and_ids_lost", each(anything, nameless), LOST),
    Damage("names_lost_and_shuffled", lambda d, r: on_cells(shuffled)(each(anything, forget)(d, r), r), MOVED),
    Damage("same_id_everywhere", each(anything, lambda c: c.update(id="x"))),
    Damage("answers_as_text", each(is_code_answer, kind("markdown")), TURNED),
    Damage("answers_as_raw", each(is_code_answer, kind("raw")), TURNED),
    Damage("everything_as_raw", each(anything, kind("raw")), TURNED),
    Damage("tests_as_text", each(is_test, kind("markdown")), EDITED),
    Damage("tests_edited", each(is_test, lambda c: c.update(source="assert False")), EDITED),
    Damage("tests_deleted", on_cells(lambda cells: [c for c in cells if not is_test(c)]), MISSING),
    Damage("only_answers_left", on_cells(lambda cells: [c for c in cells if about(c).get("solution")]), MISSING),
    Damage(
        "text_deleted",
        on_cells(lambda cells: [c for c in cells if c["cell_type"] == "code" or about(c).get("solution")]),
    ),
    Damage("scratch_everywhere", each(anything, scratch)),
    Damage("work_in_own_cells", with_released(moved_below)),
    Damage("wrong_metadata", each(anything, lambda c: c.update(metadata={"nbgrader": [1, 2]})), LOST),
    Damage(
        "roles_swapped", each(is_code_answer, lambda c: about(c).update(solution=False, grade=True, points=9)), CHANGED
    ),
    Damage("points_changed", each(is_test, lambda c: about(c).update(points=100)), CHANGED),
    Damage("renamed", each(is_code_answer, lambda c: about(c).update(grade_id=about(c)["grade_id"] + "-copy")), LOST),
    Damage("tabs", each(is_code_answer, indented_with_tabs)),
    Damage(
        "trailing_blanks",
        each(is_code_answer, lambda c: c.update(source="\n\n" + c["source"].replace("\n", "  \n") + "\n\n")),
    ),
    Damage("timed", each(is_code_answer, lambda c: c.update(source="%%time\n" + c["source"]))),
    Damage("source_in_lines", lines),
    Damage("format_3", format_3),
    *(Damage(f"format_4_{number}", minor(number)) for number in range(5)),
    Damage("crlf", line_ends),
    Damage("byte_order_mark", encoded("utf-8-sig")),
    Damage("utf_16", encoded("utf-16")),
    Damage("utf_32", encoded("utf-32-be")),
    Damage("no_kernel", kernel({})),
    Damage(
        "other_language",
        kernel({"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}, "language_info": {"name": "R"}}),
    ),
    Damage("odd_kernel", kernel(["kernelspec"])),
    Damage("old_outputs", old_outputs),
    Damage("five_thousand_cells", on_cells(lambda cells: cells + [text(f"note {n}") for n in range(5000)])),
    Damage("downloaded_again", lambda document, released: document, "was taken for it", file=" (1)"),
    Damage("copied", lambda document, released: document, "was taken for it", file="-Copy1"),
)
