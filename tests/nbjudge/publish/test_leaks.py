import base64
import copy

import pytest
from masters import DOUBLE, answer, check, notebook, plain, question

from nbjudge.master.assignment import Assignment
from nbjudge.master.notebook import read_notebook
from nbjudge.publish.leaks import find_leaks
from nbjudge.publish.release import solved

SOLUTION = "answer = sum(part * part for part in parts)"
MASTER = notebook(
    plain("shown = max(one, two, three)"),
    answer(f"def double(parts):\n    ### BEGIN SOLUTION\n    {SOLUTION}\n    return answer\n    ### END SOLUTION"),
    check("assert double([1]) == 1\n### BEGIN HIDDEN TESTS\nassert double([3, 4]) == 25\n### END HIDDEN TESTS"),
    question("Because squares\nare never negative, the sum is not either."),
)
CLEAN = notebook(
    plain("shown = max(one, two, three)"),
    answer("def double(parts):\n    # YOUR CODE HERE\n    raise NotImplementedError()"),
    check("assert double([1]) == 1"),
    question("YOUR ANSWER HERE"),
)


def leaks(document, files=None, master=MASTER):
    assignment = Assignment("ps1", (read_notebook(master, "nb"),), (), {"nb": master})
    return [leak.what for leak in find_leaks(assignment, {"nb": document}, files)]


def with_line(line, index=0):
    document = copy.deepcopy(CLEAN)
    document.cells[index].source += f"\n{line}"
    return document


def test_a_clean_release_has_no_leak():
    assert leaks(CLEAN) == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (SOLUTION, "a line of the solution"),
        (f"   {SOLUTION.replace(' ', '  ')}", "a line of the solution"),
        (f"print({SOLUTION})", "a line of the solution"),
        ("assert double([3, 4]) == 25", "a hidden test"),
        ("are never negative, the sum is not either.", "a line of the solution"),
        ("### END HIDDEN TESTS", "the marker 'END HIDDEN TESTS'"),
        ("# begin solution", "looks like a marker"),
        ("from autograder.ps1.reference import double", "staff-only"),
        ("%run autograder/ps1/reference.py", "staff-only"),
    ],
)
def test_what_students_must_not_see_is_found_in_any_cell(line, what):
    assert any(what in found for found in leaks(with_line(line)))


def test_a_leak_names_notebook_cell_and_line():
    assignment = Assignment("ps1", (read_notebook(MASTER, "nb"),), (), {"nb": MASTER})
    (leak,) = find_leaks(assignment, {"nb": with_line("assert double([3, 4]) == 25", 2)})
    assert str(leak) == "nb, cell 'test_double', line 2: a hidden test: 'assert double([3, 4]) == 25'"


@pytest.mark.parametrize("line", ["return answer", "else:", "pass", "shown = max(one, two, three)", "x = 0"])
def test_plain_lines_and_lines_shown_elsewhere_do_not_count(line):
    master = copy.deepcopy(MASTER)
    master.cells[1].source = f"def double(parts):\n    ### BEGIN SOLUTION\n    {line}\n    ### END SOLUTION"
    assert leaks(with_line(line), master=master) == []


def test_outputs_and_execution_counts_are_found():
    document = copy.deepcopy(CLEAN)
    document.cells[0].execution_count = 3
    document.cells[0].outputs = [{"output_type": "stream", "name": "stdout", "text": "25\n"}]
    assert {"an output", "an execution count"} <= set(leaks(document))


def test_source_kept_in_metadata_is_found():
    document = copy.deepcopy(CLEAN)
    document.cells[0].metadata["backup"] = {"before": ["x", SOLUTION]}
    document.metadata["old"] = "assert double([3, 4]) == 25"
    found = leaks(document)
    assert any("outside its source" in what and "solution" in what for what in found)
    assert any("a hidden test" in what for what in found)


def test_attachments_are_decoded_and_must_be_shown():
    document = copy.deepcopy(CLEAN)
    text = base64.b64encode(f"{SOLUTION}\n".encode()).decode()
    document.cells[3].attachments = {"a.txt": {"text/plain": text}}
    found = leaks(document)
    assert any("the attachment 'a.txt'" in what for what in found)
    assert any("a line of the solution" in what for what in found)


def test_files_beside_the_notebook_are_read_too():
    assert leaks(CLEAN, {"util.py": f"x = 1\n{SOLUTION}\n", "data.csv": "1,2\n"}) == [
        f"a line of the solution: '{SOLUTION}'"
    ]


def test_the_solution_itself_would_be_found():
    assert leaks(solved(DOUBLE), master=DOUBLE) == [
        "a line of the solution: 'return x + x'",
        "a line of the solution: 'Twice is the sum with itself.'",
        "a line of the mark scheme: 'A line through the origin.'",
    ]
