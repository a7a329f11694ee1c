"""Notebooks and files that are not what was released."""

from __future__ import annotations

from typing import Any

from hostile.course import Attack

ZERO = "def gradient(theta, X):\n    return torch.zeros(0)"


def cell_of(document: Any, name: str) -> Any:
    return next(c for c in document["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def edit_tests(document: Any) -> None:
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = "pass"


def raise_points(document: Any) -> None:
    for cell in document["cells"]:
        if about := cell["metadata"].get("nbgrader"):
            about["points"] = 1000
            cell["metadata"]["tags"] = ["raises-exception", "skip-execution", "remove-cell"]
            cell["metadata"]["deletable"] = True


def drop_tests(document: Any) -> None:
    document["cells"] = [c for c in document["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]


def copy_tests(document: Any) -> None:
    tests = [c for c in document["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
    document["cells"] = [
        *({**t, "source": "6.0"} for t in tests),
        *document["cells"],
        *({**t, "source": "6.0"} for t in tests),
    ]


def tests_as_answers(document: Any) -> None:
    for cell in document["cells"]:
        if (about := cell["metadata"].get("nbgrader")) and about.get("grade"):
            about.update(solution=True, grade=False, locked=False, cell_type="markdown")
            cell["cell_type"], cell["source"] = "markdown", "nothing to see"


def answers_as_tests(document: Any) -> None:
    about = cell_of(document, "gradient")["metadata"]["nbgrader"]
    about.update(solution=False, grade=True, locked=True, points=6)


def swap_names(document: Any) -> None:
    one, other = cell_of(document, "gradient_hidden"), cell_of(document, "gradient_seen")
    one["metadata"], other["metadata"] = other["metadata"], one["metadata"]


def tag_all(document: Any) -> None:
    for cell in document["cells"]:
        cell["metadata"]["tags"] = ["raises-exception", "skip-execution", "skip", "parameters", "nbgrader-skip"]
        cell["metadata"]["jupyter"] = {"source_hidden": True}


def reverse_cells(document: Any) -> None:
    document["cells"].reverse()


def tests_first(document: Any) -> None:
    document["cells"].sort(key=lambda cell: not cell["metadata"].get("nbgrader", {}).get("grade"))


def rename_tests(document: Any) -> None:
    for number, cell in enumerate(document["cells"]):
        cell["id"] = f"cell-{(number * 7) % len(document['cells'])}"
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["nbgrader"]["grade_id"] = f"other_{number}"


def retype(document: Any) -> None:
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["cell_type"] = "raw"


def merge_tests(document: Any) -> None:
    """All test cells in one, behind the answers, under the last one's name."""
    tests = [c for c in document["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
    document["cells"] = [c for c in document["cells"] if c not in tests]
    document["cells"].append({**tests[-1], "source": "\n".join(c["source"] for c in tests) + "\n12.0"})


def redefine_helpers(document: Any) -> None:
    for cell in document["cells"]:
        if "check_close" in cell["source"] and not cell["metadata"].get("nbgrader"):
            cell["source"] = (
                "import os\nSTOLEN = os.path.exists('COURSE_ROOT')\nprint('FOUND', os.getcwd()) if STOLEN else None\n"
                "def check_close(one, other):\n    pass"
            )
        if "import numpy" in cell["source"] and not cell["metadata"].get("nbgrader"):
            cell["source"] += "\ntorch.allclose = lambda *a, **k: True\nclass pytest:\n    raises = None"


def giant_metadata(document: Any) -> None:
    document["metadata"] = {"kernelspec": {"name": "bash\0", "argv": ["sh"]}, "x": ["y" * 1000] * 1000}
    for cell in document["cells"]:
        cell["metadata"]["z"] = {str(n): n for n in range(1000)}
        cell["outputs"] = [{"output_type": "error", "ename": "x", "evalue": "y", "traceback": ["z" * 1000]}]
        cell["execution_count"] = -1


def many_cells(document: Any) -> None:
    more = [{"cell_type": "markdown", "metadata": {}, "source": f"note {n}"} for n in range(4000)]
    document["cells"] = more[:2000] + document["cells"] + more[2000:]


def one_notebook(document: Any) -> None:
    document.update({"nbformat": 4, "nbformat_minor": 10**9, "extra": [[[]]] * 10})


ATTACKS = [
    Attack("edited_tests", "All test cells are emptied.", {"gradient": ZERO}, edit=edit_tests),
    Attack("raised_points", "Points and tags are changed in the metadata.", {"gradient": ZERO}, edit=raise_points),
    Attack("dropped_tests", "All test cells are deleted.", {"gradient": ZERO}, edit=drop_tests),
    Attack(
        "copied_tests",
        "Each test is there three times, two of them giving points.",
        {"gradient": ZERO},
        edit=copy_tests,
    ),
    Attack("tests_as_text", "Test cells claim to be written answers.", {"gradient": ZERO}, edit=tests_as_answers),
    Attack("answers_as_tests", "An answer claims to be a test.", {"gradient": ZERO}, edit=answers_as_tests),
    Attack("swapped_names", "Two tests trade their names.", {"gradient": ZERO}, edit=swap_names),
    Attack(
        "own_helpers",
        "Released cells are rewritten: helpers, imports, and code for the judge's process.",
        {"gradient": ZERO},
        edit=redefine_helpers,
    ),
    Attack("tagged", "Every cell carries tags that skip or excuse it.", {"gradient": ZERO}, edit=tag_all),
    Attack("reversed_cells", "All cells in reverse.", {"gradient": ZERO}, edit=reverse_cells),
    Attack("tests_first", "All tests stand in front of the answers.", {"gradient": ZERO}, edit=tests_first),
    Attack("renamed_tests", "Tests under names of their own, cell ids mixed.", {"gradient": ZERO}, edit=rename_tests),
    Attack("raw_tests", "Tests turned into raw text.", {"gradient": ZERO}, edit=retype),
    Attack("merged_tests", "All tests merged into one that gives all points.", {"gradient": ZERO}, edit=merge_tests),
    Attack("giant_metadata", "Metadata and outputs of many kinds.", edit=giant_metadata),
    Attack("many_cells", "Four thousand cells.", edit=many_cells),
    Attack("odd_format", "A format from the far future, with fields nobody knows.", edit=one_notebook),
    Attack("magics", "A cell of 700 magics that IPython cannot finish to transform.", cells=("%pwd\n" * 700,)),
    Attack("help_lines", "A cell of 700 questions.", cells=("print?\n" * 700,)),
    Attack(
        "deep_source",
        "Source nested until a parser gives up.",
        cells=("x = " + "-" * 60_000 + "1", "y = " + "()" * 40_000, "z = " + "[" * 5000),
    ),
    Attack("long_source", "A cell of 300,000 lines.", cells=("a = 1\n" * 300_000,), slow=True),
    Attack(
        "shell",
        "Shell lines and magics that change folders and environment.",
        {"gradient": ZERO + "\n!ls / ; cat /etc/passwd\n%cd /\n%env X=1\n%reset -f"},
    ),
    Attack(
        "first_cell",
        "A cell in front defines what the tests use, in the hope that it counts.",
        {"gradient": ZERO},
        first=(
            "import builtins\nbuiltins.check_close = check_close = lambda *a: None\ntrue_gradient = lambda *a: 0\npoints = 2.0",
        ),
    ),
    Attack(
        "big_file",
        "A file larger than the sandbox takes.",
        files={"data.bin": b"x" * 33_600_000},
    ),
    Attack(
        "shadow_files",
        "Files named like Python's and the grader's modules.",
        {"gradient": ZERO},
        files={
            f"{name}.py": b"raise SystemExit('mine')"
            for name in (
                "torch",
                "numpy",
                "pytest",
                "autograder/traps/reference",
                "nbjudge/agent",
                "sitecustomize",
                "gc",
            )
        },
    ),
    Attack(
        "database_files",
        "Files named like nbgrader's own.",
        {"gradient": ZERO},
        files={
            "gradebook.db": b"",
            "nbgrader_config.py": b"1/0",
            "feedback/x.html": b"",
            "timestamp.txt": b"2001-01-01",
        },
    ),
    Attack(
        "copied_name",
        "A file's name that a pattern takes a lifetime to read.",
        file="copy " * 28 + "x.ipynb",
    ),
]
